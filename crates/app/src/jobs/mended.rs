//! The apology for a result that was issued in error, handed over with what corrects it.

use domain::dossier::{Book, Event, Issued};
use domain::ids::{DossierId, StaffId, TextId, UnitId};
use domain::slip::{Heading, Mended, Signer};
use store::{Loaded, Recorded};

use crate::no::No;
use crate::words::{self, Language};

use super::compose::Sheet;
use super::decided::numbered;
use super::letter::{issuer, signer_for};
use super::paper::contact;

const VI: Language = Language::Vi;

impl Sheet<'_> {
    pub(super) async fn mended(&self, loaded: &Loaded) -> Result<Mended, No> {
        let Event::Corrected {
            at,
            by,
            correction,
            number,
        } = &self.made.event
        else {
            return Err(No::Broken("the event is no correction".into()));
        };
        let opening = Opening::of(loaded, by).ok_or_else(missing)?;
        let linked = self.app.store().load(by).await?;
        let record = linked.dossier.record().ok_or_else(missing)?;
        let agency = &record.filed.competent;
        let (old, new) = (issued(loaded)?, issued(&linked)?);
        let (number, symbol) = numbered(number.as_deref(), Book::Apologies, agency);
        let done = format!("correction.done.{}", correction.as_str());
        Ok(Mended {
            heading: Heading {
                at: *at,
                ..issuer(self.app, self.record, agency, at.date())
            },
            number,
            symbol,
            applicant: contact(&self.applicant),
            request: self.request(),
            result: old.number.clone(),
            issued: old.at,
            wrong: self.text(opening.reason).await?,
            done: words::t(VI, &done).to_owned(),
            by: match &record.code {
                Some(code) => code.to_string(),
                None => by.to_string(),
            },
            mended: new.number.clone(),
            apology: self.text(opening.apology).await?,
            signer: self.opener(&opening, agency).await?,
            recipients: self.recipients(),
        })
    }

    /// The leader who opened the correction signs for it.
    async fn opener(&self, opening: &Opening<'_>, agency: &UnitId) -> Result<Signer, No> {
        let staff = |id: &str| StaffId::parse(id).map_err(|fault| No::Broken(Box::new(fault)));
        let by = staff(&opening.recorded.actor)?;
        let whom = opening.recorded.behalf.as_deref().map(staff).transpose()?;
        let day = opening.recorded.event.at().date();
        signer_for(self.app, (&by, day), whom.as_ref(), agency).await
    }
}

/// How the correction was opened.
struct Opening<'a> {
    recorded: &'a Recorded,
    reason: &'a TextId,
    apology: &'a TextId,
}

impl<'a> Opening<'a> {
    fn of(loaded: &'a Loaded, by: &DossierId) -> Option<Self> {
        let opened = |recorded: &'a Recorded| match &recorded.event {
            Event::CorrectionOpened {
                by: opened,
                reason,
                apology,
                ..
            } if opened == by => Some(Self {
                recorded,
                reason,
                apology,
            }),
            _ => None,
        };
        loaded.events.iter().rev().find_map(opened)
    }
}

fn issued(loaded: &Loaded) -> Result<&Issued, No> {
    loaded.dossier.issued().ok_or_else(missing)
}

fn missing() -> No {
    No::Broken("the correction was never opened or granted".into())
}
