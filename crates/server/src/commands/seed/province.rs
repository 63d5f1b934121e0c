//! Where, when and under which procedure the invented dossiers are received.

use std::sync::Arc;

use anyhow::Context as _;
use app::App;
use app::catalogue::{starter, units::usual_agency};
use app::demo::{PASSWORD, PROVINCE};
use app::facts::Settings;
use app::people::NewStaff;
use domain::deadline::after_working_minutes;
use domain::ids::{StaffId, UnitId};
use domain::office::{Role, Unit, UnitKind};
use domain::procedure::Procedure;
use domain::process::{Process, Product};
use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};

use super::history::Until;
use super::people::Dice;

/// The two staffed wards: their lists are always longer than a page.
const WARDS: [(&str, &str); 2] = [
    ("Phường Hạc Thành", "hacthanh"),
    ("Phường Nguyệt Viên", "nguyetvien"),
];
/// Open dossiers that each of them has at the least.
const FULL_LIST: u32 = 70;
/// Open dossiers of all, in a hundred.
const OPEN_PERCENT: u32 = 4;
/// Open dossiers were received within so many working days, closed ones before.
const RECENT_DAYS: usize = 25;
/// Working minutes of a day in which people come.
const COUNTER_MINUTES: u32 = 420;

/// A procedure with its process, and who decides when the commune itself does not.
#[derive(Debug)]
pub(super) struct Paper {
    pub(super) procedure: Arc<Procedure>,
    pub(super) process: Arc<Process>,
    elsewhere: Option<Unit>,
}

/// The procedure as results were given before they were signed: what is invented bears no signature,
/// and says so.
pub(in crate::commands) fn before_signing(mut procedure: Arc<Procedure>) -> Arc<Procedure> {
    Arc::make_mut(&mut procedure).without_paper = true;
    procedure
}

/// Where and how one dossier begins.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    pub(super) receiving: Unit,
    pub(super) competent: Unit,
    pub(super) paper: Arc<Paper>,
    pub(super) until: Until,
    day: Date,
}

/// The province over the last year.
#[derive(Debug)]
pub(super) struct Plan {
    communes: Vec<Unit>,
    wards: Vec<Unit>,
    /// Where what departments decide is received.
    centre: Unit,
    papers: Vec<Arc<Paper>>,
    /// Working days of the last twelve months, without today.
    days: Vec<Date>,
    settings: Arc<Settings>,
    now: DateTime,
    closed: u32,
    open: u32,
}

impl Plan {
    pub(super) async fn read(app: &App, dossiers: u32) -> anyhow::Result<Self> {
        let units = app.units();
        let is_commune = |unit: &&Unit| {
            unit.kind == UnitKind::Commune
                && unit.parent.as_ref().is_some_and(|p| p.as_str() == PROVINCE)
        };
        let communes: Vec<Unit> = units.iter().filter(is_commune).cloned().collect();
        let ward = |name: &str| communes.iter().find(|unit| unit.name == name).cloned();
        let wards: Vec<Unit> = WARDS.iter().filter_map(|(name, _)| ward(name)).collect();
        let first = communes.first().context("the province has no communes")?;
        let of_province = |unit: &&Unit| unit.kind == UnitKind::ProvincialCentre;
        let centre = units.iter().find(of_province).cloned();
        let mut papers = Vec::new();
        for procedure in starter::procedures() {
            let decides = usual_agency(procedure, first, &units);
            papers.push(Arc::new(Paper {
                procedure: before_signing(app.procedure(&procedure.code, 1).await?),
                process: app.process(&procedure.code, 1).await?,
                elsewhere: decides
                    .and_then(|unit| app.unit(&unit))
                    .filter(|unit| unit.id != first.id),
            }));
        }
        let (now, settings) = (app.clock().now(), app.settings());
        let at_least = FULL_LIST * u32::try_from(wards.len()).unwrap_or(0);
        let open = (dossiers / 100 * OPEN_PERCENT).max(at_least).min(dossiers);
        Ok(Self {
            days: working_days(&settings, now)?,
            closed: dossiers - open,
            communes,
            wards,
            centre: centre.context("the province has no centre")?,
            papers,
            settings,
            now,
            open,
        })
    }

    pub(super) fn dossiers(&self) -> u32 {
        self.closed + self.open
    }

    pub(super) fn now(&self) -> DateTime {
        self.now
    }

    /// Where and how the `nth` dossier begins: closed ones first, each part in the order of time.
    pub(super) fn spot(&self, nth: u32, dice: &mut Dice) -> Spot {
        let recent = self.days.len().saturating_sub(RECENT_DAYS);
        let (old, new) = self.days.split_at(recent);
        let open = nth.checked_sub(self.closed);
        let (days, at, of) = match open {
            None => (old, nth, self.closed),
            Some(at) => (new, at, self.open),
        };
        let day = u64::try_from(days.len()).unwrap_or(0) * u64::from(at) / u64::from(of.max(1));
        let day = usize::try_from(day).ok().and_then(|day| days.get(day));
        let paper = Arc::clone(dice.pick(&self.papers));
        let near = self.centre(open, dice);
        let receiving = match &paper.elsewhere {
            Some(agency) if agency.kind != UnitKind::Commune => self.centre.clone(),
            Some(_) | None => near.clone(),
        };
        Spot {
            competent: paper.elsewhere.clone().unwrap_or_else(|| receiving.clone()),
            until: Self::until(open, &paper, dice),
            day: day.copied().unwrap_or_else(|| self.now.date()),
            receiving,
            paper,
        }
    }

    /// Open dossiers fill the lists of the wards first, evenly over the days.
    fn centre(&self, open: Option<u32>, dice: &mut Dice) -> &Unit {
        let share = (self.open / (FULL_LIST * 2)).max(1);
        match open {
            Some(nth) if nth.is_multiple_of(share) => dice.pick(&self.wards),
            Some(_) | None => dice.pick(&self.communes),
        }
    }

    fn until(open: Option<u32>, paper: &Paper, dice: &mut Dice) -> Until {
        if open.is_none() {
            return Until::Returned;
        }
        if dice.falls(8) {
            return Until::Asked;
        }
        let steps = u32::try_from(paper.process.steps.len()).unwrap_or(1);
        let step = usize::try_from(dice.below(steps)).unwrap_or(0);
        let product = paper.process.step(step).map(|step| step.product);
        // What waits to be issued bears a signature: it waits for that instead.
        Until::Step(match product {
            Some(Product::Result) => step.saturating_sub(1),
            _ => step,
        })
    }

    /// Who works in `role` at `unit`: the demonstration's own people where it has some.
    pub(super) fn staff(&self, role: Role, unit: &UnitId) -> StaffId {
        let name = format!("{}-{}", login(role), self.place(unit));
        StaffId::parse(&name).expect("roles and places make plain names")
    }

    /// The last part of a commune's identifier; departments are served by the province's people.
    fn place<'a>(&self, unit: &'a UnitId) -> &'a str {
        let ward = self
            .wards
            .iter()
            .zip(WARDS)
            .find(|(ward, _)| ward.id == *unit);
        match (ward, unit.as_str().rsplit_once('.')) {
            (Some((_, (_, place))), _) => place,
            (None, Some((_, number))) if number.len() > 2 => number,
            (None, Some(_) | None) => "tinh",
        }
    }

    /// A moment of the spot's day at which the counter is open.
    pub(super) fn begins(&self, spot: &Spot, dice: &mut Dice) -> anyhow::Result<DateTime> {
        let clock = self.settings.clock();
        let opening = clock.opening(spot.day.at(0, 0, 0, 0))?;
        let minutes = dice.below(COUNTER_MINUTES);
        Ok(after_working_minutes(opening, minutes, &clock)?)
    }
}

fn working_days(settings: &Settings, now: DateTime) -> anyhow::Result<Vec<Date>> {
    let today = now.date();
    let mut days = Vec::new();
    let mut day = today.checked_sub(12.months())?;
    while day < today {
        if settings.calendar.is_working_day(day)? {
            days.push(day);
        }
        day = day.tomorrow()?;
    }
    Ok(days)
}

fn login(role: Role) -> &'static str {
    match role {
        Role::Leader => "lanhdao",
        Role::SealClerk => "vanthu",
        Role::CaseOfficer => "chuyenvien",
        _ => "tiepnhan",
    }
}

/// Gives a clerk and an officer of the first communes their accounts.
pub(super) async fn enrol(app: &App, plan: &Plan, communes: usize) -> anyhow::Result<()> {
    let others = plan
        .communes
        .iter()
        .filter(|unit| !plan.wards.contains(unit));
    for unit in others.take(communes) {
        for role in [Role::ReceptionClerk, Role::CaseOfficer, Role::Leader] {
            let new = NewStaff {
                staff: plan.staff(role, &unit.id),
                name: format!("{} {}", login(role), plan.place(&unit.id)),
                login: format!("{}.{}", login(role), plan.place(&unit.id)),
                password: PASSWORD.to_owned(),
                totp: false,
                posts: vec![(unit.id.clone(), role)],
                title: None,
            };
            app::people::enrol(app, new, "seed").await?;
        }
    }
    Ok(())
}
