//! The real server killed from outside in the middle of longer work: of a batch that is being signed,
//! and of a file on its way.

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::App;
use app::clock::{Clock as _, SystemClock, VIET_NAM};
use domain::dossier::Event;
use domain::ids::DossierId;
use gateways::verify::{Evidence, Trust, Verdict, validate};
use jiff::ToSpan as _;
use server::demonstration::{PIN, folder_beside};

use super::aftermath::open_later;
use super::template::{Template, make};
use crate::http::browser::{Browser, Page, Sent, Site};
use crate::http::desk::{Team, give, id_of, order, receive};
use crate::program::{Installation, Phoenix};
use crate::support::{Engine, PDF, on_both_engines};

on_both_engines!(what_is_signed_or_sent_when_the_power_fails_is_there_once_or_not_at_all);

/// Documents of the batch.
pub(super) const MANY: usize = 8;
/// How long a batch may take; whoever goes on with it waits until the dead one's turn has ended.
const PATIENCE: Duration = Duration::from_mins(1);

async fn what_is_signed_or_sent_when_the_power_fails_is_there_once_or_not_at_all(engine: Engine) {
    let template = make(engine).await;
    // Between the signature and the dossier's word for it, and whenever it happens.
    for fault in [Some("between_sign_and_append:3"), None] {
        a_batch_is_gone_on_with(&template, fault).await;
    }
    for fault in ["before_commit", "after_commit"] {
        an_upload_is_there_once(&template, fault).await;
    }
    half_an_upload_leaves_nothing(&template).await;
}

pub(super) fn team(template: &Template, server: &Arc<Phoenix>) -> Team {
    let person = |login: &str| Browser {
        cookies: template.people[login].clone(),
        ..Browser::new(Site::Process(Arc::clone(server)))
    };
    Team {
        clerk: person("tiepnhan.hacthanh"),
        officer: person("chuyenvien.hacthanh"),
        leader: person("lanhdao.hacthanh"),
        seal: person("vanthu.hacthanh"),
    }
}

/// A dossier that waits for its leader.
pub(super) async fn to_sign(team: &mut Team) -> String {
    let id = id_of(receive(&mut team.clerk).await.is(200));
    let draft = [("outcome", "granted"), ("summary", "Đồng ý chứng thực.")];
    let Team { clerk, officer, .. } = team;
    give(clerk, &id, "hand_over", &[]).await.is(200);
    give(officer, &id, "draft_result", &draft).await.is(200);
    give(officer, &id, "forward", &[]).await.is(200);
    id
}

/// The page of a batch, once it says so.
pub(super) async fn until(leader: &mut Browser, batch: &str, stage: &str) -> Page {
    let begun = Instant::now();
    loop {
        let page = leader.get(batch).await;
        if page.is(200).words().contains(stage) {
            return page;
        }
        assert!(begun.elapsed() < PATIENCE, "{stage}: {}", page.words());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A batch of the leader's, each document read.
pub(super) async fn read(leader: &mut Browser) -> String {
    let form = leader.get("/ky-so").await.is(200).form("/ky-so");
    let batch = leader.submit(&form).await.is(200).path.clone();
    until(leader, &batch, "Chờ đọc và ký").await;
    for place in 1..=MANY {
        let document = leader.get(&format!("{batch}/{place}/van-ban")).await;
        assert!(document.is(200).bytes.starts_with(b"%PDF-"));
    }
    batch
}

pub(super) async fn sign(leader: &mut Browser, batch: &str, page: &Page) {
    let form = page.form(batch).fill("pin", PIN);
    leader.submit(&form).await.is(200);
}

async fn a_batch_is_gone_on_with(template: &Template, fault: Option<&str>) {
    let server = Arc::new(Phoenix::start(template.copy(), fault));
    let mut team = team(template, &server);
    let mut dossiers = Vec::new();
    for _ in 0..MANY {
        dossiers.push(to_sign(&mut team).await);
    }
    let leader = &mut team.leader;
    let batch = read(leader).await;
    let page = leader.get(&batch).await;
    sign(leader, &batch, &page).await;
    if fault.is_none() {
        server.kill().await;
    }
    let page = until(leader, &batch, "Dừng ở").await;
    assert!(server.died().await, "{fault:?} was never reached");
    let signed = page.words().matches("Đã ký").count();
    assert!(signed < MANY, "it died after the batch");
    sign(leader, &batch, &page).await;
    until(leader, &batch, &format!("Xong: đã ký {MANY} trên {MANY}")).await;
    server.stop().await;
    let app = open_later(&server.at).await;
    for dossier in &dossiers {
        is_signed_once(&app, dossier, &server.at).await;
    }
    app.store().close().await;
    server.at.run(&["check"]).succeeds();
    eprintln!("{fault:?}: {signed} of {MANY} were signed before the death");
}

/// The dossier names one signature, and its file bears that one, whole.
pub(super) async fn is_signed_once(app: &App, dossier: &str, at: &Installation) {
    let loaded = app.store().load(&DossierId::parse(dossier).unwrap()).await;
    let signed = loaded.unwrap().events.into_iter().filter_map(|recorded| {
        let Event::ResultSigned(signed) = recorded.event else {
            return None;
        };
        Some(signed.file.hash)
    });
    let signed: Vec<_> = signed.collect();
    assert_eq!(signed.len(), 1, "{dossier}");
    let document = app.files().get(&signed[0]).await.unwrap();
    let root = folder_beside(&at.file("files")).join("root.pem");
    let trust = Trust::parse(&std::fs::read_to_string(root).unwrap()).unwrap();
    let now = VIET_NAM.to_timestamp(SystemClock.now().saturating_add(10.minutes()));
    let verdict: Verdict = validate(&document, &trust, now.unwrap(), &Evidence::default());
    let [one] = &verdict.signatures[..] else {
        panic!("{dossier}: {verdict:#?}")
    };
    assert!(one.intact && one.genuine, "{dossier}: {one:#?}");
}

/// Files of an installation, whoever refers to them.
fn objects(server: &Phoenix) -> usize {
    let mut folders = vec![server.at.file("files")];
    let mut found = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else {
                found += 1;
            }
        }
    }
    found
}

/// A server that dies at the next visit of a point, and the request to withdraw that it gets then.
async fn asked(template: &Template, fault: Option<&str>) -> (Arc<Phoenix>, Team, String, Sent) {
    let begun = Arc::new(Phoenix::start(template.copy(), None));
    let mut first = team(template, &begun);
    let id = id_of(receive(&mut first.clerk).await.is(200));
    let slip = format!("/ho-so/{id}/phieu/01");
    while first.clerk.get(&slip).await.status != 200 {}
    let sent = order(&mut first.clerk, &id, "withdraw", &[("request", PDF)]).await;
    begun.stop().await;
    drop(first);
    let at = Arc::into_inner(begun).unwrap().at;
    let server = Arc::new(Phoenix::start(at, fault));
    let team = team(template, &server);
    (server, team, id, sent)
}

/// How often the dossier says that it was withdrawn, its request being there to be read.
async fn withdrawals(server: &Phoenix, id: &str) -> usize {
    let app = open_later(&server.at).await;
    let loaded = app.store().load(&DossierId::parse(id).unwrap()).await;
    let mut found = 0;
    for recorded in loaded.unwrap().events {
        if recorded.event.kind().starts_with("dossier.withdrawn") {
            found += 1;
        }
    }
    app.store().close().await;
    found
}

async fn an_upload_is_there_once(template: &Template, point: &str) {
    let fault = format!("{point}:1");
    let (server, mut team, id, sent) = asked(template, Some(&fault)).await;
    let page = team.clerk.follow(&sent).await;
    page.is(200).says("Đơn rút hồ sơ");
    assert!(server.died().await, "{fault} was never reached");
    let request = team.clerk.get(&format!("/ho-so/{id}/don-rut")).await;
    assert_eq!(request.is(200).bytes, PDF.as_bytes());
    server.stop().await;
    assert_eq!(withdrawals(&server, &id).await, 1, "{fault}");
    let checked = server.at.run(&["check"]);
    let whole = checked
        .succeeds()
        .out()
        .contains("0 are missing, altered or locked");
    assert!(whole, "{}", checked.out());
}

async fn half_an_upload_leaves_nothing(template: &Template) {
    let (server, mut team, id, sent) = asked(template, None).await;
    let before = objects(&server);
    let cookies = team.clerk.cookies.iter();
    let cookies: Vec<String> = cookies
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {}\r\nCookie: {}\r\nContent-Length: {}\r\n\r\n",
        sent.path,
        sent.kind,
        cookies.join("; "),
        sent.body.len(),
    );
    let half = &sent.body[..sent.body.len() - 200];
    let mut line = TcpStream::connect(server.address().await).unwrap();
    line.write_all(&[head.as_bytes(), half].concat()).unwrap();
    line.flush().unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    server.kill().await;
    team.clerk.get(&format!("/ho-so/{id}")).await.is(200);
    server.stop().await;
    assert_eq!(objects(&server), before, "half a file is no file");
    assert_eq!(withdrawals(&server, &id).await, 0);
    server.at.run(&["check"]).succeeds();
}
