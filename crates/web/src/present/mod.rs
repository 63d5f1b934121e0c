//! Domain values as pages show them.

mod deadline;

pub(crate) use app::clock::local_time;
pub(crate) use deadline::{Mark, Marker};

/// Whom a certificate names, in few words: the name and organisation of its subject.
pub(crate) fn holder(subject: &str) -> String {
    let value = |name: &str| {
        let mut parts = subject.split(", ");
        parts.find_map(|part| part.strip_prefix(name))
    };
    match (value("CN="), value("O=")) {
        (Some(name), Some(agency)) if name != agency => format!("{name}, {agency}"),
        (Some(name), _) => name.to_owned(),
        (None, _) => subject.to_owned(),
    }
}

/// `sent_back` of the event kind `dossier.sent_back.v1`, as message keys have it.
pub(crate) fn short_kind(kind: &str) -> &str {
    kind.split('.').nth(1).unwrap_or(kind)
}
