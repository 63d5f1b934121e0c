//! Documents that came back signed from a gateway or from a token at the desk.

use app::clock::VIET_NAM;
use app::signing::{NotWhole, SignError, ToSign};

use super::{SigningParts, blocking, told};
use crate::sign::prepare_stamp;
use crate::verify::{NotAdded, added};

/// The field of the time stamp that such a signature gets here.
pub(super) const STAMP: &str = "DauThoiGian";

/// The signed document as it is to be kept: judged, and with a time stamp of its own when the
/// signature came without one.
pub(super) async fn judged(
    parts: &SigningParts,
    given: ToSign,
    signed: Vec<u8>,
    chain: Vec<Vec<u8>>,
) -> Result<Vec<u8>, SignError> {
    let trust = parts.trust.clone();
    let turn = parts.turns.take().await;
    let turn = turn.map_err(|closed| SignError::Unavailable(closed.to_string()))?;
    let (signed, stamped) = blocking(move || {
        // Kept to the end of the work, also when whoever handed it in has gone.
        let _turn = turn;
        let at = given.at.to_zoned(VIET_NAM.to_time_zone());
        let at = at.map_err(|fault| SignError::Unavailable(fault.to_string()))?;
        let found = added(&given.document, &signed, (&chain, &trust), at.timestamp());
        let found = found.map_err(|fault| SignError::NotWhole(not_whole(fault)))?;
        Ok((signed, found.stamp.is_some()))
    })
    .await?;
    let Some(stamps) = parts.stamps.as_ref().filter(|_| !stamped) else {
        return Ok(signed);
    };
    let prepared =
        blocking(move || prepare_stamp(&signed, STAMP).map_err(|fault| told(&fault))).await?;
    let token = stamps.stamp_digest(prepared.digest()).await;
    let token = token.map_err(|fault| SignError::NoStamp(fault.to_string()))?;
    blocking(move || prepared.finish(&token).map_err(|fault| told(&fault))).await
}

fn not_whole(fault: NotAdded) -> NotWhole {
    match fault {
        NotAdded::OtherBytes => NotWhole::OtherBytes,
        NotAdded::TooLong => NotWhole::TooLong,
        NotAdded::Unreadable => NotWhole::Unreadable,
        NotAdded::OtherPlace => NotWhole::OtherPlace,
        NotAdded::NotOneSignature => NotWhole::NotOneSignature,
        NotAdded::OtherCertificate => NotWhole::OtherCertificate,
        NotAdded::Unsound => NotWhole::Unsound,
        NotAdded::Stamp => NotWhole::Stamp,
        NotAdded::Closed => NotWhole::Closed,
    }
}

#[cfg(test)]
mod tests {
    use app::signing::SigningAct;
    use jiff::civil::date;

    use super::*;

    #[tokio::test]
    async fn what_comes_back_waits_for_its_turn_with_all_that_is_read() {
        let parts = SigningParts::default();
        let turns = parts.turns.clone();
        let others = (turns.take().await.unwrap(), turns.take().await.unwrap());
        let given = ToSign {
            document: b"%PDF-1.7".to_vec(),
            act: SigningAct::Person {
                name: String::new(),
                attachments: Vec::new(),
            },
            at: date(2026, 11, 23).at(8, 0, 0, 0),
        };
        let mut waits = Box::pin(judged(&parts, given, b"another".to_vec(), Vec::new()));
        let moment = std::time::Duration::from_millis(50);
        let waited = tokio::time::timeout(moment, &mut waits).await;
        assert!(waited.is_err(), "two others are being read");
        drop(others);
        let said = waits.await.unwrap_err();
        assert!(
            matches!(said, SignError::NotWhole(NotWhole::OtherBytes)),
            "{said:?}"
        );
    }
}
