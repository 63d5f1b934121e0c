//! Every event kind, once released, is read for ever: `samples/events/<kind>.json`.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::dossier::Event;

/// Names every kind once; an event that is missing here does not compile.
macro_rules! kinds {
    ($($kind:ident),+ $(,)?) => {
        const KINDS: &[&str] = &[$(stringify!($kind)),+];

        fn kind_of(event: &Event) -> &'static str {
            match event { $(Event::$kind { .. } => stringify!($kind),)+ }
        }
    };
}

kinds!(
    Submitted,
    Received,
    HandedByPost,
    SupplementHandedByPost,
    ResultAcknowledged,
    SupplementRequested,
    Supplied,
    Declined,
    HandedOver,
    Assigned,
    StepFinished,
    SentBack,
    ResultDrafted,
    ResultSigned,
    ObligationNoticed,
    ObligationMet,
    Settled,
    Returned,
    Withdrawn,
    Stopped,
    SlipIssued,
    ResultMade,
    SupplementDrafted,
    SupplementApproved,
    SupplementDiscarded,
    LookupRecorded,
    ComponentScanned,
    HandOverAcknowledged,
    Released,
    Apologised,
    TasksSent,
    TaskOpened,
    TaskAccepted,
    TaskAnswered,
    AnswerAcknowledged,
    TaskRecalled,
    TaskLapsed,
    LaneAdmitted,
    Repinned,
    CorrectionOpened,
    Corrected,
    ReceiptScanned,
    CopiedToPaper,
    ResultDigitised,
    CorrectionDropped,
);

/// File name, content as released, and the event it decodes to.
fn samples() -> Vec<(String, Value, Event)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("samples/events");
    let read = |path: PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        let value: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        let event = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        (name, value, event)
    };
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| read(entry.unwrap().path()))
        .collect()
}

#[test]
fn every_event_kind_has_a_released_sample() {
    let sampled: BTreeSet<&str> = samples()
        .iter()
        .map(|(_, _, event)| kind_of(event))
        .collect();
    assert_eq!(sampled, KINDS.iter().copied().collect());
}

#[test]
fn a_released_sample_decodes_and_encodes_to_itself() {
    for (name, value, event) in samples() {
        assert_eq!(serde_json::to_value(&event).unwrap(), value, "{name}");
    }
}

#[test]
fn a_sample_is_named_by_the_kind_on_disk() {
    for (name, value, event) in samples() {
        assert!(name.starts_with(&format!("{}.", event.kind())), "{name}");
        assert_eq!(value["kind"], event.kind(), "{name}");
    }
}

#[test]
fn an_event_knows_when_it_happened() {
    let at = jiff::civil::date(2026, 11, 16).at(8, 15, 0, 0);
    for (name, _, event) in samples() {
        assert_eq!(event.at(), at, "{name}");
    }
}

#[test]
fn an_unknown_kind_is_not_read() {
    assert!(serde_json::from_str::<Event>(r#"{"kind":"dossier.erased.v1"}"#).is_err());
}
