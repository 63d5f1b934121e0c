//! The seal of the agency on what the person signed.

use domain::certificate::NotSigning;
use domain::dossier::{File, Issued, Signature};
use domain::ids::{CertificateId, StaffId, UnitId};
use domain::office::Role;
use jiff::civil::Date;
use store::Loaded;

use crate::certificates::{Signer, not_signing, signer};
use crate::jobs::hopeless;
use crate::no::{Fault, No};
use crate::state::App;
use crate::words::{self, Language};

use super::port::{SigningAct, ToSign};
use super::proof::{Proof, not_revoked, prove, signed_rightly};

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
        Ok(own) => not_revoked(app, &own).await?,
        Err(why) => return Err(No::Invalid(vec![not_signing(why)])),
    }
    match signed {
        Some(signed) => signed_rightly(app, signed).await,
        None => Ok(()),
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
    /// Why its proof is still to come, if it is.
    pub(crate) unproved: Option<String>,
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
    let signer = match seal_of(app, by, unit).await? {
        Ok(signer) => signer,
        Err(why) => return Err(No::Broken(format!("no seal: {}", why.rule()).into())),
    };
    let broken = |error| No::Broken(Box::new(error));
    let hand = app.signatures().seal(&signer).await.map_err(broken)?;
    let (number, symbol) = issued
        .number
        .split_once('/')
        .unwrap_or((&issued.number, ""));
    let what = ToSign {
        document: app.files().get(&issued.document.hash).await?,
        act: SigningAct::Seal {
            agency: app.unit_name(&app.heir(unit)),
            number: number.to_owned(),
            symbol: symbol.to_owned(),
            day: written(issued.at.date()),
        },
        at: app.clock().now().max(issued.at),
    };
    let (seal, at) = (signer.certificate.id, what.at);
    let document = hand.sign(what).await.map_err(broken)?;
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
    store::faults::reach("between_seal_and_append").await?;
    Ok(Sealed {
        file: File { hash, bytes },
        seal,
        unproved,
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
