//! What the month came to, counted from the log as it was written.

use std::collections::BTreeMap;

use app::App;
use domain::dossier::{Dossier, Outcome, StateKind};
use domain::ids::DossierId;
use jiff::civil::DateTime;
use ring::digest::{Context, SHA256};

/// Counts of the month, and a digest of everything that was written.
#[derive(Debug, Default)]
pub(super) struct Report {
    states: BTreeMap<&'static str, u32>,
    events: BTreeMap<&'static str, u32>,
    on_time: u32,
    late: u32,
    refused_results: u32,
    open: u32,
    open_late: u32,
    by_delegates: u32,
    elsewhere: u32,
    pub(super) digest: String,
}

/// Events that the report names, as people call them.
const NAMED: [(&str, &str); 23] = [
    ("received", "dossier.received.v1"),
    ("handed over by post", "dossier.handed_by_post.v1"),
    (
        "supplements by post",
        "dossier.supplement_handed_by_post.v1",
    ),
    ("requests approved", "dossier.supplement_approved.v1"),
    ("supplements asked for", "dossier.supplement_requested.v1"),
    ("supplied", "dossier.supplied.v1"),
    ("requests discarded", "dossier.supplement_discarded.v1"),
    ("obligations noticed", "dossier.obligation_noticed.v1"),
    ("obligations met", "dossier.obligation_met.v1"),
    ("apologies", "dossier.apologised.v1"),
    ("tasks of other agencies", "dossier.tasks_sent.v1"),
    ("answered", "dossier.task_answered.v1"),
    ("lapsed", "dossier.task_lapsed.v1"),
    ("recalled", "dossier.task_recalled.v1"),
    ("admitted to the green lane", "dossier.lane_admitted.v1"),
    ("failed lookups", "dossier.lookup_recorded.v1"),
    ("sent back", "dossier.sent_back.v1"),
    ("released", "dossier.released.v1"),
    ("moved to a newer version", "dossier.repinned.v1"),
    (
        "results acknowledged at the centre",
        "dossier.result_acknowledged.v1",
    ),
    ("corrections opened", "dossier.correction_opened.v1"),
    ("corrected", "dossier.corrected.v1"),
    ("corrections dropped", "dossier.correction_dropped.v1"),
];

impl Report {
    /// Reads every dossier of the month back.
    pub(super) async fn read(
        app: &App,
        dossiers: impl Iterator<Item = &DossierId>,
        end: DateTime,
    ) -> anyhow::Result<Self> {
        let mut report = Self::default();
        let mut digest = Context::new(&SHA256);
        for id in dossiers {
            let loaded = app.store().load(id).await?;
            digest.update(loaded.head.as_bytes());
            for recorded in &loaded.events {
                *report.events.entry(recorded.event.kind()).or_default() += 1;
                report.by_delegates += u32::from(recorded.behalf.is_some());
            }
            report.count(&loaded.dossier, end);
        }
        report.digest = hex::encode(digest.finish());
        Ok(report)
    }

    fn count(&mut self, dossier: &Dossier, end: DateTime) {
        let state = dossier.kind();
        *self.states.entry(state.as_str()).or_default() += 1;
        let Some(record) = dossier.record() else {
            return;
        };
        self.elsewhere += u32::from(record.filed.receiving != record.filed.competent);
        if let Some(issued) = dossier.issued() {
            let on_time = record.on_time(issued.at) != Some(false);
            self.on_time += u32::from(on_time);
            self.late += u32::from(!on_time);
            self.refused_results += u32::from(issued.outcome == Outcome::Refused);
        } else if !state.is_closed() {
            self.open += 1;
            self.open_late += u32::from(record.on_time(end) == Some(false));
        }
    }

    fn state(&self, state: StateKind) -> u32 {
        self.states.get(state.as_str()).copied().unwrap_or(0)
    }

    /// The lines for a person.
    pub(super) fn lines(&self) -> Vec<String> {
        let (on_time, late) = (self.on_time, self.late);
        let mut lines = vec![
            format!(
                "settled on time {on_time}, late {late}, refused {}",
                self.refused_results
            ),
            format!("open {}, of which late {}", self.open, self.open_late),
            format!(
                "not received {}, withdrawn {}, stopped {}",
                self.state(StateKind::Declined),
                self.state(StateKind::Withdrawn),
                self.state(StateKind::Stopped),
            ),
            format!("received at another centre {}", self.elsewhere),
            format!("events by delegates {}", self.by_delegates),
        ];
        let counted = NAMED.iter().map(|(name, kind)| {
            let count = self.events.get(kind).copied().unwrap_or(0);
            format!("{name} {count}")
        });
        lines.extend(counted);
        lines
    }
}
