//! What an agency says when it is late, stops a dossier, or returns a result.

use domain::dossier::{Event, Receiver, StopGround};
use domain::rules::Rule;
use domain::slip::{Apology, Collection, Contact, Heading, Stop};
use store::Loaded;

use crate::no::No;
use crate::people::party;
use crate::words::{self, Language};

use super::compose::{Sheet, staff_name};
use super::letter::{issuer, result_kind, signer, signer_for};
use super::paper::{contact, delivery_words};

const VI: Language = Language::Vi;

impl Sheet<'_> {
    /// The head of what the deciding agency issues itself.
    fn agency_heading(&self) -> Heading {
        Heading {
            at: self.made.event.at(),
            ..issuer(self.app, self.record, &self.record.filed.competent)
        }
    }

    /// The symbol of the agency's paper of that kind, `XL-H56.14`.
    fn symbol(&self, kind: &str) -> String {
        format!("{kind}-{}", self.record.filed.competent)
    }

    pub(super) async fn apology(&self) -> Result<Apology, No> {
        let Event::Apologised(apology) = &self.made.event else {
            return Err(No::Broken("the event is no apology".into()));
        };
        let heading = self.agency_heading();
        let signed = (&apology.signed_by, apology.at.date());
        Ok(Apology {
            number: None,
            symbol: self.symbol("XL"),
            applicant: contact(&self.applicant),
            request: self.request(),
            received: self.record.received_at.unwrap_or(apology.at),
            due: self.record.due.unwrap_or(apology.at),
            late: heading.agency.clone(),
            reason: self.text(&apology.reason).await?,
            until: apology.until,
            delivery: delivery_words(self.record.filed.delivery, &self.centre_name()),
            signer: signer(self.app, signed, &self.record.filed.competent).await?,
            recipients: self.recipients(),
            heading,
        })
    }

    pub(super) async fn stop(&self) -> Result<Stop, No> {
        let Event::Stopped {
            order: Some(order),
            refund,
            at,
            ..
        } = &self.made.event
        else {
            return Err(No::Broken("the event is no stop by order".into()));
        };
        let ground = match order.ground {
            StopGround::Request => "stop.ground.request",
            StopGround::Decision => "stop.ground.decision",
        };
        let refund = refund.map(|refund| {
            let key = if refund.due {
                "stop.refund"
            } else {
                "stop.no_refund"
            };
            words::t(VI, key)
        });
        let basis = Rule::StopDocument.citation(at.date());
        let signed = (&order.by, at.date());
        let whom = order.behalf.as_ref();
        Ok(Stop {
            heading: self.agency_heading(),
            number: None,
            symbol: self.symbol("TB"),
            applicant: contact(&self.applicant),
            owner: self.owner.as_ref().map(contact),
            request: self.request(),
            received: self.record.received_at.unwrap_or(*at),
            ground: words::t(VI, ground).to_owned(),
            basis: basis.map(ToString::to_string),
            reason: self.text(&order.reason).await?,
            papers: self.handed(),
            refund: refund.map(ToOwned::to_owned),
            signer: signer_for(self.app, signed, whom, &self.record.filed.competent).await?,
            recipients: self.recipients(),
        })
    }

    fn recipients(&self) -> Vec<String> {
        let centre = words::fill(VI, "letter.to_centre", &[("centre", &self.centre_name())]);
        vec![words::t(VI, "letter.recipients").to_owned(), centre]
    }

    pub(super) async fn collection(&self, loaded: &Loaded) -> Result<Collection, No> {
        let Event::Returned { at, receiver } = &self.made.event else {
            return Err(No::Broken("the event is no return".into()));
        };
        let issued = loaded.dossier.issued();
        let issued = issued.ok_or_else(|| No::Broken("nothing was issued".into()))?;
        let (how, collector) = match receiver {
            Receiver::Applicant => ("collected.applicant", Some(contact(&self.applicant))),
            Receiver::Authorised { party: id, .. } => {
                let collector = party(self.app, id).await?;
                ("collected.authorised", Some(contact(&collector)))
            }
            Receiver::Post => ("collected.post", None),
            Receiver::Electronic => ("collected.electronic", None),
        };
        let owner = self.owner.as_ref().unwrap_or(&self.applicant);
        Ok(Collection {
            heading: self.heading(),
            request: self.request(),
            owner: Contact {
                identity: None,
                ..contact(owner)
            },
            collector,
            how: words::t(VI, how).to_owned(),
            kind: result_kind(&self.procedure, issued.outcome),
            number: Some(issued.number.clone()),
            subject: self.procedure.name.clone(),
            at: *at,
            giver: staff_name(self.app, &self.made.actor).await?,
        })
    }
}
