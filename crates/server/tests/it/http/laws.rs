//! Every command in every state as everybody, through REST, each time on the newest version and
//! with all that its form asks: who is let in is who the matrix of permissions lets in, and what is
//! done is what the grid of moves knows.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use app::access::{Resource, may_act, may_see};
use app::clock::Ids;
use app::intake::Ending;
use axum::http::Method;
use domain::dossier::{CommandKind, StateKind};
use domain::ids::{DossierId, UnitId};
use domain::office::Role;
use serde_json::{Value, json};

use super::browser::{Browser, Page, Sent};
use super::desk::Desk;
use super::scene::csrf;
use crate::support::{Engine, actor, file_copies, golden};

/// `%PDF-1.7` and a line end, as base64.
const PAPER: &str = "JVBERi0xLjcK";
const CLERK: &str = "tiepnhan.hacthanh";
const OFFICER: &str = "chuyenvien.hacthanh";
const LEADER: &str = "lanhdao.hacthanh";
const SEAL: &str = "vanthu.hacthanh";

/// Whose session it is, in which post, and where.
const PEOPLE: [(&str, &str, Role, &str); 11] = [
    ("clerk", CLERK, Role::ReceptionClerk, "Phường Hạc Thành"),
    ("officer", OFFICER, Role::CaseOfficer, "Phường Hạc Thành"),
    ("leader", LEADER, Role::Leader, "Phường Hạc Thành"),
    ("seal", SEAL, Role::SealClerk, "Phường Hạc Thành"),
    (
        "director",
        "giamdoc.hacthanh",
        Role::CentreDirector,
        "Phường Hạc Thành",
    ),
    (
        "post",
        "buudien.hacthanh",
        Role::PostAgent,
        "Phường Hạc Thành",
    ),
    (
        "volunteer",
        "tinhnguyen.hacthanh",
        Role::Volunteer,
        "Phường Hạc Thành",
    ),
    (
        "control",
        "kiemsoat",
        Role::ProvinceController,
        "Tỉnh Thanh Hóa",
    ),
    ("admin", "quantri", Role::Administrator, "Tỉnh Thanh Hóa"),
    (
        "elsewhere",
        "tiepnhan.nguyetvien",
        Role::ReceptionClerk,
        "Phường Nguyệt Viên",
    ),
    (
        "justice",
        "chuyenvien.sotuphap",
        Role::CaseOfficer,
        "Sở Tư pháp",
    ),
];

type Way = &'static [(&'static str, &'static str)];

const DRAFTED: Way = &[(CLERK, "hand_over"), (OFFICER, "draft_result")];
const APPROVED: Way = &[
    (CLERK, "hand_over"),
    (OFFICER, "draft_result"),
    (OFFICER, "forward"),
    (LEADER, "forward"),
];

/// Every state, and those that judge in several ways more than once; the way to each.
const STAGES: [(&str, Ending, Way); 17] = [
    ("submitted", Ending::Submit, &[]),
    ("incomplete", Ending::Submit, &[(CLERK, "ask_supplement")]),
    ("declined", Ending::Submit, &[(CLERK, "decline")]),
    ("received", Ending::Receive, &[]),
    (
        "processing, to be drafted",
        Ending::Receive,
        &[(CLERK, "hand_over")],
    ),
    (
        "processing, a request drafted",
        Ending::Receive,
        &[(CLERK, "hand_over"), (OFFICER, "draft_supplement")],
    ),
    (
        "processing, asked of another agency",
        Ending::Receive,
        &[(CLERK, "hand_over"), (OFFICER, "send_tasks")],
    ),
    ("processing, drafted", Ending::Receive, DRAFTED),
    (
        "processing, to be approved",
        Ending::Receive,
        &[
            (CLERK, "hand_over"),
            (OFFICER, "draft_result"),
            (OFFICER, "forward"),
        ],
    ),
    ("processing, to be issued", Ending::Receive, APPROVED),
    (
        "paused",
        Ending::Receive,
        &[
            (CLERK, "hand_over"),
            (OFFICER, "draft_supplement"),
            (CLERK, "ask_supplement"),
        ],
    ),
    (
        "obliged",
        Ending::Receive,
        &[(CLERK, "hand_over"), (OFFICER, "notice_obligation")],
    ),
    ("withdrawn", Ending::Receive, &[(CLERK, "withdraw")]),
    (
        "stopped",
        Ending::Receive,
        &[(CLERK, "hand_over"), (LEADER, "stop")],
    ),
    (
        "settled",
        Ending::Receive,
        &[
            (CLERK, "hand_over"),
            (OFFICER, "draft_result"),
            (OFFICER, "forward"),
            (LEADER, "forward"),
            (SEAL, "issue"),
        ],
    ),
    (
        "returned",
        Ending::Receive,
        &[
            (CLERK, "hand_over"),
            (OFFICER, "draft_result"),
            (OFFICER, "forward"),
            (LEADER, "forward"),
            (SEAL, "issue"),
            (CLERK, "return"),
        ],
    ),
    (
        "returned, being corrected",
        Ending::Receive,
        &[
            (CLERK, "hand_over"),
            (OFFICER, "draft_result"),
            (OFFICER, "forward"),
            (LEADER, "forward"),
            (SEAL, "issue"),
            (CLERK, "return"),
            (LEADER, "open_correction"),
        ],
    ),
];

/// Commands that no request gives: filing has its own, the rest are the worker's or an
/// administrator's jobs.
const NOBODY: [CommandKind; 6] = [
    CommandKind::Submit,
    CommandKind::Receive,
    CommandKind::Release,
    CommandKind::LapseTask,
    CommandKind::Repin,
    CommandKind::FinishCorrection,
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_command_in_every_state_as_every_role_is_judged_as_agreed() {
    let mut laws = Laws::open().await;
    let mut text = String::from(
        "# Every command in every state as everybody, through REST: what is answered to whom.\n\
         # A number and a rule: the law says no. A number and a state: it was done.\n",
    );
    for (stage, ending, way) in STAGES {
        write!(text, "\n{stage}\n").unwrap();
        let mut id = laws.stage(ending, way).await;
        for kind in CommandKind::ALL {
            let mut said: BTreeMap<String, Vec<&str>> = BTreeMap::new();
            for (nth, (name, ..)) in PEOPLE.iter().enumerate() {
                let answer = laws.tried(&id, kind, nth).await;
                if answer.starts_with("200") {
                    id = laws.stage(ending, way).await;
                }
                said.entry(answer).or_default().push(name);
            }
            for (answer, people) in said {
                writeln!(
                    text,
                    "  {:<20} {answer:<22} {}",
                    kind.as_str(),
                    people.join(" ")
                )
                .unwrap();
            }
        }
    }
    golden("tests/it/golden/rest.txt", &text);
    laws.desk.finish().await;
}

struct Laws {
    desk: Desk,
    browsers: Vec<(Browser, String)>,
    officer: String,
}

impl Laws {
    async fn open() -> Self {
        let desk = Desk::open(Engine::Sqlite).await;
        let mut browsers = Vec::new();
        for (_, login, ..) in PEOPLE {
            let mut browser = desk.person(login).await;
            let secret = csrf(&mut browser).await;
            browsers.push((browser, secret));
        }
        let officer = desk.office.app.store().find_account(OFFICER).await.unwrap();
        Self {
            officer: officer.unwrap().staff.to_string(),
            desk,
            browsers,
        }
    }

    /// A new dossier at the end of that way.
    async fn stage(&mut self, ending: Ending, way: Way) -> DossierId {
        let id = file_copies(&self.desk.office.app, ending).await;
        for (login, command) in way {
            let nth = PEOPLE
                .iter()
                .position(|(_, other, ..)| other == login)
                .unwrap();
            let kind = CommandKind::parse(command).unwrap();
            let page = self.give(&id, kind, nth).await;
            assert_eq!(page.status, 200, "{command}: {}", page.text());
        }
        self.desk.make_slips().await;
        id
    }

    async fn give(&mut self, id: &DossierId, kind: CommandKind, nth: usize) -> Page {
        let store = self.desk.office.app.store();
        let version = store.load(id).await.unwrap().version;
        let body = json!({
            "version": version, "fields": self.fields(kind), "request": PAPER, "document": PAPER,
        });
        let path = format!("/api/v1/dossiers/{id}/commands/{}", kind.as_str());
        let (browser, secret) = &mut self.browsers[nth];
        let sent = Sent::json(Method::POST, &path, &body).with("x-csrf-token", secret);
        let sent = sent.with("idempotency-key", &Ids::default().token());
        browser.send(&sent).await
    }

    /// All that the forms ask, each command taking its own.
    fn fields(&self, kind: CommandKind) -> Value {
        let kind = if kind == CommandKind::SendTasks {
            "opinion"
        } else {
            "amend"
        };
        json!({
            "reason": "Thiếu chữ ký.", "ask": ["1"], "c1": "paper", "to": self.officer,
            "outcome": "granted", "summary": "Đồng ý.", "receiver": "applicant", "component": "1",
            "found": "failed", "ground": "decision", "notice": "Nộp thuế", "amount": "150000",
            "proof": "Biên lai 12", "until": "2027-01-15", "lane": "xanh", "kind": kind,
            "apology": "Xin lỗi.", "correction": "amend", "task": "1", "text": "Nhất trí.", "agrees": "yes",
            "agency1": "Sở Tư pháp", "kind1": "opinion", "content1": "Ý kiến?", "days1": "2",
            "unit1": "working",
        })
    }

    /// What is answered, after it was compared with the matrix and with the grid.
    async fn tried(&mut self, id: &DossierId, kind: CommandKind, nth: usize) -> String {
        let before = self.desk.office.app.store().load(id).await.unwrap();
        let page = self.give(id, kind, nth).await;
        let after = self.desk.office.app.store().load(id).await.unwrap();
        let status = page.status.as_u16();
        let (from, to) = (before.dossier.kind(), after.dossier.kind());
        if status == 200 {
            assert!(
                is_move(from, kind),
                "{} from {}",
                kind.as_str(),
                from.as_str()
            );
        } else {
            assert_eq!(before.version, after.version, "{} {status}", kind.as_str());
        }
        let (name, _, role, unit) = PEOPLE[nth];
        // What cannot be read is answered before anything is looked at.
        let unread = status == 422 && page.json()["rule"].is_null();
        if !NOBODY.contains(&kind) && !unread {
            let process = self.process(&before.dossier).await;
            let resource = Resource::of(&before.dossier, &process).unwrap();
            let who = actor(role, &self.unit(unit));
            let (sees, may) = (may_see(&who, &resource), may_act(&who, kind, &resource));
            assert_eq!(
                status == 404,
                sees.is_err(),
                "{name} {} {status}",
                kind.as_str()
            );
            // The use case may be stricter: about a colleague, or a task of another agency.
            let kept_out = matches!(status, 403 | 404);
            let unread = status == 422 && page.json()["rule"].is_null();
            assert!(
                kept_out || unread || may.is_ok(),
                "{name} {} {status}",
                kind.as_str()
            );
        }
        match status {
            200 => format!("200 {}", to.as_str()),
            422 => format!("422 {}", page.json()["rule"].as_str().unwrap_or("fields")),
            _ => status.to_string(),
        }
    }

    async fn process(
        &self,
        dossier: &domain::dossier::Dossier,
    ) -> std::sync::Arc<domain::process::Process> {
        let filed = &dossier.record().unwrap().filed;
        let app = &self.desk.office.app;
        app.process(&filed.procedure, filed.process_version)
            .await
            .unwrap()
    }

    fn unit(&self, name: &str) -> UnitId {
        if name == "Tỉnh Thanh Hóa" {
            return UnitId::parse("H56").unwrap();
        }
        self.desk.office.unit(name)
    }
}

/// Whether the golden grid of the core knows the move from some stage of that state.
fn is_move(from: StateKind, kind: CommandKind) -> bool {
    let grid = include_str!("../../../../domain/samples/moves.txt");
    let mut here = false;
    for line in grid.lines().filter(|line| !line.starts_with('#')) {
        if !line.starts_with(' ') {
            here = line.split(',').next() == Some(from.as_str());
        }
        let mut words = line.split_whitespace();
        if here && words.next() == Some(kind.as_str()) && words.next() != Some("-") {
            return true;
        }
    }
    false
}
