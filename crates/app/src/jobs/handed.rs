//! What a receipt of a result says that was handed out (giấy biên nhận trả kết quả).

use domain::dossier::{Compared, Event, Handing, ReceiptSigned, Receiver, Returned, Seen};
use domain::ids::TextId;
use domain::slip::{Collection, Contact};
use store::Loaded;

use crate::no::No;
use crate::people::party;
use crate::words::{self, Language};

use super::compose::{Sheet, staff_name};
use super::letter::result_kind;
use super::paper::contact;

const VI: Language = Language::Vi;

impl Sheet<'_> {
    pub(super) async fn collection(&self, loaded: &Loaded) -> Result<Collection, No> {
        let Event::Returned(Returned {
            at,
            receiver,
            handing,
        }) = &self.made.event
        else {
            return Err(No::Broken("the event is no return".into()));
        };
        let issued = loaded.dossier.issued();
        let issued = issued.ok_or_else(|| No::Broken("nothing was issued".into()))?;
        let owner = self.owner.as_ref().unwrap_or(&self.applicant);
        let (how, collector) = self.collector(receiver, handing.seen.as_ref()).await?;
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
            attachments: u16::try_from(issued.attachments.len()).unwrap_or(u16::MAX),
            at: *at,
            giver: staff_name(self.app, &self.made.actor).await?,
            seen: self.seen(handing.seen.as_ref()).await?,
            wish: self.words(handing.wish.as_ref()).await?,
            given_back: self.lines(handing.given_back.iter().copied()),
            kept: self.lines(handing.kept.iter().copied()),
            kept_reason: self.words(handing.kept_reason.as_ref()).await?,
            signed: handing.receipt.as_ref().map(signed),
            signature: self.signature(handing).await?,
        })
    }

    /// In which capacity somebody came, and who; nobody comes for what goes by post or by wire.
    async fn collector(
        &self,
        receiver: &Receiver,
        seen: Option<&Seen>,
    ) -> Result<(&'static str, Option<Contact>), No> {
        let (how, mut came) = match receiver {
            Receiver::Applicant => ("collected.applicant", contact(&self.applicant)),
            Receiver::Authorised { party: id, .. } => {
                let collector = party(self.app, id).await?;
                ("collected.authorised", contact(&collector))
            }
            Receiver::Post => return Ok(("collected.post", None)),
            Receiver::Electronic => return Ok(("collected.electronic", None)),
        };
        let Some(seen) = seen else {
            return Ok((how, Some(came)));
        };
        if let Some(name) = self.words(seen.name.as_ref()).await? {
            came = Contact {
                name,
                address: None,
                phone: None,
                email: None,
                identity: None,
            };
        }
        came.phone = self.words(seen.phone.as_ref()).await?.or(came.phone);
        Ok((how, Some(came)))
    }

    /// The paper that was seen, its last figures, and what they were compared with.
    async fn seen(&self, seen: Option<&Seen>) -> Result<Option<String>, No> {
        let Some(seen) = seen else { return Ok(None) };
        let paper = format!("seen.{}", seen.by.as_str());
        let paper = words::t(VI, &paper);
        let digits = self.words(seen.digits.as_ref()).await?.unwrap_or_default();
        let values = [("paper", paper), ("digits", &digits)];
        let key = match seen.compared {
            Compared::ByName => "seen.by_name",
            _ => "seen.same",
        };
        Ok(Some(words::fill(VI, key, &values)))
    }

    async fn words(&self, id: Option<&TextId>) -> Result<Option<String>, No> {
        match id {
            Some(id) => Ok(Some(self.text(id).await?).filter(|text| !text.is_empty())),
            None => Ok(None),
        }
    }

    async fn signature(&self, handing: &Handing) -> Result<Vec<u8>, No> {
        match &handing.receipt {
            Some(ReceiptSigned::Screen { file }) => Ok(self.app.files().get(file).await?),
            Some(ReceiptSigned::Paper) | None => Ok(Vec::new()),
        }
    }
}

fn signed(receipt: &ReceiptSigned) -> String {
    let key = match receipt {
        ReceiptSigned::Paper => "receipt.signed_paper",
        ReceiptSigned::Screen { .. } => "receipt.signed_screen",
    };
    words::t(VI, key).to_owned()
}
