//! What an agency says when it is late, or stops a dossier.

use domain::dossier::{Book, Event, Refund, StopGround};
use domain::ids::{StaffId, UnitId};
use domain::rules::Rule;
use domain::slip::{Apology, Heading, Stop};

use crate::no::No;
use crate::words::{self, Language};

use super::compose::Sheet;
use super::letter::{issuer, signer_for};
use super::paper::{contact, delivery_words};

const VI: Language = Language::Vi;

impl Sheet<'_> {
    /// The head of what the deciding agency issues itself.
    fn agency_heading(&self) -> Heading {
        let at = self.made.event.at();
        let day = at.date();
        Heading {
            at,
            ..issuer(self.app, self.record, &self.record.filed.competent, day)
        }
    }

    pub(super) async fn apology(&self) -> Result<Apology, No> {
        let Event::Apologised(apology) = &self.made.event else {
            return Err(No::Broken("the event is no apology".into()));
        };
        let heading = self.agency_heading();
        let signed = (&apology.signed_by, apology.at.date());
        let (whom, agency) = (apology.behalf.as_ref(), &self.record.filed.competent);
        let (number, symbol) = numbered(apology.number.as_deref(), Book::Apologies, agency);
        // The form names the old appointment ("thời gian hẹn trả cũ", TT 03/2025/TT-VPCP Mẫu 04):
        // what the applicant was told and came for. By NĐ 118/2025/NĐ-CP Điều 19 the limit of the law
        // is what the agency answers for, so it stands beside it where it is another day.
        let due = self.record.published_due().unwrap_or(apology.at);
        let legal = self.record.due.filter(|legal| *legal != due);
        Ok(Apology {
            number,
            symbol,
            applicant: contact(&self.applicant),
            request: self.request(),
            received: self.record.received_at.unwrap_or(apology.at),
            due,
            legal,
            late: heading.agency.clone(),
            reason: self.text(&apology.reason).await?,
            until: apology.until,
            delivery: delivery_words(self.record.filed.delivery, &self.centre_name()),
            signer: signer_for(self.app, signed, whom, agency).await?,
            recipients: self.recipients(),
            heading,
        })
    }

    /// The notice that nothing comes of the dossier: ordered by the agency that decides, or given by
    /// the centre when the applicant withdrew or stayed silent.
    pub(super) async fn stop(&self) -> Result<Stop, No> {
        let end = self.end().await?;
        let at = self.made.event.at();
        let (number, symbol) = numbered(end.number, Book::Stops, end.issuer);
        let signed = (&end.by, at.date());
        Ok(Stop {
            heading: if end.ordered {
                self.agency_heading()
            } else {
                self.heading()
            },
            number,
            symbol,
            applicant: contact(&self.applicant),
            owner: self.owner.as_ref().map(contact),
            request: self.request(),
            filed: self.record.submitted_at,
            received: self.record.received_at,
            ground: words::t(VI, end.ground).to_owned(),
            basis: end.rule.citation(at.date()).map(ToString::to_string),
            reason: end.reason,
            papers: self.given_back(),
            refund: refund_of(&self.made.event).map(|refund| words::refund(VI, refund)),
            signer: signer_for(self.app, signed, end.whom.as_ref(), end.issuer).await?,
            recipients: self.recipients(),
        })
    }

    /// What ended the dossier, and who says so.
    async fn end(&self) -> Result<End<'_>, No> {
        let filed = &self.record.filed;
        if let Event::Stopped {
            order: Some(order),
            number,
            ..
        } = &self.made.event
        {
            return Ok(End {
                ordered: true,
                issuer: &filed.competent,
                by: order.by.clone(),
                whom: order.behalf.clone(),
                number: number.as_deref(),
                ground: match order.ground {
                    StopGround::Request => "stop.ground.request",
                    StopGround::Decision => "stop.ground.decision",
                },
                rule: Rule::StopDocument,
                reason: self.text(&order.reason).await?,
            });
        }
        let (number, ground, rule, reason) = match &self.made.event {
            Event::Withdrawn { number, .. } => {
                let reason = words::t(VI, "stop.reason.withdrawn").to_owned();
                (
                    number,
                    "stop.ground.withdrawn",
                    Rule::WithdrawalRequest,
                    reason,
                )
            }
            Event::Stopped { number, .. } => {
                let asked = self.record.asked.as_ref();
                let until = asked.map(|asked| words::promise(VI, asked.answer_by));
                let until = until.unwrap_or_default();
                let reason = words::fill(VI, "stop.reason.silence", &[("until", &until)]);
                (number, "stop.ground.silence", Rule::AnswerPeriod, reason)
            }
            _ => return Err(No::Broken("the event is no end".into())),
        };
        let by = StaffId::parse(&self.made.actor);
        let whom = self.made.behalf.as_deref().map(StaffId::parse);
        let broken = |fault| No::Broken(Box::new(fault));
        Ok(End {
            ordered: false,
            issuer: &filed.receiving,
            by: by.map_err(broken)?,
            whom: whom.transpose().map_err(broken)?,
            number: number.as_deref(),
            ground,
            rule,
            reason,
        })
    }

    pub(super) fn recipients(&self) -> Vec<String> {
        let centre = words::fill(VI, "letter.to_centre", &[("centre", &self.centre_name())]);
        vec![words::t(VI, "letter.recipients").to_owned(), centre]
    }
}

/// How a dossier of which nothing comes ended.
struct End<'a> {
    /// Whether the agency that decides ordered it.
    ordered: bool,
    /// Who says so.
    issuer: &'a UnitId,
    by: StaffId,
    /// For whom, when somebody absent was stood in for.
    whom: Option<StaffId>,
    number: Option<&'a str>,
    /// The message that names the ground.
    ground: &'static str,
    rule: Rule,
    reason: String,
}

/// The number of a paper, and its symbol, which it has without a number too.
pub(super) fn numbered(
    number: Option<&str>,
    book: Book,
    unit: &UnitId,
) -> (Option<String>, String) {
    match number.and_then(|number| number.split_once('/')) {
        Some((number, symbol)) => (Some(number.to_owned()), symbol.to_owned()),
        None => (None, book.symbol(unit)),
    }
}

/// What becomes of what was paid, when the event is an end without the result that was asked for.
pub(super) fn refund_of(event: &Event) -> Option<Refund> {
    match event {
        Event::Declined { refund, .. }
        | Event::Withdrawn { refund, .. }
        | Event::Stopped { refund, .. }
        | Event::Settled { refund, .. } => *refund,
        _ => None,
    }
}
