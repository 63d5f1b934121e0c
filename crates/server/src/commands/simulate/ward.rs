//! The ward of the month: its people with their leave, and the procedures that it decides.

use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use app::App;
use app::absence::give;
use app::access::Actor;
use app::catalogue::publish::publish;
use app::forms::Typed;
use app::words::Language;
use domain::deadline::{Limit, PauseMode};
use domain::dossier::File;
use domain::ids::{DossierId, StaffId, UnitId};
use domain::office::{Post, Role, Unit, UnitKind};
use domain::procedure::{
    Channel, ConsultationRule, Eligibility, Lane, LaneLimit, Level, Procedure,
};
use domain::process::Process;
use jiff::civil::{Date, date};
use store::{AuditLine, NewPost, StaffMember};

use super::super::seed::province::before_signing;

/// First and last day of the month: it has the three holidays of spring in it.
pub(super) const FIRST: Date = date(2026, 4, 13);
pub(super) const LAST: Date = date(2026, 5, 12);
/// From when on a newer version of every procedure is in force.
const NEWER: Date = date(2026, 5, 4);
/// The ward's name in the demonstration province.
pub(super) const NAME: &str = "Phường Hạc Thành";
/// The ward at whose centre others hand in what this one decides.
const OTHER: &str = "Phường Nguyệt Viên";
/// Agencies whose opinions are asked.
const ELSEWHERE: [&str; 2] = ["Sở Tư pháp", "Sở Nội vụ"];
/// Code of the green lane of every procedure.
pub(super) const LANE: &str = "luong-xanh";
/// How many procedures people come with.
const PROCEDURES: usize = 16;

/// Twelve people, by role.
const PEOPLE: [(Role, &str, usize); 4] = [
    (Role::ReceptionClerk, "tiepnhan", 4),
    (Role::CaseOfficer, "chuyenvien", 5),
    (Role::Leader, "lanhdao", 2),
    (Role::SealClerk, "vanthu", 1),
];
/// Who works with the ward: agents of the post at its centre; agents and clerks at the other one.
const BESIDE: [(Role, &str, usize, &str); 3] = [
    (Role::PostAgent, "buudien", 1, NAME),
    (Role::ReceptionClerk, "tiepnhan-noikhac", 2, OTHER),
    (Role::PostAgent, "buudien-noikhac", 1, OTHER),
];
/// Who is away, who stands in, from when to when: places in the list of people.
const LEAVE: [(usize, usize, Date, Date); 3] = [
    (0, 1, date(2026, 5, 5), date(2026, 5, 8)),
    (5, 6, date(2026, 4, 22), date(2026, 4, 24)),
    (9, 10, date(2026, 4, 15), date(2026, 4, 17)),
];
const CHAIRMAN: usize = 9;

/// A procedure in its versions, with its process.
#[derive(Debug)]
pub(super) struct Paper {
    versions: Vec<Arc<Procedure>>,
    pub(super) process: Arc<Process>,
}

impl Paper {
    /// The version in force on `day`.
    pub(super) fn on(&self, day: Date) -> &Arc<Procedure> {
        let mut newest = self.versions.iter().rev();
        newest
            .find(|version| version.valid_from <= day)
            .unwrap_or_else(|| self.newest())
    }

    pub(super) fn newest(&self) -> &Arc<Procedure> {
        self.versions.last().expect("a paper has a version")
    }
}

/// Somebody of the ward.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) id: StaffId,
    pub(super) role: Role,
    pub(super) unit: UnitId,
}

/// The ward.
#[derive(Debug)]
pub(super) struct Ward {
    pub(super) unit: Unit,
    /// The other ward, whose centre receives some of what this one decides.
    pub(super) other: Unit,
    /// The agencies whose opinions are asked.
    pub(super) elsewhere: [Unit; 2],
    /// The ward's own people first, then those of [`BESIDE`].
    pub(super) people: Vec<Person>,
    /// How many of them are the ward's own.
    pub(super) own: usize,
    pub(super) papers: Vec<Arc<Paper>>,
    /// What stands in the place of every paper on file.
    pub(super) document: File,
}

impl Ward {
    /// Engages the people, gives the delegations of the month, publishes the procedures.
    pub(super) async fn open(app: &App) -> anyhow::Result<Self> {
        let units = app.units();
        let find = |kind, name: &str| {
            let mut units = units.iter();
            let found = units.find(|unit| unit.kind == kind && unit.name == name);
            found.cloned().context("the demonstration lacks a unit")
        };
        let unit = find(UnitKind::Commune, NAME)?;
        let other = find(UnitKind::Commune, OTHER)?;
        let [first, second] = ELSEWHERE.map(|name| find(UnitKind::Department, name));
        let elsewhere = [first?, second?];
        let mut people = Vec::new();
        for (role, name, count) in PEOPLE {
            people.extend(engage(app, &unit, (role, name, count)).await?);
        }
        let own = people.len();
        for (role, name, count, place) in BESIDE {
            let unit = if place == NAME { &unit } else { &other };
            people.extend(engage(app, unit, (role, name, count)).await?);
        }
        for (away, by, first, last) in LEAVE {
            delegate(app, &unit, (&people[away], &people[by]), (first, last)).await?;
        }
        let (hash, bytes) = app
            .files()
            .put(b"%PDF-1.7\n% An invented paper.\n".to_vec())
            .await?;
        Ok(Self {
            papers: catalogue(app).await?,
            document: File { hash, bytes },
            unit,
            other,
            elsewhere,
            people,
            own,
        })
    }

    pub(super) fn chairman(&self) -> &StaffId {
        &self.people[CHAIRMAN].id
    }

    /// The officer to whom a leader gives the dossier.
    pub(super) fn officer_of(&self, dossier: &DossierId) -> StaffId {
        let officers = self
            .people
            .iter()
            .filter(|one| one.role == Role::CaseOfficer);
        let officers: Vec<&StaffId> = officers.map(|one| &one.id).collect();
        let sum = dossier.as_str().bytes().map(usize::from).sum::<usize>();
        officers[sum % officers.len()].clone()
    }
}

/// Who does the work of `person` on `day`, and for whom when she is away.
pub(super) fn doer(person: usize, day: Date) -> (usize, Option<usize>) {
    let away = LEAVE
        .iter()
        .find(|(away, _, first, last)| *away == person && *first <= day && day <= *last);
    away.map_or((person, None), |(away, by, ..)| (*by, Some(*away)))
}

async fn engage(
    app: &App,
    unit: &Unit,
    (role, name, count): (Role, &str, usize),
) -> anyhow::Result<Vec<Person>> {
    let mut people = Vec::new();
    for nth in 1..=count {
        let id = StaffId::parse(&format!("{name}-mophong-{nth}"))?;
        let (member, shown) = (id.clone(), format!("Người mô phỏng {name} {nth}"));
        let (store, now) = (app.store(), app.clock().now());
        store
            .save_staff(StaffMember {
                id: member.clone(),
                name: shown,
            })
            .await?;
        let post = Post {
            staff: member,
            unit: unit.id.clone(),
            role,
            valid_from: FIRST,
            valid_to: None,
        };
        let new = NewPost {
            post,
            counter: None,
            title: None,
        };
        store
            .give_post(new, now, line("post.given", id.as_str()))
            .await?;
        let unit = unit.id.clone();
        people.push(Person { id, role, unit });
    }
    Ok(people)
}

pub(super) fn line(action: &str, subject: &str) -> AuditLine {
    AuditLine {
        actor: "simulate".to_owned(),
        action: action.to_owned(),
        subject: subject.to_owned(),
        purpose: String::new(),
        detail: "{}".to_owned(),
    }
}

/// Gives the delegation as the absent person herself does, under the rules of delegations.
async fn delegate(
    app: &App,
    unit: &Unit,
    (away, by): (&Person, &Person),
    (first, last): (Date, Date),
) -> anyhow::Result<()> {
    let actor = Actor {
        staff: away.id.clone(),
        name: away.id.to_string(),
        posts: vec![(unit.id.clone(), away.role)],
        standing: Vec::new(),
        language: Language::Vi,
    };
    let mut typed = Typed::new(Vec::new());
    typed.set(
        "post",
        format!("{}/{}/{}", away.id, unit.id, away.role.as_str()),
    );
    typed.set("to", by.id.as_str());
    typed.set("first", first.to_string());
    typed.set("last", last.to_string());
    if away.role == Role::Leader {
        typed.set("signing", "1");
    }
    let given = give(app, &actor, &typed).await;
    given.map_err(|no| anyhow!("the delegation of {} was not given: {no:?}", away.id))?;
    Ok(())
}

/// Procedures that a commune decides, with the terms of the month: a green lane, opinions whose
/// silence is consent, short times to answer; and a newer version within the month.
async fn catalogue(app: &App) -> anyhow::Result<Vec<Arc<Paper>>> {
    let starter = app::catalogue::starter::procedures().iter();
    let mut chosen: Vec<Procedure> = starter.filter(|one| fits(one)).cloned().collect();
    // Every kind of limit is among those chosen.
    chosen.sort_by_key(|one| one.code.clone());
    let step = (chosen.len() / PROCEDURES).max(1);
    let chosen: Vec<Procedure> = chosen.into_iter().step_by(step).take(PROCEDURES).collect();
    let now = app.clock().now();
    for (from, decision) in [(FIRST, "mô phỏng 1"), (NEWER, "mô phỏng 2")] {
        let terms = chosen.iter().enumerate();
        let terms = terms.map(|(nth, one)| termed(one.clone(), nth, (from, decision)));
        let published = publish(app.store(), terms.collect(), now, "simulate").await?;
        if published.procedures.changed.len() != chosen.len() {
            return Err(anyhow!("the procedures of the month were not published"));
        }
    }
    let mut papers = Vec::new();
    for one in &chosen {
        let mut versions = Vec::new();
        for version in [2, 3] {
            versions.push(before_signing(app.procedure(&one.code, version).await?));
        }
        let process = app.process(&one.code, 1).await?;
        papers.push(Arc::new(Paper { versions, process }));
    }
    Ok(papers)
}

fn fits(procedure: &Procedure) -> bool {
    let papers = procedure.cases.first().map(|case| {
        let papers = case.components.iter();
        papers
            .filter(|one| one.mandatory && one.held_by.is_none())
            .count()
    });
    procedure.levels.contains(&Level::Commune)
        && Channel::ALL
            .iter()
            .all(|channel| procedure.offer(*channel).is_some())
        && papers.is_some_and(|papers| papers > 0)
}

fn termed(mut procedure: Procedure, nth: usize, (from, decision): (Date, &str)) -> Procedure {
    procedure.valid_from = from;
    decision.clone_into(&mut procedure.decision);
    procedure.supplement.answer = Some(Limit::working_days(5));
    if nth.is_multiple_of(2) {
        procedure.supplement.mode = PauseMode::Exclude;
    }
    procedure.consultation = Some(ConsultationRule {
        limit: Some(Limit::working_days(1)),
        silence_is_consent: true,
        basis: decision.to_owned(),
    });
    procedure.lanes = vec![Lane {
        code: LANE.to_owned(),
        name: "Luồng xanh".to_owned(),
        limit: LaneLimit::Half,
        eligible: Eligibility::default(),
        decided_by: Role::Leader,
        basis: decision.to_owned(),
    }];
    procedure
}
