//! The fourth sweep: whatever changes something is sent twice, as an impatient browser does, and
//! happens once.

use std::collections::BTreeSet;

use app::clock::Ids;
use app::intake::Ending;
use domain::dossier::CommandKind;
use domain::ids::DossierId;
use serde_json::json;
use server::demonstration::PIN;

use super::browser::{Browser, Page, Sent};
use super::desk::{CARD, COPIES, Desk, HANDED_OUT, fill_intake, id_of, order};
use super::routes::all;
use super::scene::csrf;
use crate::repin::publish;
use crate::support::{Engine, PDF, file_copies, on_both_engines};

on_both_engines!(
    every_command_sent_twice_happens_once,
    every_end_of_an_intake_sent_twice_files_once,
    a_program_s_request_sent_twice_happens_once,
    moves_to_another_version_sent_twice_are_one_batch,
);

/// Routes that change something and have no one-time key: sent again they find it done; and every
/// print is a print of its own.
const KEYLESS: [&str; 57] = [
    "POST /chung-thu/nap",
    "POST /con-dau/thu-ma-pin",
    "POST /chung-thu/{certificate}",
    "POST /dang-nhap",
    "POST /dang-xuat",
    "POST /giao-nhan",
    "POST /ho-so/{id}/phieu/{form}/in",
    "POST /ho-so/{id}/kiem-tra-chu-ky",
    "POST /ho-so/{id}/ky-tai-cho",
    "POST /in-phieu",
    "POST /so-theo-doi",
    "POST /ho-so/{id}/{command}/nhap",
    "POST /ket-qua-chua-ky-so/{id}",
    "POST /ky-so/{batch}",
    "POST /ky-so/{batch}/ma",
    "POST /ky-so/{batch}/{place}/ky-tai-cho",
    "POST /ky-tai-cho/{word}",
    "POST /ngon-ngu",
    "POST /quan-tri/can-bo/{staff}",
    "POST /tai-khoan",
    "POST /tai-khoan/ma-xac-thuc",
    "POST /thong-bao/bat-tat",
    "POST /thong-bao/gio-khong-gui",
    "POST /thong-bao/gui-lai",
    "POST /thong-bao/mau",
    "POST /tiep-nhan/nhap/{id}",
    "POST /tiep-nhan/nhap/{id}/bo",
    "POST /tim",
    "POST /vang-mat",
    "POST /ky-so/{batch}/bo",
    "POST /xac-thuc/{token}",
    "DELETE /api/v1/absences/{delegation}",
    "POST /api/v1/absences",
    "POST /api/v1/certificates",
    "POST /api/v1/certificates/{certificate}/end",
    "POST /api/v1/dossiers/{dossier}/local-signings",
    "POST /api/v1/dossiers/{dossier}/signatures",
    "POST /api/v1/notice-templates",
    "POST /api/v1/notice-templates/check",
    "POST /api/v1/notices/again",
    "POST /api/v1/notices/quiet-hours",
    "POST /api/v1/notices/switch",
    "DELETE /api/v1/post-records/{record}",
    "POST /api/v1/post-records/{record}/signature",
    "POST /api/v1/prints",
    "POST /api/v1/register/{unit}/{year}/close",
    "POST /api/v1/results/{dossier}/seal",
    "DELETE /api/v1/sessions",
    "POST /api/v1/sessions",
    "DELETE /api/v1/signing-batches/{batch}",
    "POST /api/v1/signing-batches/{batch}/sign",
    "POST /api/v1/signing-batches/{batch}/code",
    "POST /api/v1/signing-batches/{batch}/{place}/local-signings",
    "PUT /api/v1/staff/{staff}/lock",
    "DELETE /api/v1/staff/{staff}/posts",
    "POST /api/v1/staff/{staff}/posts",
    "DELETE /api/v1/staff/{staff}/totp",
];
/// Routes that the tests below send twice; the record of the post is made twice in `agents`, and its
/// agent scans twice in `scans`; batches to sign are made and given back twice in `batches`.
const KEYED: [&str; 15] = [
    "POST /api/v1/post-records",
    "POST /tiep-nhan",
    "POST /ho-so/{id}/{command}",
    "POST /da-nop/{dossier}/quet",
    "POST /api/v1/dossiers",
    "POST /api/v1/dossiers/{dossier}/commands/{command}",
    "POST /api/v1/held/offers",
    "POST /chuyen-quy-trinh",
    "POST /chuyen-quy-trinh/{batch}/hoan-tac",
    "POST /ky-so",
    "POST /ky-so/{batch}/{place}/tra-lai",
    "POST /api/v1/signing-batches",
    "POST /api/v1/signing-batches/{batch}/{place}/return",
    "POST /api/v1/repins",
    "POST /api/v1/repins/{batch}/undo",
];

#[test]
fn every_route_that_changes_something_is_swept_or_has_no_key() {
    let unsafe_routes = all().into_iter().filter(|route| !route.is_safe());
    let names: BTreeSet<String> = unsafe_routes.map(|route| route.name()).collect();
    let known = KEYLESS.iter().chain(&KEYED).map(|name| (*name).to_owned());
    assert_eq!(names, known.collect());
}

/// Sends twice; the second answer is the first, and nothing more was written.
pub(super) async fn twice(desk: &Desk, browser: &mut Browser, sent: &Sent) -> Page {
    let before = desk.office.written().await;
    let first = browser.send(sent).await;
    let once = desk.office.written().await;
    assert!(
        first.status.as_u16() < 400,
        "{}: {}",
        sent.path,
        first.words()
    );
    assert!(once > before, "{} wrote nothing", sent.path);
    let second = browser.send(sent).await;
    assert_eq!(
        (second.status, second.location()),
        (first.status, first.location())
    );
    assert_eq!(second.bytes, first.bytes, "{}", sent.path);
    assert_eq!(
        desk.office.written().await,
        once,
        "{} happened twice",
        sent.path
    );
    first
}

/// Who is at the desk, and which commands were given.
struct Day {
    desk: Desk,
    clerk: Browser,
    officer: Browser,
    leader: Browser,
    seal: Browser,
    given: BTreeSet<CommandKind>,
}

#[derive(Clone, Copy)]
enum Who {
    Clerk,
    Officer,
    Leader,
    Seal,
}

impl Day {
    async fn begin(desk: Desk) -> Self {
        let team = desk.team().await;
        let (clerk, officer) = (team.clerk, team.officer);
        let (leader, seal) = (team.leader, team.seal);
        let given = BTreeSet::new();
        Self {
            desk,
            clerk,
            officer,
            leader,
            seal,
            given,
        }
    }

    async fn give(&mut self, who: Who, id: &str, (command, fields): (&str, &[(&str, &str)])) {
        let browser = match who {
            Who::Clerk => &mut self.clerk,
            Who::Officer => &mut self.officer,
            Who::Leader => &mut self.leader,
            Who::Seal => &mut self.seal,
        };
        let sent = order(browser, id, command, fields).await;
        twice(&self.desk, browser, &sent).await;
        self.given.insert(CommandKind::parse(command).unwrap());
    }

    /// Files papers that nobody has judged yet, as with help for an online filing.
    async fn submitted(&self) -> String {
        let id = file_copies(&self.desk.office.app, Ending::Submit).await;
        id.to_string()
    }
}

const PAID: [(&str, &str); 1] = [("proof", "Biên lai số 17")];
const WHY: (&str, &str) = ("reason", "Bản chính mờ, không đọc được.");

async fn every_command_sent_twice_happens_once(engine: Engine) {
    let mut day = Day::begin(Desk::open(engine).await).await;
    to_the_end(&mut day).await;
    with_an_obligation_and_withdrawn(&mut day).await;
    supplemented_or_not(&mut day).await;
    let all: BTreeSet<CommandKind> = CommandKind::ALL.into_iter().collect();
    // At the counter, or on no page yet: these are judged in the matrix and in the core.
    let elsewhere = BTreeSet::from([
        CommandKind::Submit,
        CommandKind::Receive,
        CommandKind::HandByPost,
        CommandKind::RecordLookup,
        CommandKind::Scan,
        CommandKind::Release,
        CommandKind::Apologise,
        CommandKind::SendTasks,
        CommandKind::AcceptTask,
        CommandKind::AnswerTask,
        CommandKind::AcknowledgeAnswer,
        CommandKind::RecallTask,
        CommandKind::LapseTask,
        CommandKind::AdmitToLane,
        CommandKind::AcknowledgeResult,
        CommandKind::Repin,
        CommandKind::Stop,
        CommandKind::FinishCorrection,
        // With a file, in a test of its own.
        CommandKind::DigitiseResult,
    ]);
    let missing: Vec<_> = all
        .difference(&day.given)
        .filter(|c| !elsewhere.contains(c))
        .collect();
    assert_eq!(missing, Vec::<&CommandKind>::new(), "never given");
    day.desk.finish().await;
}

async fn to_the_end(day: &mut Day) {
    let id = &day.submitted().await;
    let draft = [
        ("outcome", "granted"),
        ("summary", "Đồng ý chứng thực bản sao."),
    ];
    day.give(Who::Clerk, id, ("accept", &[])).await;
    day.give(Who::Clerk, id, ("hand_over", &[])).await;
    day.give(
        Who::Officer,
        id,
        ("assign", &[("to", "chuyenvien-hacthanh")]),
    )
    .await;
    day.give(Who::Officer, id, ("draft_result", &draft)).await;
    day.give(Who::Officer, id, ("forward", &[])).await;
    day.give(Who::Leader, id, ("send_back", &[WHY])).await;
    day.give(Who::Officer, id, ("forward", &[])).await;
    day.give(Who::Leader, id, ("sign_result", &[("pin", PIN)]))
        .await;
    day.give(Who::Seal, id, ("issue", &[])).await;
    day.desk.make_slips().await;
    day.give(Who::Clerk, id, ("return", &HANDED_OUT)).await;
    let scan = [("document", PDF)];
    day.give(Who::Clerk, id, ("scan_receipt", &scan)).await;
    let copies = [("copies", "2"), ("asked", "Bà An, vay vốn")];
    day.give(Who::Leader, id, ("copy_result", &copies)).await;
    let wrong = [
        ("correction", "amend"),
        ("reason", "Sai số tờ."),
        ("apology", "Xin lỗi ông, bà."),
    ];
    day.give(Who::Leader, id, ("open_correction", &wrong)).await;
}

async fn with_an_obligation_and_withdrawn(day: &mut Day) {
    let id = &day.submitted().await;
    day.give(Who::Clerk, id, ("accept", &[])).await;
    day.give(Who::Clerk, id, ("hand_over", &[])).await;
    let notice = [("notice", "Nộp lệ phí 16.000 đồng."), ("amount", "16.000")];
    day.give(Who::Officer, id, ("notice_obligation", &notice))
        .await;
    day.give(Who::Officer, id, ("meet_obligation", &PAID)).await;
    let ask = [("w1", "Trang 2 mờ."), WHY];
    day.give(Who::Officer, id, ("draft_supplement", &ask)).await;
    day.give(Who::Leader, id, ("approve_supplement", &[])).await;
    day.give(Who::Clerk, id, ("discard_supplement", &[WHY]))
        .await;
    let request = [("request", PDF)];
    day.give(Who::Clerk, id, ("withdraw", &request)).await;
}

async fn supplemented_or_not(day: &mut Day) {
    let declined = &day.submitted().await;
    day.give(Who::Clerk, declined, ("decline", &[WHY])).await;
    let id = &day.submitted().await;
    let unanswered = &day.submitted().await;
    for id in [id, unanswered] {
        day.give(
            Who::Clerk,
            id,
            ("ask_supplement", &[("w1", "Trang 2 mờ."), WHY]),
        )
        .await;
    }
    day.give(Who::Clerk, id, ("supply", &[("c1", "paper")]))
        .await;
    day.desk.wait(jiff::ToSpan::days(120));
    day.clerk = day.desk.clerk().await;
    day.give(Who::Clerk, unanswered, ("close_unanswered", &[]))
        .await;
}

async fn every_end_of_an_intake_sent_twice_files_once(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = desk.clerk().await;
    let page = fill_intake(&mut clerk, CARD).await;
    let form = page.form("/tiep-nhan").press("action", "tiep-nhan");
    twice(&desk, &mut clerk, &Sent::form(&form, None)).await;
    for (open, end) in [("mo-bo-sung", "bo-sung"), ("mo-tu-choi", "tu-choi")] {
        let page = fill_intake(&mut clerk, CARD).await;
        let page = clerk
            .submit(&page.form("/tiep-nhan").press("action", open))
            .await;
        let mut form = page.form("/tiep-nhan").fill("reason", WHY.1);
        if end == "bo-sung" {
            form = form.fill("w1", "Trang 2 mờ.");
        }
        let form = form.press("action", end);
        let page = twice(&desk, &mut clerk, &Sent::form(&form, None)).await;
        // The answer leads to the same dossier, whose slip is on its way.
        let page = clerk.get(page.location().unwrap()).await;
        assert!(DossierId::parse(&id_of(page.is(200))).is_ok());
    }
    desk.finish().await;
}

async fn a_program_s_request_sent_twice_happens_once(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut program = desk.stranger();
    let who = json!({"login": "tiepnhan.hacthanh", "password": app::demo::PASSWORD});
    let opened = program
        .send(&Sent::json(
            axum::http::Method::POST,
            "/api/v1/sessions",
            &who,
        ))
        .await;
    let secret = opened.is(201).json()["csrf"].as_str().unwrap().to_owned();
    assert_eq!(secret, csrf(&mut program).await);
    let post = |path: &str, body: &serde_json::Value| {
        let sent = Sent::json(axum::http::Method::POST, path, body);
        let sent = sent.with("x-csrf-token", &secret);
        sent.with("idempotency-key", &Ids::default().token())
    };
    let fields = json!({
        "name": "Nguyễn Thị An", "number": "038199000017", "birth": "31/12/1999",
        "address": "Thôn 1, Xã Ví Dụ, Tỉnh Thanh Hóa", "phone": "0912 345 678",
        "procedure": COPIES, "c1": "paper", "pages1": "1",
    });
    let filing = post("/api/v1/dossiers", &json!({"fields": fields}));
    let filed = twice(&desk, &mut program, &filing).await;
    let place = filed.is(201).location().unwrap().to_owned();
    assert!(filed.json()["code"].as_str().unwrap().ends_with("-0001"));
    let version = program.get(&place).await.is(200).json()["version"].clone();
    let command = post(
        &format!("{place}/commands/hand_over"),
        &json!({"version": version}),
    );
    let acted = twice(&desk, &mut program, &command).await;
    assert_eq!(acted.is(200).json()["version"], 3);
    let late = post(
        &format!("{place}/commands/hand_over"),
        &json!({"version": version}),
    );
    let problem = program.send(&late).await;
    assert_eq!(
        problem.is(409).headers["content-type"],
        "application/problem+json"
    );
    let agreed = json!({"name": "Nguyễn Thị An", "number": "038199000017",
        "procedure": COPIES, "reuse_consent": "on"});
    let offers = post("/api/v1/held/offers", &json!({"fields": agreed}));
    let offered = same(&mut program, &offers).await;
    assert_eq!(offered.is(200).json()["items"], json!([]));
    assert_eq!(looks(&desk, place.rsplit('/').next().unwrap()).await, 1);
    let silent = json!({"name": "Nguyễn Thị An", "number": "038199000017", "procedure": COPIES});
    let offers = post("/api/v1/held/offers", &json!({"fields": silent}));
    program.send(&offers).await.is(422);
    desk.finish().await;
}

/// How often the store of a dossier's owner was looked into.
async fn looks(desk: &Desk, dossier: &str) -> usize {
    let store = desk.office.app.store();
    let loaded = store.load(&DossierId::parse(dossier).unwrap()).await;
    let owner = loaded
        .unwrap()
        .dossier
        .record()
        .unwrap()
        .filed
        .owner
        .clone();
    let lines = store.audited(owner.as_str()).await.unwrap();
    let look = |line: &&store::Audited| line.line.action == "held.offered";
    lines.iter().filter(look).count()
}

/// Sends an order that moves nothing itself twice; the second answer is the first.
pub(super) async fn same(browser: &mut Browser, sent: &Sent) -> Page {
    let first = browser.send(sent).await;
    let second = browser.send(sent).await;
    let (once, again) = (first.location(), second.location());
    assert_eq!(
        (second.status, again),
        (first.status, once),
        "{}",
        sent.path
    );
    assert_eq!(second.bytes, first.bytes, "{}", sent.path);
    first
}

async fn moves_to_another_version_sent_twice_are_one_batch(engine: Engine) {
    let desk = Desk::open(engine).await;
    for _ in 0..2 {
        file_copies(&desk.office.app, Ending::Receive).await;
    }
    publish(&desk.office).await;
    let mut control = desk.person("kiemsoat").await;
    let plan = "/chuyen-quy-trinh?procedure=2.000815&to_process=2";
    let page = control.get(plan).await;
    page.is(200).says("Các bước:").says("Kiểm tra dự thảo");
    let form = page.form("/chuyen-quy-trinh").fill("reason", "QĐ 7");
    let page = same(&mut control, &Sent::form(&form, None)).await;
    let batch = page.location().unwrap().to_owned();
    desk.office.settle_outbox().await;
    let page = control.get(&batch).await;
    page.is(200).says("Đã chuyển 2/2 hồ sơ");
    let undo = format!("{batch}/hoan-tac");
    let form = page.form(&undo).fill("reason", "QĐ 8");
    same(&mut control, &Sent::form(&form, None)).await;
    desk.office.settle_outbox().await;
    control.get(&batch).await.is(200).says("Đã hoàn tác");
    let secret = csrf(&mut control).await;
    let post = |path: &str, body: &serde_json::Value| {
        let sent = Sent::json(axum::http::Method::POST, path, body);
        let sent = sent.with("x-csrf-token", &secret);
        sent.with("idempotency-key", &Ids::default().token())
    };
    let read = control.get("/api/v1/repins?procedure=2.000815&to_process=2");
    let read = read.await.is(200).json();
    assert_eq!(read["items"].as_array().unwrap().len(), 2);
    let plan = json!({"procedure": "2.000815", "to_process": "2"});
    let order = post(
        "/api/v1/repins",
        &json!({"plan": plan, "all": true, "reason": "QĐ 9"}),
    );
    let ordered = same(&mut control, &order).await;
    let batch = ordered.is(202).json()["batch"].as_str().unwrap().to_owned();
    desk.office.settle_outbox().await;
    let path = format!("/api/v1/repins/{batch}");
    assert_eq!(control.get(&path).await.is(200).json()["moved"], 2);
    let undo = post(&format!("{path}/undo"), &json!({"reason": "QĐ 10"}));
    same(&mut control, &undo).await.is(202);
    desk.office.settle_outbox().await;
    let mut clerk = desk.clerk().await;
    clerk.get("/chuyen-quy-trinh").await.is(403);
    clerk.get(&path).await.is(403);
    desk.finish().await;
}
