//! A small office in which dossiers are judged: one procedure, one process, the national calendar.
//! The laws of `tests/laws` happen in the same office.

use std::fmt;

use domain::calendar::Calendar;
use domain::deadline::{Clock, Limit, OpeningHours, PauseMode};
use domain::dossier::{
    Asking, Command, Compared, Correction, Delivery, Dossier, Event, Facts, File, Filed, Handed,
    HandedAs, Handing, Mandate, ObligationNotice, Outcome, Payment, Preview, Proof, ReceiptSigned,
    Receiver, Refusal, Repinning, Seen, SeenBy,
};
use domain::ids::{CertificateId, FileHash, PartyId, ProcedureCode, StaffId, TextId, UnitId};
use domain::money::Dong;
use domain::office::{Role, Unit, UnitKind};
use domain::parameters::Parameters;
use domain::party::PartyKind;
use domain::procedure::{
    Case, Channel, Component, ConsultationRule, Database, Eligibility, Lane, LaneLimit, Level,
    Offer, OnlineClass, Procedure, Project, SupplementRule,
};
use domain::process::{Place, Process, Product, Step};
use jiff::SignedDuration;
use jiff::civil::{DateTime, Time, date};

/// Components of the only case: 1 and 2 are mandatory, 3 is not, 4 is held by a database.
pub(crate) const COMPLETE: [u16; 2] = [1, 2];

/// What a dossier is judged with.
pub(crate) struct World {
    pub(crate) procedure: Procedure,
    pub(crate) process: Process,
    pub(crate) receiving: Option<Unit>,
    pub(crate) competent: Option<Unit>,
    calendar: Calendar,
    hours: OpeningHours,
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limit = self.procedure.offers.first().and_then(|offer| offer.limit);
        write!(f, "{:?} {limit:?}", self.procedure.supplement.mode)
    }
}

impl World {
    pub(crate) fn new(mode: PauseMode, limit: Option<Limit>) -> Self {
        Self {
            procedure: procedure(mode, limit),
            process: process(),
            receiving: Some(Unit {
                id: UnitId::parse("H56.112").unwrap(),
                ..unit(UnitKind::Commune)
            }),
            competent: Some(unit(UnitKind::Commune)),
            calendar: Calendar::national(),
            hours: OpeningHours::default(),
        }
    }

    pub(crate) fn clock(&self) -> Clock<'_> {
        Clock {
            calendar: &self.calendar,
            hours: &self.hours,
            same_day_cutoff: Time::constant(15, 0, 0, 0),
        }
    }
}

/// A dossier in its office at a moment.
#[derive(Clone)]
pub(crate) struct Scene<'w> {
    pub(crate) world: &'w World,
    pub(crate) dossier: Dossier,
    pub(crate) now: DateTime,
    pub(crate) by: StaffId,
    pub(crate) for_whom: Option<StaffId>,
    pub(crate) parameters: &'w Parameters,
    pub(crate) number: u32,
    pub(crate) listed: bool,
}

impl<'w> Scene<'w> {
    /// Nothing filed, Monday 16 November 2026, 08:00.
    pub(crate) fn new(world: &'w World) -> Self {
        let now = date(2026, 11, 16).at(8, 0, 0, 0);
        Self {
            world,
            dossier: Dossier::Absent,
            now,
            by: staff("officer"),
            for_whom: None,
            parameters: Parameters::shipped(),
            number: 7,
            listed: false,
        }
    }

    /// Asks, without doing it.
    pub(crate) fn ask(&self, command: &Command) -> Result<Vec<Event>, Refusal> {
        let clock = self.world.clock();
        let facts = self.facts(&clock);
        self.dossier.decide(command, &facts)
    }

    /// What a refusal of something asked here cites.
    pub(crate) fn cited(&self, no: &Refusal) -> String {
        let clock = self.world.clock();
        no.cited(&self.dossier, &self.facts(&clock))
    }

    fn facts<'a>(&'a self, clock: &'a Clock<'a>) -> Facts<'a> {
        Facts {
            now: self.now,
            by: &self.by,
            procedure: &self.world.procedure,
            process: &self.world.process,
            clock,
            receiving: self.world.receiving.as_ref(),
            competent: self.world.competent.as_ref(),
            parameters: self.parameters,
            for_whom: self.for_whom.as_ref(),
            number: self.number,
            listed: self.listed,
        }
    }

    /// What a move to this world would change, of a dossier held to the versions of `from`.
    pub(crate) fn preview(&self, asked: &Repinning, from: &World) -> Result<Preview, Refusal> {
        let clock = self.world.clock();
        let now = (&from.procedure, &from.process);
        self.dossier.preview(asked, now, &self.facts(&clock))
    }

    /// Lets events happen.
    pub(crate) fn after(mut self, events: &[Event]) -> Self {
        self.dossier = events.iter().fold(self.dossier, Dossier::evolve);
        self
    }

    pub(crate) fn by(mut self, name: &str) -> Self {
        self.by = staff(name);
        self
    }

    pub(crate) fn hours_later(mut self, hours: i64) -> Self {
        self.now = self
            .now
            .checked_add(SignedDuration::from_hours(hours))
            .unwrap();
        self
    }

    /// What the office does next with this dossier when nothing is in the way.
    pub(crate) fn natural(&self) -> Command {
        match &self.dossier {
            Dossier::Absent => Command::Receive(filed(&COMPLETE)),
            Dossier::Incomplete(_, request) | Dossier::Paused(_, _, request) => Command::Supply {
                handed: handed(&request.components),
            },
            Dossier::Received(..) => Command::HandOver,
            Dossier::Processing(_, at) => {
                match self.world.process.step(at.index).map(|s| s.product) {
                    Some(Product::Draft) if at.draft.is_none() => draft(Outcome::Granted),
                    Some(Product::Approval)
                        if at.signed.as_ref().is_none_or(|signed| signed.by != self.by) =>
                    {
                        signing()
                    }
                    Some(Product::Result) => Command::Issue,
                    Some(
                        Product::Reception
                        | Product::Draft
                        | Product::Approval
                        | Product::Return
                        | Product::Work,
                    )
                    | None => Command::Forward,
                }
            }
            Dossier::Obliged(..) => meeting(),
            Dossier::Settled(record, ..)
                if record.goes_between() && record.course.result_back.is_none() =>
            {
                Command::AcknowledgeResult
            }
            Dossier::Settled(..) => returning(Receiver::Applicant),
            Dossier::Submitted(_)
            | Dossier::Declined(_)
            | Dossier::Withdrawn(_)
            | Dossier::Stopped(_)
            | Dossier::Returned(..) => Command::Accept,
        }
    }
}

/// The result is handed out as the law asks, to whomever.
pub(crate) fn returning(receiver: Receiver) -> Command {
    Command::Return {
        receiver,
        handing: handing(),
    }
}

/// Who came was seen and signs on paper; every paper goes back, in whichever way is wished.
pub(crate) fn handing() -> Handing {
    Handing {
        seen: Some(Seen {
            by: SeenBy::Card,
            compared: Compared::Same,
            digits: Some(text("digits")),
            name: None,
            phone: None,
        }),
        given_back: (1..=9).collect(),
        wish: Some(text("wish")),
        receipt: Some(ReceiptSigned::Paper),
        ..Handing::default()
    }
}

/// A unit of that kind.
pub(crate) fn unit(kind: UnitKind) -> Unit {
    Unit {
        id: UnitId::parse("H56.14").unwrap(),
        parent: Some(UnitId::parse("H56").unwrap()),
        kind,
        name: "Phường Ví Dụ".to_owned(),
        area_code: "00000".to_owned(),
        valid_from: date(2025, 7, 1),
        valid_to: None,
        successor: None,
    }
}

pub(crate) fn staff(name: &str) -> StaffId {
    StaffId::parse(name).unwrap()
}

pub(crate) fn text(name: &str) -> TextId {
    TextId::parse(name).unwrap()
}

pub(crate) fn hash(digit: char) -> FileHash {
    FileHash::parse(&digit.to_string().repeat(64)).unwrap()
}

pub(crate) fn handed(components: &[u16]) -> Vec<Handed> {
    let one = |&component| Handed {
        component,
        handed: HandedAs::Paper,
    };
    components.iter().map(one).collect()
}

/// Filed at the counter for herself, with these components.
pub(crate) fn filed(components: &[u16]) -> Filed {
    let party = PartyId::parse("an").unwrap();
    Filed {
        procedure: code(),
        procedure_version: 1,
        process_version: 1,
        case: 1,
        channel: Channel::Direct,
        applicant: party.clone(),
        owner: party,
        mandate: Mandate::Own,
        receiving: UnitId::parse("H56.112").unwrap(),
        competent: UnitId::parse("H56.14").unwrap(),
        handed: handed(components),
        sets: 1,
        fee: Dong(8_000),
        payment: Payment::Before,
        delivery: Delivery::Centre,
        certified: Vec::new(),
        help: None,
        agent: None,
        collected: None,
        lookups: Vec::new(),
        corrects: None,
    }
}

/// Filed online by the applicant, who attached these components.
pub(crate) fn filed_online(components: &[u16]) -> Filed {
    let attached = |&component: &u16| Handed {
        component,
        handed: HandedAs::Attached { file: hash('a') },
    };
    Filed {
        channel: Channel::Online,
        handed: components.iter().map(attached).collect(),
        ..filed(components)
    }
}

/// Filed by the agent of the post, with these components.
pub(crate) fn filed_by_agent(components: &[u16]) -> Filed {
    Filed {
        channel: Channel::Post,
        agent: Some(staff("agent")),
        ..filed(components)
    }
}

/// A notice of an obligation with its amount.
pub(crate) fn noticing() -> Command {
    Command::NoticeObligation(ObligationNotice {
        text: Some(text("tax")),
        amount: Some(Dong(150_000)),
        pay_by: Some(date(2026, 12, 7)),
        document: None,
    })
}

/// The proof that an obligation was met.
pub(crate) fn meeting() -> Command {
    let proof = Some(Proof::Note { text: text("paid") });
    Command::MeetObligation { proof }
}

/// What is said to be wrong in those of the components that a complete dossier has.
pub(crate) fn wrong(components: &[u16]) -> Vec<Correction> {
    let there = components.iter().filter(|number| COMPLETE.contains(number));
    let wrong = there.map(|&component| Correction {
        component,
        what: text("wrong"),
    });
    wrong.collect()
}

/// A request to be drafted, in order; what is there is to be put right.
pub(crate) fn drafting(components: &[u16]) -> Command {
    Command::DraftSupplement(Asking {
        components: components.to_vec(),
        corrections: wrong(components),
        reason: Some(text("reason")),
        ..Asking::default()
    })
}

pub(crate) fn draft(outcome: Outcome) -> Command {
    let document = Some(File {
        hash: hash('d'),
        bytes: 20_480,
    });
    Command::DraftResult {
        outcome,
        document,
        uploaded: false,
        summary: Some(text("summary")),
        attachments: Vec::new(),
        last_day: None,
    }
}

/// The draft is signed by who approves it.
pub(crate) fn signing() -> Command {
    Command::SignResult {
        certificate: CertificateId::parse("c-leader").unwrap(),
        file: File {
            hash: hash('e'),
            bytes: 40_960,
        },
        attachments: Vec::new(),
    }
}

fn code() -> ProcedureCode {
    ProcedureCode::parse("2.000815").unwrap()
}

fn procedure(mode: PauseMode, limit: Option<Limit>) -> Procedure {
    let offer = |channel| Offer {
        channel,
        limit,
        note: String::new(),
        fees: Vec::new(),
    };
    Procedure {
        code: code(),
        version: 1,
        name: "Chứng thực bản sao".to_owned(),
        field: "Chứng thực".to_owned(),
        decision: String::new(),
        valid_from: date(2026, 1, 1),
        valid_to: None,
        levels: vec![Level::Commune],
        online: OnlineClass::Partial,
        audience: Vec::new(),
        offers: vec![offer(Channel::Direct), offer(Channel::Online)],
        cases: vec![Case {
            number: 1,
            name: String::new(),
            components: components(),
        }],
        results: Vec::new(),
        legal_basis: Vec::new(),
        agencies: Vec::new(),
        conditions: String::new(),
        supplement: SupplementRule {
            mode,
            ..SupplementRule::default()
        },
        consultation: Some(ConsultationRule {
            limit: Some(Limit::working_days(2)),
            silence_is_consent: true,
            basis: String::new(),
        }),
        lanes: vec![lane("xanh", LaneLimit::Half), chosen()],
        result_text: String::new(),
        without_paper: false,
        own_terms: None,
        source: String::new(),
    }
}

fn lane(code: &str, limit: LaneLimit) -> Lane {
    Lane {
        code: code.to_owned(),
        name: code.to_owned(),
        limit,
        eligible: Eligibility::default(),
        decided_by: Role::Leader,
        basis: String::new(),
    }
}

/// A lane for enterprises with one of two projects.
fn chosen() -> Lane {
    let project = |code: &str| Project {
        code: code.to_owned(),
        name: String::new(),
    };
    let limit = Limit::Hours(16);
    Lane {
        eligible: Eligibility {
            owners: vec![PartyKind::Enterprise],
            projects: vec![project("P-1"), project("P-2")],
        },
        ..lane("16h", LaneLimit::Own { limit })
    }
}

fn components() -> Vec<Component> {
    let component = |number, mandatory, held_by| Component {
        number,
        code: None,
        name: format!("Giấy tờ {number}"),
        mandatory,
        originals: 1,
        copies: 0,
        held_by,
        replaced_by: None,
    };
    vec![
        component(1, true, None),
        component(2, true, None),
        component(3, false, None),
        component(4, true, Some(Database::Population)),
    ]
}

fn process() -> Process {
    let step = |name: &str, role, place, minutes, product| Step {
        name: name.to_owned(),
        name_en: name.to_owned(),
        role,
        place,
        minutes,
        product,
    };
    Process {
        procedure: code(),
        version: 1,
        valid_from: date(2026, 1, 1),
        decision: String::new(),
        steps: vec![
            step(
                "reception",
                Role::ReceptionClerk,
                Place::Centre,
                240,
                Product::Reception,
            ),
            step(
                "check",
                Role::CaseOfficer,
                Place::Competent,
                240,
                Product::Work,
            ),
            step(
                "examination",
                Role::CaseOfficer,
                Place::Competent,
                480,
                Product::Draft,
            ),
            step(
                "approval",
                Role::Leader,
                Place::Competent,
                240,
                Product::Approval,
            ),
            step(
                "issue",
                Role::SealClerk,
                Place::Competent,
                120,
                Product::Result,
            ),
            step(
                "return",
                Role::ReceptionClerk,
                Place::Centre,
                120,
                Product::Return,
            ),
        ],
    }
}
