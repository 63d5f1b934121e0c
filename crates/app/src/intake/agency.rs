//! The agency that decides what is received: it never follows from the counter alone (NĐ
//! 118/2025/NĐ-CP: received at any centre of the province, decided where the competence is).

use domain::ids::{ProcedureCode, UnitId};
use domain::office::{Unit, UnitKind};
use domain::procedure::Procedure;
use domain::text::fold;
use jiff::civil::Date;

use crate::access::Actor;
use crate::catalogue::units::usual_agency;
use crate::no::{Denied, Fault, No};
use crate::state::App;

use super::filing::versions;

/// The most agencies that a picker offers.
const MOST: usize = 12;
/// The longest name that is looked for, in characters.
const LONGEST: usize = 200;
/// The most words of it that are looked for one by one; what follows is one phrase.
const WORDS: usize = 8;

/// An agency as a picker offers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgencyLine {
    /// Which.
    pub id: UnitId,
    /// Its name.
    pub name: String,
}

impl From<Unit> for AgencyLine {
    fn from(unit: Unit) -> Self {
        Self {
            id: unit.id,
            name: unit.name,
        }
    }
}

/// Who may decide what is received at one centre on one day.
pub(super) struct Agencies<'a> {
    pub(super) app: &'a App,
    pub(super) procedure: &'a Procedure,
    pub(super) receiving: &'a UnitId,
    pub(super) today: Date,
}

impl Agencies<'_> {
    /// The agency that decides unless the clerk says otherwise.
    pub(super) fn usual(&self) -> Option<UnitId> {
        let unit = self.app.unit(self.receiving)?;
        let units = self.app.agencies();
        let usual = usual_agency(self.procedure, &unit, units.ever())?;
        Some(units.heir(&usual).clone())
    }

    /// The agency that the form names: by its identifier, `H56.140 · Xã Hoằng Hóa`, or by a name
    /// that fits one alone; the usual one when it names none. Whether the agency may decide is for
    /// the law to say, so that the clerk sees which one.
    pub(super) fn named(&self, words: &str) -> Result<UnitId, Fault> {
        let fault = |key| Fault::new("competent", key);
        if words.is_empty() {
            return self.usual().ok_or_else(|| fault("fault.agency_missing"));
        }
        if words.chars().count() > LONGEST {
            return Err(fault("fault.long").with("most", &LONGEST));
        }
        let first = words.split_whitespace().next().unwrap_or_default();
        if let Some(unit) = UnitId::parse(first).ok().and_then(|id| self.app.unit(&id)) {
            return Ok(unit.id);
        }
        let asked = fold(words);
        let fitting = self.fitting(words);
        let exact = fitting.iter().find(|unit| fold(&unit.name) == asked);
        match (exact, fitting.as_slice()) {
            (Some(unit), _) | (None, [unit]) => Ok(unit.id.clone()),
            _ => Err(fault("fault.agency_unknown")),
        }
    }

    /// Agencies of the province that may decide and whose name or identifier has all the words.
    pub(super) fn fitting(&self, words: &str) -> Vec<Unit> {
        let Some(receiving) = self.app.unit(self.receiving) else {
            return Vec::new();
        };
        let asked = fold(words);
        let fits = |unit: &Unit| {
            let said = fold(&format!("{} {}", unit.id, unit.name));
            asked.splitn(WORDS, ' ').all(|word| said.contains(word))
        };
        let decides = |unit: &&Unit| {
            unit.province() == receiving.province()
                && unit.kind != UnitKind::ProvincialCentre
                && unit.in_force(self.today)
                && self.procedure.decided_at(unit)
        };
        let units = self.app.units();
        let found = units.iter().filter(decides).filter(|unit| fits(unit));
        found.cloned().collect()
    }
}

/// Finds agencies that may decide a dossier of `procedure` received where the actor is; an unknown
/// procedure has none.
///
/// # Errors
/// [`No::Denied`] for whoever fills in no intakes, [`No::Broken`].
pub async fn find_agencies(
    app: &App,
    actor: &Actor,
    procedure: &str,
    words: &str,
) -> Result<Vec<AgencyLine>, No> {
    let (receiving, _) = actor.desk().ok_or(No::Denied(Denied::Seen))?;
    if words.chars().count() > LONGEST {
        return Ok(Vec::new());
    }
    let now = app.clock().now();
    let Ok(code) = ProcedureCode::parse(procedure) else {
        return Ok(Vec::new());
    };
    let Some(versions) = versions(app, &code, now).await? else {
        return Ok(Vec::new());
    };
    let agencies = Agencies {
        app,
        procedure: &versions.procedure,
        receiving,
        today: now.date(),
    };
    let found = agencies.fitting(words).into_iter().take(MOST);
    Ok(found.map(AgencyLine::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::Typed;
    use crate::intake::{AtCounter, Ending, preview, receive};
    use crate::no::No;
    use crate::people::testing::{clerk, faults, key, office, typed};
    use domain::dossier::Refusal;
    use domain::office::Role;

    const WARD: &str = "Phường Hạc Thành";
    const OTHER: &str = "Phường Nguyệt Viên";

    fn unit(app: &App, name: &str) -> UnitId {
        clerk(app, name).counter().unwrap().clone()
    }

    /// A clerk of the province's centre.
    fn at_centre(app: &App) -> Actor {
        let units = app.units();
        let mut centres = units
            .iter()
            .filter(|unit| unit.kind == UnitKind::ProvincialCentre);
        let centre = centres.next().unwrap();
        Actor {
            posts: vec![(centre.id.clone(), Role::ReceptionClerk)],
            ..clerk(app, WARD)
        }
    }

    fn copies(competent: &str) -> Typed {
        typed(&[
            ("name", "Nguyễn Thị An"),
            ("number", "038199000017"),
            ("procedure", "2.000815"),
            ("c1", "paper"),
            ("pages1", "1"),
            ("competent", competent),
        ])
    }

    /// Receives; gives the centre that numbered and the agency that decides.
    async fn file(app: &App, actor: &Actor, competent: &str) -> Result<(UnitId, UnitId), No> {
        let input = AtCounter {
            scans: Vec::new(),
            ending: Ending::Receive,
            typed: copies(competent),
            draft: None,
            key: key(),
        };
        let filed = receive(app, actor, input).await?;
        let code = filed.code.unwrap();
        let loaded = app.store().load(&filed.dossier).await?;
        let record = loaded.dossier.record().unwrap();
        assert!(
            code.as_str().starts_with(record.filed.receiving.as_str()),
            "{code}"
        );
        Ok((
            record.filed.receiving.clone(),
            record.filed.competent.clone(),
        ))
    }

    #[tokio::test]
    async fn a_commune_decides_what_it_receives_unless_the_clerk_says_otherwise() {
        let app = office().await;
        let (here, there) = (unit(&app, WARD), unit(&app, OTHER));
        let clerk = clerk(&app, WARD);
        let usual = file(&app, &clerk, "").await.unwrap();
        assert_eq!(usual, (here.clone(), here.clone()));
        for words in [OTHER, "nguyet vien", &format!("{there} · {OTHER}")] {
            let (receiving, competent) = file(&app, &clerk, words).await.unwrap();
            assert_eq!(
                (receiving, competent),
                (here.clone(), there.clone()),
                "{words}"
            );
        }
    }

    #[tokio::test]
    async fn the_provincial_centre_receives_for_a_commune_that_the_clerk_names() {
        let app = office().await;
        let centre = at_centre(&app);
        let no = file(&app, &centre, "").await.unwrap_err();
        assert_eq!(faults(no), [("competent", "fault.agency_missing")]);
        let no = file(&app, &centre, &"a ".repeat(LONGEST))
            .await
            .unwrap_err();
        assert_eq!(faults(no), [("competent", "fault.long")]);
        let long = "a".repeat(LONGEST + 1);
        let found = find_agencies(&app, &centre, "2.000815", &long).await;
        assert_eq!(found.unwrap(), []);
        for words in ["phường", "Phường Không Có"] {
            let no = file(&app, &centre, words).await.unwrap_err();
            assert_eq!(
                faults(no),
                [("competent", "fault.agency_unknown")],
                "{words}"
            );
        }
        let (receiving, competent) = file(&app, &centre, WARD).await.unwrap();
        assert_eq!(receiving, *centre.counter().unwrap());
        assert_eq!(competent, unit(&app, WARD));
        let at = centre.counter().unwrap();
        let shown = preview(&app, &centre, (at, &copies("")))
            .await
            .unwrap()
            .unwrap();
        assert_eq!((shown.competent, shown.usual), (None, None));
        let shown = preview(&app, &centre, (at, &copies(WARD)))
            .await
            .unwrap()
            .unwrap();
        assert_eq!((shown.competent, shown.fit), (Some(competent), true));
    }

    #[tokio::test]
    async fn an_agency_that_may_not_decide_is_refused_by_the_law() {
        let app = office().await;
        let centre = at_centre(&app);
        for (words, refusal) in [
            ("H56", Refusal::NotCompetent),
            ("H56.03", Refusal::NotCompetent),
            ("H26.101", Refusal::OtherProvince),
        ] {
            let no = file(&app, &centre, words).await.unwrap_err();
            assert!(
                matches!(&no, No::Refused(said) if said.refusal == refusal),
                "{words}: {no:?}"
            );
        }
        let at = centre.counter().unwrap();
        let shown = preview(&app, &centre, (at, &copies("H56.03")))
            .await
            .unwrap()
            .unwrap();
        assert!(!shown.fit);
    }

    #[tokio::test]
    async fn a_picker_offers_the_agencies_of_the_province_that_may_decide() {
        let app = office().await;
        let centre = at_centre(&app);
        let found = find_agencies(&app, &centre, "2.000815", "viên nguyệt")
            .await
            .unwrap();
        let names: Vec<&str> = found.iter().map(|line| line.name.as_str()).collect();
        assert_eq!(names, [OTHER]);
        let communes = find_agencies(&app, &centre, "2.000815", "").await.unwrap();
        assert_eq!(communes.len(), MOST);
        let found = find_agencies(&app, &centre, "1.012790", "xây dựng")
            .await
            .unwrap();
        assert!(
            found.iter().all(|line| line.name.starts_with("Sở")),
            "{found:?}"
        );
        assert!(!found.is_empty());
        let unknown = find_agencies(&app, &centre, "9.999999", "").await.unwrap();
        assert_eq!(unknown, []);
    }
}
