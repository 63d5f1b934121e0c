//! The messages of the time-stamp protocol (RFC 3161).

use cms::content_info::ContentInfo;
use cms::signed_data::SignedData;
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912;
use der::asn1::{Any, BitString, GeneralizedTime, Int, Null, OctetString};
use der::{Decode, Encode, Sequence};
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::fault::SignFault;
use super::fetch::{later, refused};
use crate::verify::is_stamp_over;

const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct MessageImprint {
    hash_algorithm: AlgorithmIdentifierOwned,
    hashed_message: OctetString,
}

#[derive(Sequence)]
struct TimeStampReq {
    version: u8,
    message_imprint: MessageImprint,
    #[asn1(optional = "true")]
    req_policy: Option<ObjectIdentifier>,
    #[asn1(optional = "true")]
    nonce: Option<Int>,
    #[asn1(default = "no")]
    cert_req: bool,
}

#[derive(Sequence)]
struct TimeStampResp {
    status: PkiStatusInfo,
    #[asn1(optional = "true")]
    token: Option<Any>,
}

#[derive(Sequence)]
struct PkiStatusInfo {
    status: u8,
    #[asn1(optional = "true")]
    status_string: Option<Vec<String>>,
    #[asn1(optional = "true")]
    fail_info: Option<BitString>,
}

/// What the authority has signed. What follows the nonce is not read here.
struct TstInfo {
    policy: ObjectIdentifier,
    imprint: MessageImprint,
    nonce: Option<Int>,
}

/// What is asked: a stamp over this digest.
pub(super) struct Asked {
    pub(super) digest: [u8; 32],
    pub(super) nonce: [u8; 8],
    pub(super) policy: Option<ObjectIdentifier>,
}

fn no() -> bool {
    false
}

impl Asked {
    pub(super) fn to_der(&self) -> Result<Vec<u8>, SignFault> {
        let request = TimeStampReq {
            version: 1,
            message_imprint: self.imprint()?,
            req_policy: self.policy,
            nonce: Some(self.nonce()?),
            cert_req: true,
        };
        request.to_der().map_err(SignFault::certificate)
    }

    /// The token in an answer, if it is the answer to this.
    pub(super) fn token(&self, answer: &[u8]) -> Result<Vec<u8>, SignFault> {
        let answer = TimeStampResp::from_der(answer).map_err(|_| later("an unreadable answer"))?;
        // 0 is granted, 1 granted with changes; 3 and 4 mean that it will come later.
        match (answer.status.status, answer.token) {
            (0 | 1, Some(token)) => {
                let token = token.to_der().map_err(|_| later("an unreadable token"))?;
                self.check(&token)?;
                Ok(token)
            }
            (3 | 4, _) => Err(later("the time stamp is not ready")),
            (status, _) => Err(SignFault::Refused(format!("time stamp: status {status}"))),
        }
    }

    fn check(&self, token: &[u8]) -> Result<(), SignFault> {
        let said = TstInfo::of_token(token).map_err(|_| refused("an unreadable time stamp"))?;
        let asked = self.imprint()?;
        let same = said.imprint.hashed_message == asked.hashed_message
            && said.imprint.hash_algorithm.oid == asked.hash_algorithm.oid;
        if !same {
            return Err(refused("a time stamp of something else"));
        }
        if said.nonce != Some(self.nonce()?) {
            return Err(refused("a time stamp for another question"));
        }
        if self.policy.is_some_and(|policy| policy != said.policy) {
            return Err(refused("a time stamp under another policy"));
        }
        // Who verifies the document later judges it in the same way.
        if is_stamp_over(token, &self.digest) {
            Ok(())
        } else {
            Err(refused("a time stamp that is not sound"))
        }
    }

    fn imprint(&self) -> Result<MessageImprint, SignFault> {
        Ok(MessageImprint {
            hash_algorithm: AlgorithmIdentifierOwned {
                oid: rfc5912::ID_SHA_256,
                parameters: Some(Any::from(Null)),
            },
            hashed_message: OctetString::new(self.digest.as_slice())
                .map_err(SignFault::certificate)?,
        })
    }

    /// A positive number, whose first byte is never a superfluous zero.
    fn nonce(&self) -> Result<Int, SignFault> {
        let mut bytes = self.nonce;
        if let Some(first) = bytes.first_mut() {
            *first = *first & 0x3F | 0x40;
        }
        Int::new(&bytes).map_err(SignFault::certificate)
    }
}

impl TstInfo {
    fn of_token(token: &[u8]) -> der::Result<Self> {
        let outer = ContentInfo::from_der(token)?;
        let inner: SignedData = outer.content.decode_as()?;
        let content = inner.encap_content_info;
        let unreadable = || der::ErrorKind::Failed.into();
        if content.econtent_type != TST_INFO {
            return Err(unreadable());
        }
        let content: OctetString = content.econtent.ok_or_else(unreadable)?.decode_as()?;
        let parts = Vec::<Any>::from_der(content.as_bytes())?;
        let [_version, policy, imprint, _serial, time, rest @ ..] = parts.as_slice() else {
            return Err(unreadable());
        };
        let _: GeneralizedTime = time.decode_as()?;
        let nonce = rest
            .iter()
            .find(|part| der::Tagged::tag(*part) == der::Tag::Integer);
        Ok(Self {
            policy: policy.decode_as()?,
            imprint: imprint.decode_as()?,
            nonce: nonce.map(Any::decode_as).transpose()?,
        })
    }
}
