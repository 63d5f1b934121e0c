//! The seal of the agency on the attachments of a result in files of their own.

use domain::dossier::{Attachment, File, Issued};
use domain::ids::{FileHash, UnitId};
use jiff::civil::DateTime;
use ring::digest::{Context, SHA256};

use crate::certificates::Signer;
use crate::jobs::hopeless;
use crate::no::No;
use crate::state::App;
use crate::words::{self, Language};

use super::paper::ReadWith;
use super::port::{Hand, SigningAct, ToSign};
use super::proof::{Proof, prove_seal};
use super::seal::Sealed;

/// Digits of the digest: a whole one would be taken for the name of a file.
const DIGEST: usize = 32;

/// Seals each attachment of what was issued: the agency's name, the time and the document that it
/// belongs to, at the top right corner of its first page (NĐ 30/2020/NĐ-CP Phụ lục I). Nothing of the
/// result counts as made until all are: a crash leaves files that nobody names.
///
/// # Errors
/// [`No::Broken`], which no later try mends when the seal's certificate is revoked.
pub(super) async fn seal_attachments(
    app: &App,
    (issued, unit): (&Issued, &UnitId),
    (signer, hand): (&Signer, &dyn Hand),
    mut sealed: Sealed,
) -> Result<Sealed, No> {
    let at = app.clock().now().max(issued.at);
    for attachment in &issued.attachments {
        let act = SigningAct::Attachment {
            agency: app.unit_name(&app.heir(unit)),
            belongs: belongs(issued),
        };
        let document = app.files().get(&attachment.document.hash).await?;
        let made = hand.sign(ToSign { document, act, at }).await;
        let made = made.map_err(|error| No::Broken(Box::new(error)))?;
        let seal = (&signer.certificate.id, at);
        let made = match prove_seal(app, made.clone(), seal).await? {
            Proof::Carried(proved) => proved,
            Proof::None => made,
            Proof::Later(why) => {
                sealed.unproved.get_or_insert(why);
                made
            }
            Proof::Revoked(since) => return Err(revoked(since)),
        };
        let (hash, bytes) = app.files().put(made).await?;
        sealed.attachments.push(File { hash, bytes });
        store::faults::reach("between_attachment_and_append").await?;
    }
    Ok(sealed)
}

fn revoked(since: DateTime) -> No {
    hopeless(&format!(
        "not sealed: a certificate of it is revoked since {since}"
    ))
}

/// The words of the reference: number, symbol and day of the document.
fn belongs(issued: &Issued) -> String {
    words::fill(
        Language::Vi,
        "attachment.belongs",
        &[
            ("number", &issued.number),
            ("day", &words::date(issued.at.date())),
        ],
    )
}

/// How many attachments are read with a document and a digest of them all: what was read with others
/// is another document. Empty for none.
pub(super) fn mark(read: &[ReadWith]) -> String {
    if read.is_empty() {
        return String::new();
    }
    let mut all = Context::new(&SHA256);
    for one in read {
        all.update(one.file.as_str().as_bytes());
        all.update(b" ");
    }
    let digest = hex::encode(all.finish());
    let digest: String = digest.chars().take(DIGEST).collect();
    format!("{} {digest}", read.len())
}

/// The hashes of attachments as a draft names them: what the approver's signature is for.
pub(crate) fn hashes(attachments: &[Attachment]) -> Vec<FileHash> {
    let files = attachments.iter().map(|one| &one.document.hash);
    files.cloned().collect()
}
