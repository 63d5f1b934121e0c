//! The seal of the agency on what the person signed.

use domain::certificate::NotSigning;
use domain::dossier::{File, Issued};
use domain::ids::{CertificateId, StaffId, UnitId};
use domain::office::Role;
use jiff::civil::Date;

use crate::certificates::{Signer, not_signing, signer};
use crate::no::{Fault, No};
use crate::state::App;
use crate::words::{self, Language};

use super::port::{SigningAct, ToSign};

/// Whether whoever keeps the seal could seal now: what is issued is sealed at once after.
///
/// # Errors
/// [`No::Invalid`] with the rule in words; [`No::Broken`].
pub(crate) async fn judge_seal(app: &App, by: &StaffId, unit: &UnitId) -> Result<(), No> {
    match seal_of(app, by, unit).await? {
        Ok(signer) if app.signatures().seals(&signer.certificate.key) => Ok(()),
        // A key that somebody has to approve on a phone seals nothing by itself.
        Ok(_) => Err(No::Invalid(vec![Fault::new(
            "certificate",
            "fault.seal_asks",
        )])),
        Err(why) => Err(No::Invalid(vec![not_signing(why)])),
    }
}

async fn seal_of(app: &App, by: &StaffId, unit: &UnitId) -> Result<Result<Signer, NotSigning>, No> {
    let keys = app.signatures().keys();
    signer(app, (by, &app.heir(unit), Role::SealClerk), keys).await
}

/// Seals what was issued: number and day are filled in and the agency signs, in one revision after
/// that of the person. Says the official document and the agency's certificate.
///
/// # Errors
/// [`No::Broken`].
pub(crate) async fn sealed(
    app: &App,
    issued: &Issued,
    (by, unit): (&StaffId, &UnitId),
) -> Result<(File, CertificateId), No> {
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
    let document = hand.sign(what).await.map_err(broken)?;
    let (hash, bytes) = app.files().put(document).await?;
    store::faults::reach("between_seal_and_append").await?;
    Ok((File { hash, bytes }, signer.certificate.id))
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
