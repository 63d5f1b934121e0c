//! Every command in every state as everybody, through REST, each time on the newest version and
//! with all that its form asks: who is let in is who the matrix of permissions lets in, and what is
//! done is what the grid of moves knows.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use app::access::{Actor, Resource, may_act, may_see};
use app::clock::Ids;
use app::intake::{AtCounter, Ending};
use axum::http::Method;
use domain::dossier::{CommandKind, Dossier, StateKind};
use domain::ids::{DossierId, UnitId};
use domain::office::Role;
use serde_json::{Value, json};
use server::demonstration::PIN;

use super::browser::{Browser, Page, Sent};
use super::desk::{COPIES, Desk};
use super::scene::csrf;
use super::stages::{AGENT, CLERK, Come, OFFICER, PEOPLE, STAGES, THEIR_OFFICER, THEIR_WARD, Way};
use crate::support::{Engine, PDF_BASE64, actor, golden, key, typed};

/// A document, as base64.
const PAPER: &str = PDF_BASE64;
/// A certificate of a place to park: one paper, served by post.
const PARKING: &str = "1.013313";

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
    let own = |come| matches!(come, Come::Here(_));
    Box::pin(swept(own, "tests/it/golden/rest.txt")).await;
}

/// Where one agency received and another decides, and where the post filed: who of each is let in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_two_agencies_or_the_post_have_a_hand_in_is_judged_as_agreed() {
    let shared = |come| !matches!(come, Come::Here(_));
    Box::pin(swept(shared, "tests/it/golden/rest-shared.txt")).await;
}

/// Tries every command in the states that are wanted, and compares with what was agreed.
async fn swept(wanted: fn(Come) -> bool, agreed: &str) {
    let mut laws = Laws::open().await;
    let mut text = String::from(
        "# Every command in every state as everybody, through REST: what is answered to whom.\n\
         # A number and a rule: the law says no. A number and a state: it was done.\n",
    );
    for (stage, come, way) in STAGES.into_iter().filter(|(_, come, _)| wanted(*come)) {
        write!(text, "\n{stage}\n").unwrap();
        let mut id = Box::pin(laws.stage(come, way)).await;
        for (answer, people) in laws.slips(&id, come).await {
            let people = people.join(" ");
            writeln!(text, "  {:<20} {answer:<22} {people}", "(slip of the post)").unwrap();
        }
        for (answer, people) in Box::pin(laws.taken_back(&mut id, (come, way))).await {
            let people = people.join(" ");
            writeln!(
                text,
                "  {:<20} {answer:<22} {people}",
                "(record taken back)"
            )
            .unwrap();
        }
        for kind in CommandKind::ALL {
            for (answer, people) in Box::pin(laws.answers(&mut id, kind, (come, way))).await {
                let (kind, people) = (kind.as_str(), people.join(" "));
                writeln!(text, "  {kind:<20} {answer:<22} {people}").unwrap();
            }
        }
    }
    golden(agreed, &text);
    laws.desk.finish().await;
}

/// A whole picture of one point, as base64.
const PICTURE: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5E\
                       rkJggg==";

struct Laws {
    desk: Desk,
    browsers: Vec<(Browser, String)>,
    /// To whom a step is given, at the ward and at the other one.
    officers: [String; 2],
    /// The joint record of the post on which the dossier in hand stands.
    record: Option<String>,
}

/// The place of somebody among those who try.
fn nth(login: &str) -> usize {
    let found = PEOPLE.iter().position(|(_, other, ..)| *other == login);
    found.unwrap()
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
        let store = desk.office.app.store();
        let mut officers = Vec::new();
        for login in [OFFICER, THEIR_OFFICER] {
            let account = store.find_account(login).await.unwrap();
            officers.push(account.unwrap().staff.to_string());
        }
        Self {
            officers: officers.try_into().unwrap(),
            desk,
            browsers,
            record: None,
        }
    }

    /// A new dossier at the end of that way.
    async fn stage(&mut self, come: Come, way: Way) -> DossierId {
        self.record = None;
        let id = match come {
            Come::Here(ending) => self.filed(ending, "").await,
            Come::ForOthers(ending) => self.filed(ending, THEIR_WARD).await,
            Come::Letter => self.letter().await,
            Come::ByPost { signed } => self.posted(signed).await,
        };
        for (login, command) in way {
            let kind = CommandKind::parse(command).unwrap();
            let page = self.give(&id, kind, nth(login)).await;
            assert_eq!(page.status, 200, "{command}: {}", page.text());
            if kind == CommandKind::Issue {
                // Nobody gets a result before its seal.
                self.desk.make_slips().await;
            }
        }
        let loaded = self.desk.office.app.store().load(&id).await.unwrap();
        if self.record.is_some() && loaded.dossier.kind() == StateKind::Incomplete {
            // What was missing came to the agent, who hands it over too.
            let line = json!({"lines": [{"dossier": id.as_str(), "supplied": [1]}]});
            self.listed(&line).await;
        }
        self.desk.make_slips().await;
        id
    }

    /// Certified copies handed in at the ward, every paper being there; decided by the agency named,
    /// by the ward where none is.
    async fn filed(&self, ending: Ending, competent: &str) -> DossierId {
        let office = &self.desk.office;
        let competent = match competent {
            "" => String::new(),
            name => office.unit(name).to_string(),
        };
        let input = AtCounter {
            scans: Vec::new(),
            ending,
            typed: typed(&[
                ("name", "Nguyễn Thị An"),
                ("number", "038199000017"),
                ("birth", "31/12/1999"),
                ("address", "Thôn 1, Xã Ví Dụ, Tỉnh Thanh Hóa"),
                ("phone", "0912 345 678"),
                ("procedure", COPIES),
                ("competent", &competent),
                ("c1", "paper"),
                ("pages1", "1"),
            ]),
            draft: None,
            key: key(),
        };
        let who = actor(Role::ReceptionClerk, &office.ward());
        let filed = app::intake::receive(&office.app, &who, input).await;
        filed.unwrap().dossier
    }

    /// What came by post without an agent: a clerk opened the letter.
    async fn letter(&mut self) -> DossierId {
        let fields = json!({"name": "Nguyễn Thị An", "number": "038199000017",
            "procedure": PARKING, "channel": "post", "c1": "paper"});
        let body = json!({"ending": "submit", "fields": fields});
        let page = self
            .send((Method::POST, "/api/v1/dossiers", &body), nth(CLERK))
            .await;
        let id = page.is(201).json()["dossier"].as_str().unwrap().to_owned();
        DossierId::parse(&id).unwrap()
    }

    /// What the agent of the post filed, on a record that she made and that the clerk has signed.
    async fn posted(&mut self, signed: bool) -> DossierId {
        let fields = json!({"name": "Nguyễn Thị An", "number": "038199000017",
            "birth": "31/12/1999", "address": "Thôn 1, Xã Ví Dụ, Tỉnh Thanh Hóa",
            "procedure": PARKING, "c1": "paper"});
        let body = json!({"ending": "submit", "fields": fields});
        let page = self
            .send((Method::POST, "/api/v1/dossiers", &body), nth(AGENT))
            .await;
        let id = page.is(201).json()["dossier"].as_str().unwrap().to_owned();
        let record = self.listed(&json!({"dossiers": [id]})).await;
        if signed {
            let path = format!("/api/v1/post-records/{record}/signature");
            let page = self
                .send((Method::POST, &path, &json!({})), nth(CLERK))
                .await;
            page.is(200);
        }
        DossierId::parse(&id).unwrap()
    }

    /// The agent makes a record of these lines.
    async fn listed(&mut self, lines: &Value) -> String {
        let page = self
            .send((Method::POST, "/api/v1/post-records", lines), nth(AGENT))
            .await;
        let id = page.is(201).json()["id"].as_str().unwrap().to_owned();
        self.record = Some(id.clone());
        id
    }

    async fn send(&mut self, (method, path, body): (Method, &str, &Value), nth: usize) -> Page {
        let (browser, secret) = &mut self.browsers[nth];
        let sent = Sent::json(method, path, body).with("x-csrf-token", secret);
        let sent = sent.with("idempotency-key", &Ids::default().token());
        browser.send(&sent).await
    }

    /// A command on the newest version; the hand-over by post is the signature of the record.
    async fn give(&mut self, id: &DossierId, kind: CommandKind, nth: usize) -> Page {
        if kind == CommandKind::HandByPost {
            return self.hand_over(id, nth).await;
        }
        let loaded = self.desk.office.app.store().load(id).await.unwrap();
        let mut fields = self.fields(kind, &loaded.dossier);
        if kind == CommandKind::SignResult {
            fields["document"] = json!(self.read(id, nth).await);
            fields["pin"] = json!(PIN);
        }
        let scans = match kind {
            CommandKind::Scan => json!({"1": PICTURE}),
            _ => json!({}),
        };
        let mut body = json!({
            "version": loaded.version, "fields": fields,
            "request": PAPER, "document": PAPER, "scans": scans,
        });
        if kind == CommandKind::SignResult {
            // A document with it would be one that a token at the desk has signed.
            body.as_object_mut().unwrap().remove("document");
        }
        let path = format!("/api/v1/dossiers/{id}/commands/{}", kind.as_str());
        self.send((Method::POST, &path, &body), nth).await
    }

    /// What somebody would sign, by its hash; another hash for whoever may read nothing.
    async fn read(&mut self, id: &DossierId, nth: usize) -> String {
        let (browser, _) = &mut self.browsers[nth];
        let page = browser.get(&format!("/api/v1/dossiers/{id}/signing")).await;
        match page.status.as_u16() {
            200 => page.json()["document"].as_str().unwrap().to_owned(),
            _ => "0".repeat(64),
        }
    }

    /// Signs the record on which the dossier stands; what is on none, one tries to put on one.
    async fn hand_over(&mut self, id: &DossierId, nth: usize) -> Page {
        if let Some(record) = self.record.clone() {
            let path = format!("/api/v1/post-records/{record}/signature");
            return self.send((Method::POST, &path, &json!({})), nth).await;
        }
        let lines = json!({"dossiers": [id.as_str()]});
        self.send((Method::POST, "/api/v1/post-records", &lines), nth)
            .await
    }

    /// All that the forms ask, each command taking its own.
    fn fields(&self, kind: CommandKind, dossier: &Dossier) -> Value {
        let (named, wrong) = match (kind, dossier.kind()) {
            (CommandKind::SendTasks, _) => ("opinion", ""),
            // What is sent is what was drafted, and before reception there is no draft.
            (CommandKind::AskSupplement, state) if state != StateKind::Submitted => ("amend", ""),
            _ => ("amend", "Thiếu chữ ký."),
        };
        let filed = &dossier.record().unwrap().filed;
        let [own, theirs] = &self.officers;
        let officer = if filed.receiving == filed.competent {
            own
        } else {
            theirs
        };
        json!({
            "reason": "Thiếu chữ ký.", "ask": ["1"], "w1": wrong, "c1": "paper", "to": officer,
            "outcome": "granted", "summary": "Đồng ý.", "receiver": "applicant", "seen": "card",
            "digits": "0017", "b1": "yes", "kept_reason": "Lưu hồ sơ.", "component": "1",
            "found": "failed", "note": "Không trả lời.", "ground": "decision", "notice": "Nộp thuế",
            "amount": "150000", "proof": "Biên lai 12", "until": "2027-01-15", "lane": "xanh",
            "kind": named, "apology": "Xin lỗi.", "correction": "amend", "task": "1",
            "text": "Nhất trí.", "agrees": "yes", "agency1": "Sở Tư pháp", "kind1": "opinion",
            "content1": "Ý kiến?", "days1": "2", "unit1": "working",
        })
    }

    /// Who is given the slip of the post, which names the sender.
    async fn slips(&mut self, id: &DossierId, come: Come) -> BTreeMap<String, Vec<&'static str>> {
        let mut said: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (nth, person) in PEOPLE.iter().enumerate() {
            if come.concerns(person) {
                let (browser, _) = &mut self.browsers[nth];
                let page = browser
                    .get(&format!("/api/v1/dossiers/{id}/post-slip"))
                    .await;
                let status = page.status.as_u16().to_string();
                said.entry(status).or_default().push(person.0);
            }
        }
        said
    }

    /// Who may take the record back on which the dossier stands; whenever one is, the next tries on a
    /// record anew.
    async fn taken_back(
        &mut self,
        id: &mut DossierId,
        (come, way): (Come, Way),
    ) -> BTreeMap<String, Vec<&'static str>> {
        let mut said: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (nth, person) in PEOPLE.iter().enumerate() {
            let Some(record) = self.record.clone().filter(|_| come.concerns(person)) else {
                continue;
            };
            let path = format!("/api/v1/post-records/{record}");
            let page = self.send((Method::DELETE, &path, &json!({})), nth).await;
            let status = page.status.as_u16();
            let answer = match status {
                422 => format!("422 {}", page.json()["rule"].as_str().unwrap_or("fields")),
                _ => status.to_string(),
            };
            said.entry(answer).or_default().push(person.0);
            if status < 300 {
                *id = Box::pin(self.stage(come, way)).await;
            }
        }
        said
    }

    /// What is answered to whom; whenever it is done, the next tries on a dossier anew.
    async fn answers(
        &mut self,
        id: &mut DossierId,
        kind: CommandKind,
        (come, way): (Come, Way),
    ) -> BTreeMap<String, Vec<&'static str>> {
        let mut said: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (nth, person) in PEOPLE.iter().enumerate() {
            if !come.concerns(person) {
                continue;
            }
            let answer = self.tried(id, kind, nth).await;
            if answer.starts_with("200") {
                *id = Box::pin(self.stage(come, way)).await;
            }
            said.entry(answer).or_default().push(person.0);
        }
        said
    }

    /// What is answered, after it was compared with the matrix and with the grid.
    async fn tried(&mut self, id: &DossierId, kind: CommandKind, nth: usize) -> String {
        let before = self.desk.office.app.store().load(id).await.unwrap();
        let page = self.give(id, kind, nth).await;
        let after = self.desk.office.app.store().load(id).await.unwrap();
        let status = page.status.as_u16();
        let (from, to) = (before.dossier.kind(), after.dossier.kind());
        let unchanged = before.version == after.version;
        if status == 200 && !unchanged {
            // What comes by post as a supplement is a supply.
            let supplies = kind == CommandKind::HandByPost && is_move(from, CommandKind::Supply);
            assert!(
                is_move(from, kind) || supplies,
                "{} from {}",
                kind.as_str(),
                from.as_str()
            );
        } else {
            assert!(unchanged, "{} {status}", kind.as_str());
        }
        let (name, login, role, unit) = PEOPLE[nth];
        // What cannot be read is answered before anything is looked at.
        let unread = status == 422 && page.json()["rule"].is_null();
        if !NOBODY.contains(&kind) && !unread {
            let process = self.process(&before.dossier).await;
            let resource = Resource::of(&before.dossier, &process).unwrap();
            // What is with the agent who filed it is with her, and with no other agent.
            let account = self.desk.office.app.store().find_account(login).await;
            let who = Actor {
                staff: account.unwrap().unwrap().staff,
                ..actor(role, &self.unit(unit))
            };
            let (sees, may) = (may_see(&who, &resource), may_act(&who, kind, &resource));
            // An agent of the post scans what she does not see otherwise.
            let unseen = sees.is_err() && may.is_err();
            // A record of the post is kept from whoever takes nothing over, seen or not.
            assert!(
                kind == CommandKind::HandByPost || (status == 404) == unseen,
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
            200 if unchanged => "200 unchanged".to_owned(),
            200 => format!("200 {}", to.as_str()),
            422 => format!("422 {}", page.json()["rule"].as_str().unwrap_or("fields")),
            _ => status.to_string(),
        }
    }

    async fn process(&self, dossier: &Dossier) -> std::sync::Arc<domain::process::Process> {
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
            here = line.split([',', ' ']).next() == Some(from.as_str());
        }
        let mut words = line.split_whitespace();
        if here && words.next() == Some(kind.as_str()) && words.next() != Some("-") {
            return true;
        }
    }
    false
}
