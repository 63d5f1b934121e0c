//! The seal of the agency on what the person signed.

use std::sync::Arc;
use std::time::Duration;

use domain::certificate::{KeyAt, NotSigning};
use domain::dossier::{Digitised, File, Issued, Signature};
use domain::ids::{CertificateId, FileHash, StaffId, UnitId};
use domain::office::Role;
use jiff::civil::{Date, DateTime};
use store::Loaded;

use crate::certificates::{Signer, not_signing, signer};
use crate::jobs::hopeless;
use crate::no::{Fault, No};
use crate::state::App;
use crate::words::{self, Language};

use super::attachments::seal_attachments;
use super::port::{Hand, SignError, SigningAct, ToSign};
use super::proof::{Proof, not_revoked, prove, signed_rightly};
use super::remote::Asks;
use super::seal_key;

/// How long a service may take to say what its key asks for.
const TOLD: Duration = Duration::from_secs(2);

/// Whether whoever keeps the seal could seal now what was `signed`: what is issued is sealed at once
/// after. The issuers of both certificates are asked whether they revoked them; who does not answer
/// keeps nothing from being issued.
///
/// # Errors
/// [`No::Invalid`] with the rule in words; [`No::Broken`].
pub(crate) async fn judge_seal(
    app: &App,
    (by, unit): (&StaffId, &UnitId),
    signed: Option<&Signature>,
) -> Result<(), No> {
    match seal_of(app, by, unit).await? {
        // A key that somebody has to approve on a phone seals nothing by itself.
        Ok(own) if !app.signatures().seals(&own.certificate.key) => {
            let asks = Fault::new("certificate", "fault.seal_asks");
            return Err(No::Invalid(vec![asks]));
        }
        Ok(own) => {
            seal_key::judge(app, &own).await?;
            asks_nobody(app, &own).await?;
            not_revoked(app, &own).await?;
        }
        Err(why) => return Err(No::Invalid(vec![not_signing(why)])),
    }
    match signed {
        Some(signed) => {
            has_places(app, &signed.file.hash).await?;
            signed_rightly(app, signed).await
        }
        None => Ok(()),
    }
}

/// Whether what was signed still has its places for number, day and seal: a number that was drawn for
/// another document could not be given back.
async fn has_places(app: &App, file: &FileHash) -> Result<(), No> {
    let document = app.files().get(file).await?;
    match app.signatures().sealable(document).await {
        Ok(()) => Ok(()),
        Err(SignError::Document(why)) => {
            tracing::warn!(%file, why, "A signed document cannot be sealed");
            let fault = Fault::new("certificate", "fault.document_unsealable");
            Err(No::Invalid(vec![fault]))
        }
        Err(error) => Err(No::Broken(Box::new(error))),
    }
}

/// Whether the key seals with nobody there, as far as its service says so in time: one that asks for a
/// code on a phone seals nothing. What is not answered now, the worker finds out.
async fn asks_nobody(app: &App, own: &Signer) -> Result<(), No> {
    let (KeyAt::Remote { .. }, Some(remote)) = (&own.certificate.key, app.signatures().remote())
    else {
        return Ok(());
    };
    match tokio::time::timeout(TOLD, remote.terms(own)).await {
        Ok(Ok(terms)) if terms.asks != Asks::Pin => {
            let asks = Fault::new("certificate", "fault.seal_asks");
            Err(No::Invalid(vec![asks]))
        }
        Ok(_) | Err(_) => Ok(()),
    }
}

async fn seal_of(app: &App, by: &StaffId, unit: &UnitId) -> Result<Result<Signer, NotSigning>, No> {
    let keys = app.signatures().keys();
    signer(app, (by, &app.heir(unit), Role::SealClerk), keys).await
}

/// An official document that was made.
pub(crate) struct Sealed {
    /// The document.
    pub(crate) file: File,
    /// The agency's certificate.
    pub(crate) seal: CertificateId,
    /// Why its proof, or that of an attachment, is still to come, if it is.
    pub(crate) unproved: Option<String>,
    /// The attachments, in their order.
    pub(crate) attachments: Vec<File>,
}

/// Seals what was issued: number and day are filled in and the agency signs, in one revision after
/// that of the person; then the document gets the proof of its signatures, in one more. A result does
/// not wait for an authority that does not answer.
///
/// # Errors
/// [`No::Broken`], which no later try mends when a certificate is revoked.
pub(crate) async fn sealed(
    app: &App,
    (loaded, issued): (&Loaded, &Issued),
    (by, unit): (&StaffId, &UnitId),
) -> Result<Sealed, No> {
    let (number, symbol) = issued
        .number
        .split_once('/')
        .unwrap_or((&issued.number, ""));
    let act = SigningAct::Seal {
        agency: app.unit_name(&app.heir(unit)),
        number: number.to_owned(),
        symbol: symbol.to_owned(),
        day: written(issued.at.date()),
    };
    let at = app.clock().now().max(issued.at);
    let sealed = put_seal(app, loaded, ((&issued.document, act, at), (by, unit))).await?;
    if issued.attachments.is_empty() {
        return Ok(sealed);
    }
    let (signer, hand) = open(app, loaded, (by, unit)).await?;
    seal_attachments(app, (issued, unit), (&signer, &*hand), sealed).await
}

/// Seals the scan of a result that there is on paper alone, with the form of an electronic copy at its
/// upper right corner: then it is worth as much as the original (NĐ 30/2020/NĐ-CP Điều 25, Điều 26).
///
/// # Errors
/// [`No::Broken`], which no later try mends when a certificate is revoked.
pub(crate) async fn sealed_copy(
    app: &App,
    loaded: &Loaded,
    (copy, (by, unit)): (&Digitised, (&StaffId, &UnitId)),
) -> Result<Sealed, No> {
    let act = SigningAct::Copy {
        form: copy.form.title().to_owned(),
        agency: app.unit_name(&app.heir(unit)),
    };
    let at = app.clock().now().max(copy.at);
    put_seal(app, loaded, ((&copy.scan, act, at), (by, unit))).await
}

/// What is sealed, how and when, and by whose seal.
type ToSeal<'a> = ((&'a File, SigningAct, DateTime), (&'a StaffId, &'a UnitId));

/// The agency's key, open.
async fn open(
    app: &App,
    loaded: &Loaded,
    (by, unit): (&StaffId, &UnitId),
) -> Result<(Signer, Arc<dyn Hand>), No> {
    let signer = match seal_of(app, by, unit).await? {
        Ok(signer) => signer,
        Err(why) => return Err(No::Broken(format!("no seal: {}", why.rule()).into())),
    };
    let hand = seal_key::opened(app, &signer, (&loaded.id, &app.heir(unit))).await?;
    Ok((signer, hand))
}

async fn put_seal(
    app: &App,
    loaded: &Loaded,
    ((file, act, at), (by, unit)): ToSeal<'_>,
) -> Result<Sealed, No> {
    let (signer, hand) = open(app, loaded, (by, unit)).await?;
    let broken = |error| No::Broken(Box::new(error));
    let document = app.files().get(&file.hash).await?;
    let document = hand
        .sign(ToSign { document, act, at })
        .await
        .map_err(broken)?;
    let seal = signer.certificate.id;
    let (document, unproved) = match prove(app, loaded, document.clone(), (&seal, at)).await? {
        Proof::Carried(proved) => (proved, None),
        Proof::None => (document, None),
        Proof::Later(why) => (document, Some(why)),
        Proof::Revoked(since) => {
            return Err(hopeless(&format!(
                "not sealed: a certificate of it is revoked since {since}"
            )));
        }
    };
    let (hash, bytes) = app.files().put(document).await?;
    app.store().no_longer_waits(&loaded.id).await?;
    store::faults::reach("between_seal_and_append").await?;
    Ok(Sealed {
        file: File { hash, bytes },
        seal,
        unproved,
        attachments: Vec::new(),
    })
}

/// A day as papers say it: days below ten and the months 1 and 2 take a zero (NĐ 30/2020/NĐ-CP, Phụ
/// lục I).
fn written(day: Date) -> String {
    let month = match day.month() {
        early @ 1..=2 => format!("{early:02}"),
        month => month.to_string(),
    };
    words::fill(
        Language::Vi,
        "letter.day",
        &[
            ("day", &format!("{:02}", day.day())),
            ("month", &month),
            ("year", &day.year().to_string()),
        ],
    )
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::written;

    #[test]
    fn a_day_is_written_as_the_decree_says() {
        assert_eq!(written(date(2026, 2, 5)), "ngày 05 tháng 02 năm 2026");
        assert_eq!(written(date(2026, 11, 23)), "ngày 23 tháng 11 năm 2026");
    }
}
