//! The register of certificates: which person signs in which post with which certificate, and with
//! which one each agency seals; what is nearly over, and what is missing.
//!
//! This module must not know how a certificate is read or a signature made.

mod end;
mod list;
mod missing;
mod record;
mod register;
mod sign;
#[cfg(test)]
mod tests;
mod warn;

use domain::certificate::NotSigning;
use domain::parameters::{Dates, Key};
use jiff::civil::Date;

use crate::no::Fault;
use crate::state::App;
use crate::words::{date, short_moment};

pub use end::end;
pub use list::{
    CertificateLine, CertificateList, CertificatePage, CertificateQuery, Part, certificate_page,
    certificates, every_certificate, sees,
};
pub use missing::{Missing, MissingLine, every_missing};
pub use register::{LARGEST, NewCertificate, TokenChoice, import, on_token, places, register};
pub use sign::{Signer, signer};
pub(crate) use sign::{chain_of, registered};
pub use store::{CertificateRow, CertificatesOf, EndedKey, Registered, StaffPost};
pub use warn::{CertificateWarning, warning};

/// The address of the register.
pub const ADDRESS: &str = "/chung-thu";

/// Days before its end from which a certificate is warned of.
fn warned(app: &App, today: Date) -> u32 {
    let settings = app.settings();
    let dates = Dates::all(today);
    settings.parameters().number(Key::CertificateWarning, dates)
}

/// Why nothing is signed, in words at the field `certificate`: with the rule, and what to do instead.
pub fn not_signing(why: NotSigning) -> Fault {
    let key = match why {
        NotSigning::None => "certificate.no.none",
        NotSigning::NotYet { .. } => "certificate.no.not_yet",
        NotSigning::Expired { .. } => "certificate.no.expired",
        NotSigning::Ended { .. } => "certificate.no.ended",
        NotSigning::OtherPost => "certificate.no.other_post",
        NotSigning::PostEnded { .. } => "certificate.no.post_ended",
        NotSigning::PostToCome { .. } => "certificate.no.post_to_come",
        NotSigning::NotSealClerk => "certificate.no.not_seal_clerk",
        NotSigning::SoftKey => "certificate.no.soft_key",
    };
    let fault = Fault::new("certificate", key).with("rule", &why.rule());
    match why {
        NotSigning::NotYet { from } => fault.with("from", &date(from.date())),
        NotSigning::Expired { since } => fault.with("since", &date(since.date())),
        NotSigning::Ended { ended } => fault.with("from", &short_moment(ended.from)),
        NotSigning::PostEnded { last } => fault.with("last", &date(last)),
        NotSigning::PostToCome { from } => fault.with("from", &date(from)),
        NotSigning::None
        | NotSigning::OtherPost
        | NotSigning::NotSealClerk
        | NotSigning::SoftKey => fault,
    }
}
