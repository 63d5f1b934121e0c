//! Results approved with a token at the leader's own desk: the program there fetches the document by
//! one word and hands the signed one in by another, over a socket and without cookies.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use app::certificates::{NewCertificate, register};
use app::clock::VIET_NAM;
use axum::http::Method;
use domain::certificate::{Holder, KeyAt};
use domain::dossier::Event;
use domain::ids::{DossierId, StaffId};
use domain::office::Role;
use gateways::verify::{Anchor, Conclusion, Evidence, Overall, Root, Trust, validate};
use jiff::ToSpan as _;
use serde_json::{Value, json};
use server::demonstration;
use simulators::Running;
use simulators::authority::{Authority, Identity, KeyKind, Purpose, Subject};
use simulators::token::Token;
use web::WebConfig;

use super::browser::{Browser, Page, Sent};
use super::desk::{Desk, Team, give, id_of, receive};
use super::html::Form;
use crate::support::{Engine, Folder, on_both_engines};

on_both_engines!(
    what_the_token_at_the_desk_signs_is_approved_and_sealed,
    what_comes_back_wrong_is_not_taken_and_the_page_says_why,
    a_signed_file_is_handed_in_without_script,
    what_dies_between_upload_and_approval_is_uploaded_again,
);

/// An office whose leader signs with a token at her desk, and the server that its program reaches.
struct Scene {
    desk: Desk,
    team: Team,
    authority: Authority,
    folder: Folder,
    token: Arc<Token>,
    server: Running,
    id: String,
}

impl Scene {
    async fn set(engine: Engine) -> Self {
        let desk = Desk::open(engine).await;
        let folder = Folder::new();
        let authority = Authority::open(&folder.0, "Test authority of tokens", None).unwrap();
        let leader = StaffId::parse("lanhdao-hacthanh").unwrap();
        let app = &desk.office.app;
        let member = app.store().staff(std::slice::from_ref(&leader)).await;
        let name = member.unwrap().remove(0).name;
        let own = identity(&desk, &authority, &name);
        own.save(&folder.0, "leader").unwrap();
        let new = NewCertificate {
            unit: desk.office.ward(),
            holder: Holder::Person {
                staff: leader,
                role: Role::Leader,
            },
            key: KeyAt::LocalToken,
            file: std::fs::read(folder.0.join("leader.pem")).unwrap(),
        };
        register(app, "test", new).await.unwrap();
        let router = web::router(app.clone(), WebConfig::default());
        let server = Running::start(router, 0).await.unwrap();
        let mut team = desk.team().await;
        let id = to_sign(&mut team).await;
        Self {
            token: Arc::new(Token::new(own)),
            desk,
            team,
            authority,
            folder,
            server,
            id,
        }
    }

    fn form_address(&self) -> String {
        format!("/ho-so/{}/sign_result", self.id)
    }

    async fn form(&mut self) -> Form {
        let address = self.form_address();
        self.team.leader.get(&address).await.is(200).form(&address)
    }

    /// What the page's script asks for.
    async fn begun(&mut self) -> Value {
        let mut asked = self.form().await;
        asked.action = format!("/ho-so/{}/ky-tai-cho", self.id);
        asked.multipart = false;
        let asked = Sent::form(&asked, None).with("accept", "application/json");
        self.team.leader.send(&asked).await.is(200).json()
    }

    fn whole(&self, path: &Value) -> String {
        format!("http://{}{}", self.server.address, path.as_str().unwrap())
    }

    /// What the program at the desk answers the page.
    async fn signs(&self, token: &Token, begun: &Value) -> Value {
        let order = json!({
            "FileName": self.whole(&begun["file"]),
            "FileUploadHandler": self.whole(&begun["upload"]),
            "SessionId": "",
        });
        let function = begun["function"].as_str().unwrap();
        token.answer(function, &order.to_string()).await
    }

    async fn came(&mut self, begun: &Value) -> Page {
        let done = begun["done"].as_str().unwrap().to_owned();
        self.team.leader.get(&done).await
    }

    async fn signatures(&self) -> usize {
        let id = DossierId::parse(&self.id).unwrap();
        let loaded = self.desk.office.app.store().load(&id).await.unwrap();
        let events = loaded.events.iter().map(|recorded| &recorded.event);
        let signed = events.filter(|event| matches!(event, Event::ResultSigned(_)));
        signed.count()
    }
}

/// Somebody's key and certificate, good longer than those of the demonstration by the office's clock.
fn identity(desk: &Desk, authority: &Authority, name: &str) -> Identity {
    let now = desk.office.app.clock().now();
    let at = |days: i64| {
        let at = VIET_NAM.to_timestamp(now.checked_add(days.days()).unwrap());
        std::time::SystemTime::from(at.unwrap())
    };
    let mut subject = Subject::new(name, Purpose::Signature);
    (subject.from, subject.until) = (at(-1), at(800));
    authority.issue(&subject, &KeyKind::P256).unwrap()
}

async fn to_sign(team: &mut Team) -> String {
    let id = id_of(&receive(&mut team.clerk).await);
    let draft = [("outcome", "granted"), ("summary", "Đồng ý chứng thực.")];
    give(&mut team.clerk, &id, "hand_over", &[]).await.is(200);
    give(&mut team.officer, &id, "draft_result", &draft)
        .await
        .is(200);
    give(&mut team.officer, &id, "forward", &[]).await.is(200);
    id
}

fn policy(page: &Page) -> &str {
    page.headers["content-security-policy"].to_str().unwrap()
}

/// What the upload handler answered, as the program passes it on.
fn passed_on(said: &Value) -> Value {
    assert_eq!(said["Status"], 0, "{said}");
    serde_json::from_str(said["FileServer"].as_str().unwrap()).unwrap()
}

async fn what_the_token_at_the_desk_signs_is_approved_and_sealed(engine: Engine) {
    let mut scene = Scene::set(engine).await;
    let address = scene.form_address();
    let page = scene.team.leader.get(&address).await;
    page.is(200).says("Ký bằng thiết bị");
    assert!(policy(&page).contains("connect-src 'self' wss://127.0.0.1:8987;"));
    let elsewhere = format!("/ho-so/{}", scene.id);
    let elsewhere = scene.team.leader.get(&elsewhere).await;
    assert!(!policy(&elsewhere).contains("wss:"));
    let begun = scene.begun().await;
    scene.came(&begun).await.is(200).says("Chưa nhận được");
    let token = Arc::clone(&scene.token);
    let said = passed_on(&scene.signs(&token, &begun).await);
    assert_eq!(said["Status"], true, "{said}");
    let page = scene.came(&begun).await;
    assert!(page.path.starts_with("/ho-so/"), "{}", page.path);
    page.is(200).says("Ký số văn bản kết quả");
    assert_eq!(scene.signatures().await, 1);
    used_words_are_answered_like_unknown_ones(&scene, &begun).await;
    issued_and_sealed(&mut scene).await;
    scene.desk.finish().await;
}

/// The clerk issues it, the worker seals it, and both signatures are sound.
async fn issued_and_sealed(scene: &mut Scene) {
    give(&mut scene.team.seal, &scene.id, "issue", &[])
        .await
        .is(200);
    scene.desk.make_slips().await;
    let id = DossierId::parse(&scene.id).unwrap();
    let loaded = scene.desk.office.app.store().load(&id).await.unwrap();
    let official = loaded.dossier.issued().unwrap().official.clone().unwrap();
    let files = scene.desk.office.app.files();
    let official = files.get(&official.hash).await.unwrap();
    let verdict = validate(&official, &trust(scene), now(scene), &Evidence::default());
    let sound = Overall::Signed(Conclusion::RevocationUnknown);
    assert_eq!(verdict.overall, sound, "{verdict:#?}");
    let signers = verdict
        .signatures
        .iter()
        .filter_map(|one| one.signer.as_ref());
    let names: Vec<_> = signers
        .map(|one| one.common_name.clone().unwrap())
        .collect();
    assert!(names.contains(&"Phường Hạc Thành".to_owned()), "{names:?}");
}

async fn used_words_are_answered_like_unknown_ones(scene: &Scene, begun: &Value) {
    let mut stranger = scene.desk.stranger();
    let file = begun["file"].as_str().unwrap();
    let used = stranger.send(&Sent::get(file)).await;
    let unknown = format!("/ky-tai-cho/{}/van-ban-ky.pdf", "0".repeat(64));
    let unknown = stranger.send(&Sent::get(&unknown)).await;
    assert_eq!((used.status.as_u16(), &used.bytes), (404, &unknown.bytes));
    let upload = uploaded(&mut stranger, begun["upload"].as_str().unwrap(), b"%PDF-").await;
    assert_eq!(
        (upload.status.as_u16(), &upload.bytes),
        (404, &unknown.bytes)
    );
}

async fn uploaded(browser: &mut Browser, path: &str, content: &[u8]) -> Page {
    let head = "--ranhgioi\r\nContent-Disposition: form-data; name=\"uploadfile\"; \
        filename=\"van-ban.pdf\"\r\n\r\n";
    let sent = Sent {
        method: Method::POST,
        kind: "multipart/form-data; boundary=ranhgioi".to_owned(),
        body: [head.as_bytes(), content, b"\r\n--ranhgioi--\r\n"].concat(),
        ..Sent::get(path)
    };
    browser.send(&sent).await
}

fn trust(scene: &Scene) -> Trust {
    let root = scene.desk.office.signers();
    let anchor = |name: &str, certificate: Vec<u8>| Anchor {
        name: name.to_owned(),
        root: Root::Other,
        certificate,
    };
    let own = demonstration::anchor(&root).unwrap();
    Trust {
        anchors: vec![own, anchor("tokens", scene.authority.root().to_vec())],
    }
}

fn now(scene: &Scene) -> jiff::Timestamp {
    let now = scene.desk.office.app.clock().now();
    VIET_NAM.to_timestamp(now).unwrap()
}

async fn what_comes_back_wrong_is_not_taken_and_the_page_says_why(engine: Engine) {
    let mut scene = Scene::set(engine).await;
    let token = Arc::clone(&scene.token);
    let begun = scene.begun().await;
    token.desk.plan("cancelled@SignApproved");
    let said = scene.signs(&token, &begun).await;
    assert_eq!(said["Status"], 1, "{said}");
    scene.came(&begun).await.is(200).says("Chưa nhận được");
    // The words are still good: she presses again within the program.
    token.desk.plan("altered@SignApproved");
    let said = passed_on(&scene.signs(&token, &begun).await);
    assert_eq!(said["Status"], false, "{said}");
    assert!(!said["Message"].as_str().unwrap().is_empty());
    let page = scene.came(&begun).await;
    page.is(200).says("Văn bản đã ký không được nhận");
    page.says(said["Message"].as_str().unwrap());
    // Somebody else's key.
    let other = identity(&scene.desk, &scene.authority, "Người khác");
    let begun = scene.begun().await;
    let said = passed_on(&scene.signs(&Token::new(other), &begun).await);
    assert_eq!(said["Status"], false, "{said}");
    // The document as it was given out, and something else.
    let mut stranger = scene.desk.stranger();
    for unsigned in [true, false] {
        let begun = scene.begun().await;
        let given = stranger.get(begun["file"].as_str().unwrap()).await;
        let content = if unsigned {
            given.bytes.to_vec()
        } else {
            b"%PDF-1.7 something else".to_vec()
        };
        let upload = begun["upload"].as_str().unwrap();
        let said = uploaded(&mut stranger, upload, &content).await;
        assert_eq!(said.is(200).json()["Status"], false);
        uploaded(&mut stranger, upload, &content).await.is(404);
    }
    assert_eq!(scene.signatures().await, 0);
    // After as many refusals it is signed as ever.
    let begun = scene.begun().await;
    let said = passed_on(&scene.signs(&token, &begun).await);
    assert_eq!(said["Status"], true, "{said}");
    assert_eq!(scene.signatures().await, 1);
    scene.desk.finish().await;
}

async fn a_signed_file_is_handed_in_without_script(engine: Engine) {
    let mut scene = Scene::set(engine).await;
    let document = format!("/ho-so/{}/van-ban-ky", scene.id);
    let document = scene.team.leader.get(&document).await.bytes.to_vec();
    let signed = |field| signed_by_pyhanko(&scene.folder.0, &document, field);
    let (own, agencys) = (signed("person"), signed("agency"));
    let form = scene.form().await.press("way", "signed");
    let none = Sent::form(&form, None);
    let page = scene.team.leader.send(&none).await;
    page.is(422).says("Chọn tệp PDF đã ký");
    assert!(policy(&page).contains("wss://127.0.0.1:8987"));
    let wrong = Sent::form(&form, Some(("signed", &document)));
    let page = scene.team.leader.send(&wrong).await;
    page.is(422).says("không phải bản vừa gửi đi ký");
    let wrong = Sent::form(&form, Some(("signed", &agencys)));
    let page = scene.team.leader.send(&wrong).await;
    page.is(422).says("không ký vào ô của cơ quan");
    assert_eq!(scene.signatures().await, 0);
    let right = Sent::form(&form, Some(("signed", &own)));
    for _ in 0..2 {
        let page = scene.team.leader.follow(&right).await;
        page.is(200).says("Ký số văn bản kết quả");
    }
    assert_eq!(scene.signatures().await, 1);
    issued_and_sealed(&mut scene).await;
    scene.desk.finish().await;
}

/// The document as her own program signs it, in that field.
fn signed_by_pyhanko(folder: &Path, document: &[u8], field: &str) -> Vec<u8> {
    let (given, signed) = (folder.join("given.pdf"), folder.join("signed.pdf"));
    std::fs::write(&given, document).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../gateways/tests/python/outside.py");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let ran = Command::new(target.join("test-python/bin/python"))
        .args([&script, &given, &signed])
        .arg(field)
        .args([folder.join("leader.key"), folder.join("leader.pem")])
        .output()
        .unwrap();
    let complaint = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{complaint}");
    std::fs::read(signed).unwrap()
}

async fn what_dies_between_upload_and_approval_is_uploaded_again(engine: Engine) {
    let mut scene = Scene::set(engine).await;
    let mut stranger = scene.desk.stranger();
    for point in ["between_sign_and_append", "between_local_approval_and_note"] {
        let begun = scene.begun().await;
        let given = stranger.get(begun["file"].as_str().unwrap()).await;
        let signed = scene.token.signs(&given.bytes).unwrap();
        let upload = begun["upload"].as_str().unwrap();
        store::faults::arm(point);
        uploaded(&mut stranger, upload, &signed).await.is(503);
        let said = uploaded(&mut stranger, upload, &signed).await;
        assert_eq!(said.is(200).json()["Status"], true, "{point}");
        assert_eq!(scene.signatures().await, 1, "{point}");
        let page = scene.came(&begun).await;
        page.is(200).says("Ký số văn bản kết quả");
        scene.id = to_sign(&mut scene.team).await;
    }
    assert!(scene.folder.0.exists());
    scene.desk.finish().await;
}
