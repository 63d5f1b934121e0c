//! Every answer of the reader and the validator has its words.

use app::words::has;
use gateways::pdf::{Active, Refused};
use gateways::verify::{Conclusion, Doubt, Fault, Overall};

#[test]
fn every_refusal_and_every_conclusion_is_said_in_words() {
    let refusals = [
        Refused::NotPdf,
        Refused::TooLarge,
        Refused::TooManyObjects,
        Refused::Bomb,
        Refused::TooDeep,
        Refused::Loop,
        Refused::Encrypted,
        Refused::Active(Active::Script),
        Refused::Active(Active::Launch),
        Refused::Active(Active::OnOpen),
        Refused::Active(Active::OnEvent),
        Refused::Active(Active::Submission),
        Refused::Active(Active::Attachment),
        Refused::Active(Active::Media),
        Refused::Active(Active::Xfa),
        Refused::CrossReferences,
        Refused::Ambiguous,
        Refused::Malformed,
        Refused::ByteRange,
        Refused::NoPages,
    ];
    let doubts = [
        Doubt::WeakAlgorithm,
        Doubt::TimeStamp,
        Doubt::UnsupportedAlgorithm,
        Doubt::Expired,
        Doubt::NotYetValid,
        Doubt::WrongUsage,
        Doubt::Untrusted,
    ];
    let faults = [
        Fault::Coverage,
        Fault::Message,
        Fault::SigningCertificate,
        Fault::Signature,
        Fault::Digest,
    ];
    let mut said = vec![
        Overall::NotSigned,
        Overall::Signed(Conclusion::Valid),
        Overall::Signed(Conclusion::RevocationUnknown),
        Overall::Signed(Conclusion::Revoked),
        Overall::Signed(Conclusion::Changed),
    ];
    said.extend(refusals.map(Overall::Unreadable));
    said.extend(doubts.map(|doubt| Overall::Signed(Conclusion::Indeterminate(doubt))));
    said.extend(faults.map(|fault| Overall::Signed(Conclusion::Broken(fault))));
    for overall in said {
        assert!(has(overall.key()), "{}", overall.key());
    }
}
