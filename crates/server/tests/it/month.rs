//! A month of one ward: lawful, the same on both engines, everything in it that can be asked of a
//! dossier, and every deadline in it counted a second time, minute by minute.

use std::collections::BTreeSet;

use domain::dossier::{CommandKind, Dossier};
use domain::ids::DossierId;
use store::{Database, Loaded, Store};

use crate::program::Installation;
use crate::recount::counted_again;
use crate::support::{Engine, on_both_engines};

on_both_engines!(a_month_of_one_ward_is_lawful_and_every_deadline_is_counted_twice);

const DOSSIERS: u32 = 300;
/// Deadlines that a month has at the least, by the number of its dossiers.
const COUNTED: u32 = 6;
/// What a month of full size has beside what shows the commands.
const RARE: [&str; 4] = [
    "dossier.correction_dropped.v1",
    "dossier.hand_over_acknowledged.v1",
    "dossier.supplement_handed_by_post.v1",
    "dossier.task_opened.v1",
];

/// The event by which a month shows that a command was given.
fn shows(command: CommandKind) -> &'static str {
    match command {
        CommandKind::Submit => "dossier.submitted.v1",
        CommandKind::Receive | CommandKind::Accept => "dossier.received.v1",
        CommandKind::HandByPost => "dossier.handed_by_post.v1",
        CommandKind::DraftSupplement => "dossier.supplement_drafted.v1",
        CommandKind::ApproveSupplement => "dossier.supplement_approved.v1",
        CommandKind::DiscardSupplement => "dossier.supplement_discarded.v1",
        CommandKind::AskSupplement => "dossier.supplement_requested.v1",
        CommandKind::Supply => "dossier.supplied.v1",
        CommandKind::RecordLookup => "dossier.lookup_recorded.v1",
        CommandKind::Scan => "dossier.component_scanned.v1",
        CommandKind::Decline => "dossier.declined.v1",
        CommandKind::HandOver => "dossier.handed_over.v1",
        CommandKind::Assign => "dossier.assigned.v1",
        CommandKind::Release => "dossier.released.v1",
        CommandKind::DraftResult => "dossier.result_drafted.v1",
        CommandKind::SignResult => "dossier.result_signed.v1",
        CommandKind::Forward => "dossier.step_finished.v1",
        CommandKind::SendBack => "dossier.sent_back.v1",
        CommandKind::NoticeObligation => "dossier.obligation_noticed.v1",
        CommandKind::MeetObligation => "dossier.obligation_met.v1",
        CommandKind::Apologise => "dossier.apologised.v1",
        CommandKind::SendTasks => "dossier.tasks_sent.v1",
        CommandKind::AcceptTask => "dossier.task_accepted.v1",
        CommandKind::AnswerTask => "dossier.task_answered.v1",
        CommandKind::AcknowledgeAnswer => "dossier.answer_acknowledged.v1",
        CommandKind::RecallTask => "dossier.task_recalled.v1",
        CommandKind::LapseTask => "dossier.task_lapsed.v1",
        CommandKind::AdmitToLane => "dossier.lane_admitted.v1",
        CommandKind::Repin => "dossier.repinned.v1",
        CommandKind::Issue => "dossier.settled.v1",
        CommandKind::AcknowledgeResult => "dossier.result_acknowledged.v1",
        CommandKind::Return => "dossier.returned.v1",
        CommandKind::Withdraw => "dossier.withdrawn.v1",
        CommandKind::Stop | CommandKind::CloseUnanswered => "dossier.stopped.v1",
        CommandKind::ScanReceipt => "dossier.receipt_scanned.v1",
        CommandKind::CopyResult => "dossier.copied_to_paper.v1",
        CommandKind::DigitiseResult => "dossier.result_digitised.v1",
        CommandKind::OpenCorrection => "dossier.correction_opened.v1",
        CommandKind::FinishCorrection => "dossier.corrected.v1",
    }
}

async fn a_month_of_one_ward_is_lawful_and_every_deadline_is_counted_twice(engine: Engine) {
    let at = Installation::new(engine);
    let digest = live(&at, 3);
    assert_eq!(
        digest,
        live(&Installation::new(Engine::Sqlite), 3),
        "reproducible"
    );
    if engine == Engine::Sqlite {
        assert_ne!(
            digest,
            live(&Installation::new(engine), 4),
            "the seed decides"
        );
    }
    let store = at.store().await;
    let month = Month::read(&store, (3, DOSSIERS)).await;
    store.close().await;
    month.has_everything(DOSSIERS, &[]);
}

/// The month that `cargo xtask soak` lived through, at the size of the mission.
#[tokio::test]
#[ignore = "cargo xtask soak names the month to be counted again"]
async fn the_month_of_the_soak_is_counted_again() {
    let given = |name: &str| std::env::var(name).expect(name);
    let number = |name: &str| given(name).parse::<u32>().unwrap();
    let (seed, dossiers) = (number("MOTCUA_SOAK_SEED"), number("MOTCUA_SOAK_DOSSIERS"));
    let address = Database::parse(&given("MOTCUA_SOAK")).unwrap();
    let store = Store::open(&address).await.unwrap();
    let month = Month::read(&store, (seed, dossiers)).await;
    store.close().await;
    month.has_everything(dossiers, &RARE);
    eprintln!(
        "{} deadlines of {} dossiers counted again, minute by minute",
        month.counted, month.dossiers
    );
}

/// Lives through the month; its digest.
fn live(at: &Installation, seed: u32) -> String {
    let (seed, dossiers) = (seed.to_string(), DOSSIERS.to_string());
    let ran = at.run(&["simulate", "--seed", &seed, "--dossiers", &dossiers]);
    ran.succeeds();
    assert!(ran.out().contains(" 0 differences."), "{}", ran.out());
    let digest = ran.out().lines().find(|line| line.starts_with("digest "));
    digest.unwrap().to_owned()
}

/// What a month came to, read back dossier by dossier.
#[derive(Default)]
struct Month {
    dossiers: u32,
    counted: u32,
    happened: BTreeSet<&'static str>,
    /// Events that somebody made for an absent colleague.
    for_absent: u32,
    /// Dossiers received at another centre than that of the agency that decides, and settled.
    from_elsewhere: u32,
    /// Received without having been filed before, and closed for want of an answer.
    at_counter: u32,
    unanswered: u32,
}

impl Month {
    async fn read(store: &Store, (seed, dossiers): (u32, u32)) -> Self {
        let mut month = Self::default();
        for nth in 0..dossiers {
            for end in ["", "-dc"] {
                let id = DossierId::parse(&format!("thang-{seed}-{nth:05}{end}")).unwrap();
                month.take(&store.load(&id).await.unwrap());
            }
        }
        month
    }

    fn take(&mut self, loaded: &Loaded) {
        let Some(record) = loaded.dossier.record() else {
            return;
        };
        self.dossiers += 1;
        self.counted += counted_again(loaded);
        for recorded in &loaded.events {
            self.happened.insert(recorded.event.kind());
            self.for_absent += u32::from(recorded.behalf.is_some());
        }
        let elsewhere = record.filed.receiving != record.filed.competent;
        self.from_elsewhere += u32::from(elsewhere && loaded.dossier.issued().is_some());
        self.at_counter += u32::from(Some(record.submitted_at) == record.received_at);
        let unanswered = matches!(&loaded.dossier, Dossier::Stopped(one) if one.asked.is_some());
        self.unanswered += u32::from(unanswered);
    }

    fn has_everything(&self, dossiers: u32, beside: &[&'static str]) {
        // Nothing is signed or copied in a rehearsal.
        let other = [
            CommandKind::SignResult,
            CommandKind::CopyResult,
            CommandKind::DigitiseResult,
        ];
        let given = CommandKind::ALL.into_iter();
        let commands = given.filter(|kind| !other.contains(kind));
        let commands = commands.map(shows);
        let missing: Vec<&str> = commands
            .chain(beside.iter().copied())
            .filter(|kind| !self.happened.contains(kind))
            .collect();
        assert_eq!(missing, [""; 0]);
        assert!(self.counted > COUNTED * dossiers, "{}", self.counted);
        for (what, count) in [
            ("for an absent colleague", self.for_absent),
            ("from another centre", self.from_elsewhere),
            ("at the counter", self.at_counter),
            ("unanswered", self.unanswered),
        ] {
            assert!(count > 0, "nothing {what}");
        }
    }
}
