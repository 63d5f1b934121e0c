//! What the test authority says about certificates: lists of revoked ones, and answers.

use std::io;
use std::sync::PoisonError;
use std::time::{Duration, SystemTime};

use rcgen::{
    CertificateRevocationListParams, Issuer, KeyIdMethod, RevocationReason, RevokedCertParams,
    SerialNumber, date_time_ymd,
};

use super::issue::{Authority, Level};
use super::{Identity, other, since_1970};

/// How long a list is good.
const WEEK: Duration = Duration::from_hours(7 * 24);

/// A certificate that is no longer good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revoked {
    /// Its serial number, in hexadecimal.
    pub serial: String,
    /// Since when.
    pub since: SystemTime,
}

impl Authority {
    /// Takes a certificate back, from that moment on.
    pub fn revoke(&self, serial: &str, since: SystemTime) {
        let mut revoked = self.revoked.lock().unwrap_or_else(PoisonError::into_inner);
        revoked.push(Revoked {
            serial: serial.to_owned(),
            since,
        });
    }

    /// Since when the certificate is revoked.
    pub fn revoked_since(&self, serial: &str) -> Option<SystemTime> {
        let revoked = self.revoked.lock().unwrap_or_else(PoisonError::into_inner);
        let found = revoked.iter().find(|one| one.serial == serial);
        found.map(|one| one.since)
    }

    /// The list of revoked certificates of the intermediate, in DER.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn list(&self) -> io::Result<Vec<u8>> {
        let revoked = self.revoked.lock().unwrap_or_else(PoisonError::into_inner);
        let revoked: Result<Vec<_>, _> = revoked.iter().map(entry).collect();
        self.signed_list(revoked?, &self.intermediate, Level::Intermediate)
    }

    /// The list of the root, which takes nothing back.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn root_list(&self) -> io::Result<Vec<u8>> {
        self.signed_list(Vec::new(), &self.root, Level::Root)
    }

    /// Signs in the root's name.
    pub(crate) fn as_root(&self) -> &Identity {
        &self.root
    }

    fn signed_list(
        &self,
        revoked_certs: Vec<RevokedCertParams>,
        by: &Identity,
        level: Level,
    ) -> io::Result<Vec<u8>> {
        let epoch = date_time_ymd(1970, 1, 1);
        let since = since_1970((self.clock)());
        let this_update = epoch + since;
        let seconds = since.as_secs();
        let params = CertificateRevocationListParams {
            this_update,
            next_update: this_update + WEEK,
            crl_number: SerialNumber::from(seconds),
            issuing_distribution_point: None,
            revoked_certs,
            key_identifier_method: KeyIdMethod::Sha256,
        };
        let issuer = self.params(level)?;
        let issuer = Issuer::from_params(&issuer, &by.key);
        let list = params.signed_by(&issuer).map_err(other)?;
        Ok(list.der().to_vec())
    }
}

fn entry(revoked: &Revoked) -> io::Result<RevokedCertParams> {
    let serial = hex::decode(&revoked.serial).map_err(other)?;
    Ok(RevokedCertParams {
        serial_number: SerialNumber::from_slice(&serial),
        revocation_time: date_time_ymd(1970, 1, 1) + since_1970(revoked.since),
        reason_code: Some(RevocationReason::KeyCompromise),
        invalidity_date: None,
    })
}
