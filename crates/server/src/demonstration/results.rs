//! Results of the demonstration province: a handful in each of its places, brought to their end by the
//! same use cases as everybody's, signed and sealed with the keys of the demonstration.

use std::time::Duration;

use anyhow::{Context as _, anyhow};
use app::App;
use app::access::Actor;
use app::demo::{DemoAccount, accounts};
use app::forms::Typed;
use app::intake::{AtCounter, Ending, receive};
use app::no::No;
use app::processing::{Act, Attached, Collector, Handout, Order, act};
use app::signing::{Approval, Pin, approve, readable, unlock};
use app::words::Language;
use domain::dossier::{Outcome, SeenBy};
use domain::ids::{DossierId, ProcedureCode, StaffId, UnitId};
use domain::office::Role;
use domain::procedure::Procedure;
use domain::process::{Place, Product};
use store::{Loaded, OnceKey};

use super::PIN;

/// How far a dossier goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    /// The result is issued and waits at the counter.
    Issued,
    /// The applicant has it.
    Returned,
}

/// One dossier: where it is received, for what, for whom, and how it ends.
struct Sample {
    /// What the accounts of the place end with.
    place: &'static str,
    procedure: &'static str,
    name: &'static str,
    number: &'static str,
    outcome: Outcome,
    until: Until,
}

const fn sample(
    (place, procedure): (&'static str, &'static str),
    (name, number): (&'static str, &'static str),
    (outcome, until): (Outcome, Until),
) -> Sample {
    Sample {
        place,
        procedure,
        name,
        number,
        outcome,
        until,
    }
}

/// Two wards decide themselves; what the provincial centre receives, two departments decide. All people
/// are invented.
const SAMPLES: [Sample; 12] = {
    use Outcome::{Granted, Refused};
    use Until::{Issued, Returned};
    let lan = ("Lê Thị Lan Chi", "038191000231");
    let minh = ("Nguyễn Đức Minh", "038088000452");
    let hoa = ("Trịnh Thị Hoa", "038175000673");
    let son = ("Phạm Ngọc Sơn", "038069000894");
    [
        sample(("hacthanh", "2.000815"), lan, (Granted, Returned)),
        sample(("hacthanh", "1.004873"), minh, (Granted, Issued)),
        sample(("hacthanh", "2.000884"), hoa, (Refused, Returned)),
        sample(("hacthanh", "2.000908"), son, (Granted, Issued)),
        sample(("nguyetvien", "2.000815"), minh, (Granted, Returned)),
        sample(("nguyetvien", "1.004837"), hoa, (Granted, Issued)),
        sample(("nguyetvien", "2.000635"), lan, (Refused, Issued)),
        sample(("tinh", "2.000587"), son, (Granted, Returned)),
        sample(("tinh", "1.000828"), lan, (Granted, Issued)),
        sample(("tinh", "2.002288"), hoa, (Granted, Returned)),
        sample(("tinh", "1.008891"), minh, (Granted, Issued)),
        sample(("tinh", "1.012906"), son, (Refused, Issued)),
    ]
};

/// How many results the demonstration province has.
pub const RESULTS: usize = SAMPLES.len();

/// How long a result is waited for to bear its seal, and how often it is looked at.
const PATIENCE: Duration = Duration::from_mins(2);
const BETWEEN: Duration = Duration::from_millis(100);

/// Has every result of the demonstration issued that is not yet, while a worker seals them. What was
/// begun is gone on with, so that a start that was cut short is made up for by the next.
///
/// # Errors
/// When a use case refuses, or nobody seals.
pub async fn issue(app: &App) -> anyhow::Result<usize> {
    let people = accounts(app);
    let mut begun = Vec::new();
    for (nth, sample) in SAMPLES.iter().enumerate() {
        let told = || format!("result {nth} of the demonstration, {}", sample.procedure);
        let dossier = file(app, &people, (nth, sample)).await.with_context(told)?;
        let work = Work {
            app,
            people: &people,
            sample,
            dossier,
        };
        while work.step(Until::Issued).await.with_context(told)? {}
        begun.push(work);
    }
    for work in begun {
        work.sealed().await?;
        while work.step(work.sample.until).await? {}
    }
    Ok(RESULTS)
}

/// Receives the dossier, once: the same key gives the same dossier.
async fn file(
    app: &App,
    people: &[DemoAccount],
    (nth, sample): (usize, &Sample),
) -> anyhow::Result<DossierId> {
    let login = format!("tiepnhan.{}", sample.place);
    let clerk = people.iter().find(|one| one.login == login);
    let clerk = clerk.with_context(|| format!("there is no {login}"))?;
    let code = ProcedureCode::parse(sample.procedure)?;
    let procedure = app.procedure(&code, 1).await.map_err(refused)?;
    let input = AtCounter {
        ending: Ending::Receive,
        typed: typed(sample, &procedure),
        scans: Vec::new(),
        draft: None,
        key: OnceKey::parse(&format!("demonstration-result-{nth}"))?,
    };
    let filed = receive(app, &actor(clerk)?, input).await.map_err(refused)?;
    Ok(filed.dossier)
}

fn typed(sample: &Sample, procedure: &Procedure) -> Typed {
    let mut form = Typed::new(Vec::new());
    for (field, value) in [
        ("name", sample.name),
        ("number", sample.number),
        ("birth", "14/08/1990"),
        ("address", "Thôn 2, Xã Ví Dụ, Tỉnh Thanh Hóa"),
        ("phone", "0912 345 678"),
        ("procedure", sample.procedure),
        ("channel", "direct"),
        // Certified copies are counted; other procedures have no such fields.
        ("pages1", "2"),
        ("copies1", "1"),
    ] {
        form.set(field, value);
    }
    let components = procedure.cases.first().map(|case| &case.components);
    for one in components.into_iter().flatten() {
        if one.mandatory && one.held_by.is_none() {
            form.set(&format!("c{}", one.number), "paper");
        }
    }
    form
}

fn actor(account: &DemoAccount) -> anyhow::Result<Actor> {
    Ok(Actor {
        staff: StaffId::parse(&account.login.replace('.', "-"))?,
        name: account.name.to_owned(),
        posts: vec![(account.unit.clone(), account.role)],
        standing: Vec::new(),
        language: Language::Vi,
    })
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "what `map_err` hands over is used up by it"
)]
fn refused(no: No) -> anyhow::Error {
    anyhow!("{no:?}")
}

/// A dossier under way.
struct Work<'a> {
    app: &'a App,
    people: &'a [DemoAccount],
    sample: &'a Sample,
    dossier: DossierId,
}

impl Work<'_> {
    async fn loaded(&self) -> anyhow::Result<Loaded> {
        Ok(self.app.store().load(&self.dossier).await?)
    }

    fn person(&self, role: Role, unit: &UnitId) -> anyhow::Result<Actor> {
        let mut people = self.people.iter();
        let found = people.find(|one| one.role == role && one.unit == *unit);
        actor(found.with_context(|| format!("{unit} has no {}", role.as_str()))?)
    }

    /// Does what the step that it is at asks for; false when the result is there, or all is done.
    async fn step(&self, until: Until) -> anyhow::Result<bool> {
        let loaded = self.loaded().await?;
        let (Some(at), Some(record)) = (loaded.dossier.at_step(), loaded.dossier.record()) else {
            return Ok(false);
        };
        let filed = &record.filed;
        let process = self.app.process(&filed.procedure, filed.process_version);
        let process = process.await.map_err(refused)?;
        let step = process.step(at.index).context("a step of the process")?;
        if step.product == Product::Return && until == Until::Issued {
            return Ok(false);
        }
        let unit = match step.place {
            Place::Centre => &filed.receiving,
            Place::Competent => &filed.competent,
        };
        let who = self.person(step.role, unit)?;
        let is_back = filed.receiving == filed.competent || record.course.result_back.is_some();
        let order = match step.product {
            Product::Approval => return self.approve(&who).await.map(|()| true),
            Product::Reception => Order::HandOver,
            Product::Draft if at.draft.is_none() => self.draft(),
            Product::Draft | Product::Work => Order::Forward,
            Product::Result => Order::Issue,
            Product::Return if !is_back => Order::AcknowledgeResult,
            Product::Return => self.handed_out(),
        };
        self.give(&who, loaded.version, order).await?;
        Ok(true)
    }

    fn draft(&self) -> Order {
        let summary = match self.sample.outcome {
            Outcome::Granted => "Đồng ý giải quyết theo đề nghị.",
            Outcome::Refused => "Thông tin trong hồ sơ không khớp với bản chính đã xuất trình.",
        };
        Order::DraftResult {
            last_day: None,
            outcome: self.sample.outcome,
            summary: summary.to_owned(),
            document: Vec::new(),
            attached: Attached::default(),
        }
    }

    /// The applicant comes with her card, takes her papers along and signs the printed receipt.
    fn handed_out(&self) -> Order {
        Order::Return {
            collector: Collector::Applicant,
            told: Handout {
                seen: Some(SeenBy::Card),
                digits: self.sample.number.to_owned(),
                given_back: (1..=99).collect(),
                ..Handout::default()
            },
        }
    }

    async fn give(&self, who: &Actor, version: u32, order: Order) -> anyhow::Result<()> {
        let input = Act {
            dossier: self.dossier.clone(),
            version,
            key: OnceKey::parse(&self.app.ids().token())?,
            order,
        };
        act(self.app, who, input).await.map_err(refused)?;
        Ok(())
    }

    /// The leader reads what is to be signed, and signs it with her own key.
    async fn approve(&self, who: &Actor) -> anyhow::Result<()> {
        let read = readable(self.app, who, &self.dossier).await;
        let read = read.map_err(refused)?;
        let approval = Approval {
            dossier: self.dossier.clone(),
            version: read.version,
            key: OnceKey::parse(&self.app.ids().token())?,
            document: read.hash,
        };
        let pin = Pin::new(PIN);
        let open = async |signer| unlock(self.app, signer, &pin).await;
        let approved = approve(self.app, who, approval, open).await;
        approved.map_err(refused)?;
        Ok(())
    }

    /// Waits until the worker has put the agency's seal on the result.
    async fn sealed(&self) -> anyhow::Result<()> {
        let looking = async {
            loop {
                let loaded = self.loaded().await?;
                let issued = loaded.dossier.issued();
                if issued.is_none_or(|issued| issued.official.is_some()) {
                    return anyhow::Ok(());
                }
                tokio::time::sleep(BETWEEN).await;
            }
        };
        let looked = tokio::time::timeout(PATIENCE, looking).await;
        looked.context("nobody seals the results of the demonstration")?
    }
}
