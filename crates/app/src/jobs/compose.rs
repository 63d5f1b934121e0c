//! What a slip says, gathered from the dossier, the persons and the office. Vietnamese alone: the
//! forms are the law's.

use domain::dossier::{Dossier, Event, HandedAs, Mandate, Record};
use domain::ids::{StaffId, TextId, UnitId};
use domain::office::{Unit, UnitKind};
use domain::party::Party;
use domain::procedure::{Case, Certified, Procedure};
use domain::rules::Rule;
use domain::slip::{
    CertificationLine, ComponentLine, Control, Form, Guidance, Heading, Papers, Promise, Receipt,
    Refusal, Slip,
};
use jiff::civil::DateTime;
use store::{Loaded, Recorded};

use crate::no::{Denied, No};
use crate::people::party;
use crate::processing::{published_of, texts};
use crate::state::App;
use crate::verification::address;
use crate::words::{self, Language};

use super::copy::verified_as;
use super::decided::refund_of;
use super::hopeless;
use super::paper::{cell, contact, delivery_words, fee_terms, limit_of};
use super::way::handovers;

const VI: Language = Language::Vi;

/// Everything that slips of one dossier share.
pub(super) struct Sheet<'a> {
    pub(super) app: &'a App,
    pub(super) record: &'a Record,
    pub(super) procedure: std::sync::Arc<Procedure>,
    pub(super) applicant: Party,
    /// The owner, when somebody else handed the dossier in.
    pub(super) owner: Option<Party>,
    pub(super) made: &'a Recorded,
}

/// The slip of that form, as of the event that asks for it: what happened afterwards is not on paper.
pub(super) async fn compose(
    app: &App,
    loaded: &Loaded,
    (form, version): (Form, u32),
) -> Result<Slip, No> {
    let loaded = &as_of(loaded, version);
    let cause = loaded.events.last();
    let Some(made) = cause.filter(|r| r.version == version && super::asks(&r.event, form)) else {
        return Err(hopeless("nothing asks for this slip"));
    };
    let record = loaded.dossier.record().ok_or(Denied::Unseen)?;
    let sheet = sheet(app, record, made).await?;
    let slip = match form {
        Form::Receipt => Slip::Receipt(sheet.receipt(loaded).await?),
        Form::Supplement => Slip::Supplement(sheet.supplement().await?),
        Form::Refusal => Slip::Refusal(sheet.refusal(loaded).await?),
        Form::Apology => Slip::Apology(sheet.apology().await?),
        Form::Stop => Slip::Stop(sheet.stop().await?),
        Form::PaperCopy => Slip::PaperCopy(sheet.paper_copy(loaded).await?),
        Form::Mended => Slip::Mended(sheet.mended(loaded).await?),
        Form::Payment => Slip::Payment(sheet.payment().await?),
        Form::Control => Slip::Control(sheet.control(loaded).await?),
        Form::Collection => Slip::Collection(sheet.collection(loaded).await?),
    };
    Ok(slip.leading_to(address(app, &loaded.id, verified_as(form))))
}

/// What slips of the dossier share, for a paper that `made` asks for.
pub(super) async fn sheet<'a>(
    app: &'a App,
    record: &'a Record,
    made: &'a Recorded,
) -> Result<Sheet<'a>, No> {
    let filed = &record.filed;
    let owner = match filed.mandate {
        Mandate::Own => None,
        Mandate::Relative | Mandate::Authorised | Mandate::Missing => {
            Some(party(app, &filed.owner).await?)
        }
    };
    Ok(Sheet {
        app,
        record,
        procedure: app
            .procedure(&filed.procedure, filed.procedure_version)
            .await?,
        applicant: party(app, &filed.applicant).await?,
        owner,
        made,
    })
}

/// The dossier as the event of that version left it.
fn as_of(loaded: &Loaded, version: u32) -> Loaded {
    let until = |recorded: &&Recorded| recorded.version <= version;
    let events: Vec<Recorded> = loaded.events.iter().take_while(until).cloned().collect();
    let dossier = events
        .iter()
        .map(|r| &r.event)
        .fold(Dossier::Absent, Dossier::evolve);
    Loaded {
        dossier,
        events,
        ..loaded.clone()
    }
}

impl Sheet<'_> {
    pub(super) fn heading(&self) -> Heading {
        heading(
            self.app,
            self.record,
            &self.record.filed.receiving,
            self.made.event.at(),
        )
    }

    /// The name of the agency that decided when the paper was asked for.
    pub(super) fn agency_name(&self) -> String {
        let day = self.made.event.at().date();
        let competent = &self.record.filed.competent;
        self.app.unit_name(&self.app.heir_on(competent, day))
    }

    pub(super) fn request(&self) -> String {
        let case = self
            .case()
            .map(|case| case.name.as_str())
            .unwrap_or_default();
        if case.is_empty() {
            self.procedure.name.clone()
        } else {
            format!("{} – {case}", self.procedure.name)
        }
    }

    pub(super) fn case(&self) -> Option<&Case> {
        self.procedure.case(self.record.filed.case)
    }

    /// The table of Form 01: of certified copies the variant with pages, copies and fees.
    fn papers(&self) -> Papers {
        let filed = &self.record.filed;
        let Some(fee) = self.procedure.page_fee(filed.channel) else {
            return Papers::Components(self.handed());
        };
        let paper = self.handed().into_iter().next();
        let name = paper.map_or_else(|| self.procedure.name.clone(), |paper| paper.name);
        let line = |(number, one): (u16, &Certified)| CertificationLine {
            number,
            name: name.clone(),
            pages: one.pages,
            copies: one.copies,
            fee: fee.of(one.pages, one.copies).unwrap_or_default(),
        };
        let lines: Vec<_> = (1_u16..).zip(&filed.certified).map(line).collect();
        if lines.is_empty() {
            return Papers::Components(self.handed());
        }
        Papers::Certification(lines)
    }

    pub(super) fn handed(&self) -> Vec<ComponentLine> {
        let handed = &self.record.filed.handed;
        let there = handed.iter().filter(|h| {
            matches!(
                h.handed,
                HandedAs::Paper
                    | HandedAs::Seen
                    | HandedAs::Scanned { .. }
                    | HandedAs::Attached { .. }
            )
        });
        self.lines(there.map(|h| h.component))
    }

    /// Papers that were handed in, which go back when nothing comes of the dossier.
    pub(super) fn given_back(&self) -> Vec<ComponentLine> {
        let handed = &self.record.filed.handed;
        let papers = handed.iter().filter(|h| h.handed.is_kept_paper());
        self.lines(papers.map(|h| h.component))
    }

    pub(super) fn lines(&self, numbers: impl Iterator<Item = u16>) -> Vec<ComponentLine> {
        let Some(case) = self.case() else {
            return Vec::new();
        };
        let found = numbers.filter_map(|n| case.components.iter().find(|c| c.number == n));
        let mut order = 0_u16;
        found
            .map(|component| {
                order = order.saturating_add(1);
                let none = component.originals == 0 && component.copies == 0;
                ComponentLine {
                    number: order,
                    name: component.name.clone(),
                    originals: if none { 1 } else { component.originals },
                    certified: 0,
                    photocopies: component.copies,
                }
            })
            .collect()
    }

    pub(super) fn promise(&self) -> Promise {
        let received = self.record.received_at.unwrap_or(self.record.submitted_at);
        let deadline = published_of(&self.app.settings(), self.record);
        Promise {
            limit: limit_of(self.record),
            received,
            due: deadline.as_ref().map(|deadline| deadline.due),
            strip: deadline
                .map(|deadline| deadline.derivation.strip().iter().map(cell).collect())
                .unwrap_or_default(),
        }
    }

    pub(super) async fn actor_name(&self) -> Result<String, No> {
        staff_name(self.app, &self.made.actor).await
    }

    pub(super) async fn guidance(&self) -> Result<Guidance, No> {
        let website = Some(self.app.public_address().to_owned());
        Ok(Guidance {
            website,
            official: self.actor_name().await?,
            phone: None,
        })
    }

    pub(super) async fn text(&self, id: &TextId) -> Result<String, No> {
        let mut opened = texts(self.app, std::slice::from_ref(id)).await?;
        Ok(opened.remove(id.as_str()).unwrap_or_default())
    }

    /// Also when a green lane or a move to another version promises another date: it stays signed by who received.
    async fn receipt(&self, loaded: &Loaded) -> Result<Receipt, No> {
        let filed = &self.record.filed;
        let is_reception = |recorded: &&Recorded| matches!(recorded.event, Event::Received { .. });
        let received = loaded.events.iter().find(is_reception).unwrap_or(self.made);
        Ok(Receipt {
            heading: self.heading(),
            applicant: contact(&self.applicant),
            request: self.request(),
            owner: self.owner.as_ref().map(contact),
            fee: fee_terms(filed.payment, filed.fee),
            papers: self.papers(),
            sets: u16::from(filed.sets),
            promise: self.promise(),
            delivery: delivery_words(filed.delivery, &self.centre_name()),
            receiver: staff_name(self.app, &received.actor).await?,
        })
    }

    pub(super) fn centre_name(&self) -> String {
        let day = self.made.event.at().date();
        let centre = self.app.heir_on(&self.record.filed.receiving, day);
        centre_name(self.app, &centre)
    }

    async fn refusal(&self, loaded: &Loaded) -> Result<Refusal, No> {
        let reason = match &self.made.event {
            Event::Declined { reason, .. } => self.text(reason).await?,
            _ => match loaded.dossier.at_step().and_then(|at| at.draft.as_ref()) {
                Some(draft) => self.text(&draft.summary).await?,
                None => String::new(),
            },
        };
        let basis = Rule::ReasonGiven.citation(self.made.event.at().date());
        Ok(Refusal {
            heading: self.heading(),
            number: match &self.made.event {
                Event::Declined { number, .. } => number.clone(),
                _ => loaded.dossier.issued().map(|issued| issued.number.clone()),
            },
            applicant: contact(&self.applicant),
            request: self.request(),
            reason,
            basis: basis.map(ToString::to_string),
            refund: refund_of(&self.made.event).map(|refund| words::refund(VI, refund)),
            guidance: self.guidance().await?,
            receiver: self.actor_name().await?,
        })
    }

    async fn control(&self, loaded: &Loaded) -> Result<Control, No> {
        Ok(Control {
            heading: self.heading(),
            request: self.request(),
            applicant: contact(&self.applicant),
            owner: self.owner.as_ref().map(contact),
            promise: self.promise(),
            back_by: self.record.published_due(),
            components: self.handed(),
            handovers: handovers(self, loaded).await?,
        })
    }
}

/// The head of a paper that leads to the dossier's progress, in the name of who answered then for the
/// unit that issues.
pub(super) fn heading(app: &App, record: &Record, issuing: &UnitId, at: DateTime) -> Heading {
    let heir = &app.heir_on(issuing, at.date());
    let name = app.unit_name(heir);
    let code = record.code.clone();
    let tracking = match &code {
        Some(code) => format!("{}/tra-cuu/{code}", app.public_address()),
        None => format!("{}/tra-cuu", app.public_address()),
    };
    Heading {
        superior: Some(format!("UBND {}", lower_first(&name))),
        agency: if *issuing == record.filed.receiving {
            centre_name(app, heir)
        } else {
            name.clone()
        },
        place: app
            .known_unit(heir)
            .map_or_else(|| name.clone(), |unit| place_of(app, &unit)),
        at,
        code,
        procedure: Some(record.filed.procedure.clone()),
        tracking,
        verification: None,
    }
}

/// The head of a list that a unit, or who answered for it then, issues; `page` is where the list is
/// kept.
pub(crate) fn list_heading(app: &App, issuing: &UnitId, at: DateTime, page: &str) -> Heading {
    let heir = &app.heir_on(issuing, at.date());
    let name = app.unit_name(heir);
    let unit = app.known_unit(heir);
    let receives = unit.as_ref().is_some_and(Unit::receives);
    Heading {
        superior: Some(format!("UBND {}", lower_first(&name))),
        agency: if receives {
            centre_name(app, heir)
        } else {
            name.clone()
        },
        place: unit.map_or_else(|| name.clone(), |unit| place_of(app, &unit)),
        at,
        code: None,
        procedure: None,
        tracking: format!("{}/{page}", app.public_address()),
        verification: None,
    }
}

/// The place in the line of place and date: the commune, or the province of its agencies
/// (NĐ 30/2020/NĐ-CP, Phụ lục I).
pub(super) fn place_of(app: &App, unit: &Unit) -> String {
    let mut place = unit.clone();
    while matches!(
        place.kind,
        UnitKind::Department | UnitKind::ProvincialCentre
    ) {
        match place.parent.as_ref().and_then(|parent| app.unit(parent)) {
            Some(above) => place = above,
            None => break,
        }
    }
    let mut kinds = KINDS.into_iter();
    let name = kinds.find_map(|kind| place.name.strip_prefix(kind));
    name.unwrap_or(&place.name).to_owned()
}

/// Kinds of places, as names of units begin.
const KINDS: [&str; 5] = ["Tỉnh ", "Thành phố ", "Phường ", "Xã ", "Đặc khu "];

/// The centre of a unit, as papers and notices name it.
pub(crate) fn centre_name(app: &App, unit: &UnitId) -> String {
    match app.known_unit(unit) {
        Some(unit) if unit.kind == UnitKind::Commune => {
            let place = lower_first(&unit.name);
            format!("Trung tâm Phục vụ hành chính công {place}")
        }
        Some(unit) => unit.name,
        None => unit.to_string(),
    }
}

pub(super) fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next().map(char::to_lowercase).into_iter().flatten();
    first.chain(chars).collect()
}

/// The name of a member of staff; empty for the program.
pub(crate) async fn staff_name(app: &App, actor: &str) -> Result<String, No> {
    let Ok(id) = StaffId::parse(actor) else {
        return Ok(String::new());
    };
    let mut found = app.store().staff(&[id]).await?;
    Ok(found.pop().map(|member| member.name).unwrap_or_default())
}
