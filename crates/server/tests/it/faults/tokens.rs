//! The real server with the keys of the leader and of the seal on tokens (SoftHSM2), killed while a
//! batch is signed and while it is sealed.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::App;
use app::certificates::{CertificatesOf, every_certificate};
use app::clock::{Clock as _, SystemClock, VIET_NAM};
use domain::certificate::{EndReason, Ended, Holder, KeyAt};
use domain::dossier::Event;
use domain::ids::{DossierId, UnitId};
use gateways::verify::{Evidence, Trust, validate};
use jiff::ToSpan as _;
use server::demonstration::{PIN, folder_beside};
use simulators::authority::{Authority, KeyKind, Purpose, Subject, rsa_key};
use store::AuditLine;

use super::aftermath::open_later;
use super::killed::{MANY, is_signed_once, read, sign, team, to_sign, until};
use super::template::{Template, make};
use crate::http::desk::give;
use crate::program::{Installation, Phoenix};
use crate::support::{Engine, on_both_engines, unit_named};

on_both_engines!(a_batch_with_keys_on_tokens_that_is_killed_is_signed_and_sealed_once);

const DRIVER: &str = "/usr/lib/softhsm/libsofthsm2.so";
const ID: &str = "0a1b";
/// Longer than a worker's message is nobody else's.
const PATIENCE: Duration = Duration::from_mins(3);

async fn a_batch_with_keys_on_tokens_that_is_killed_is_signed_and_sealed_once(engine: Engine) {
    let template = make(engine).await;
    for fault in [Some("between_sign_and_append:4"), None] {
        signed_and_sealed_once(&template, fault).await;
    }
}

async fn signed_and_sealed_once(template: &Template, fault: Option<&str>) {
    let mut at = template.copy();
    on_tokens(&mut at).await;
    let server = Arc::new(Phoenix::start(at, fault));
    let mut people = team(template, &server);
    let mut dossiers = Vec::new();
    for _ in 0..MANY {
        dossiers.push(to_sign(&mut people).await);
    }
    let leader = &mut people.leader;
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
    drop(people);
    let mut at = Arc::into_inner(server).unwrap().at;
    let app = open_later(&at).await;
    for dossier in &dossiers {
        is_signed_once(&app, dossier, &at).await;
    }
    app.store().close().await;
    let sealing = fault.map(|_| "between_seal_and_append:3");
    at = sealed(template, (at, sealing), &dossiers).await;
    let app = open_later(&at).await;
    for dossier in &dossiers {
        is_sealed_once(&app, dossier, &at).await;
    }
    app.store().close().await;
    at.run(&["check"]).succeeds();
    eprintln!("{fault:?}: {signed} of {MANY} were signed before the death");
}

/// The clerk of the seal issues all, and the server is killed while its worker seals.
async fn sealed(
    template: &Template,
    (at, fault): (Installation, Option<&str>),
    dossiers: &[String],
) -> Installation {
    let server = Arc::new(Phoenix::start(at, fault));
    let mut people = team(template, &server);
    for dossier in dossiers {
        give(&mut people.seal, dossier, "issue", &[]).await.is(200);
    }
    if fault.is_none() {
        server.kill().await;
    }
    let begun = Instant::now();
    for dossier in dossiers {
        // Any request wakes the dead.
        let place = format!("/api/v1/dossiers/{dossier}/result");
        while people.seal.get(&place).await.status != 200 {
            assert!(begun.elapsed() < PATIENCE, "{dossier} is not sealed");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
    assert!(server.died().await, "{fault:?} was never reached");
    server.stop().await;
    drop(people);
    Arc::into_inner(server).unwrap().at
}

/// One official document was recorded, and it bears both signatures, whole.
async fn is_sealed_once(app: &App, dossier: &str, at: &Installation) {
    let loaded = app.store().load(&DossierId::parse(dossier).unwrap()).await;
    let made = loaded.unwrap().events.into_iter().filter_map(|recorded| {
        let Event::ResultMade { file, .. } = recorded.event else {
            return None;
        };
        Some(file.hash)
    });
    let made: Vec<_> = made.collect();
    assert_eq!(made.len(), 1, "{dossier}");
    let document = app.files().get(&made[0]).await.unwrap();
    let root = folder_beside(&at.file("files")).join("root.pem");
    let trust = Trust::parse(&std::fs::read_to_string(root).unwrap()).unwrap();
    let now = VIET_NAM.to_timestamp(SystemClock.now().saturating_add(10.minutes()));
    let verdict = validate(&document, &trust, now.unwrap(), &Evidence::default());
    assert_eq!(verdict.signatures.len(), 2, "{dossier}: {verdict:#?}");
    let whole = |one: &gateways::verify::Signature| one.intact && one.genuine && one.permitted;
    assert!(verdict.signatures.iter().all(whole), "{verdict:#?}");
}

fn utility(at: &Installation, arguments: &[&str]) {
    let mut command = Command::new("softhsm2-util");
    let done = command
        .envs(at.environment.clone())
        .args(arguments)
        .output();
    let done = done.expect("the tests need softhsm2-util");
    assert!(done.status.success(), "{done:?}");
}

/// The leader's key and the seal's lie on a token each from now on.
async fn on_tokens(at: &mut Installation) {
    let store = at.file("tokens");
    std::fs::create_dir_all(&store).unwrap();
    let (settings, pin) = (at.file("softhsm2.conf"), at.file("seal-pins"));
    let text = format!(
        "directories.tokendir = {}\nobjectstore.backend = file\n",
        store.display()
    );
    std::fs::write(&settings, text).unwrap();
    std::fs::write(&pin, format!("{PIN} dau\n")).unwrap();
    std::fs::set_permissions(&pin, Permissions::from_mode(0o600)).unwrap();
    at.environment = vec![
        ("SOFTHSM2_CONF", settings.to_str().unwrap().to_owned()),
        ("MOTCUA_PKCS11_MODULE", DRIVER.to_owned()),
        ("MOTCUA_SEAL_PINS", pin.to_str().unwrap().to_owned()),
    ];
    let app = open_later(at).await;
    let ward = unit_named(&app, "Phường Hạc Thành");
    let signers = folder_beside(&at.file("files"));
    let authority = Authority::open(&signers, "Test authority", None).unwrap();
    forget_the_others(&app, &ward).await;
    app.store().close().await;
    let post = ["--staff", "lanhdao-hacthanh", "--role", "leader"];
    for (token, name, whose) in [
        ("lanhdao", "Nguyễn Văn Bình", &post[..]),
        ("dau", "Phường Hạc Thành", &[]),
    ] {
        new_token(at, token, (&authority, name)).await;
        let file = at.file(token).with_extension("pem");
        let place = [
            "certificates",
            "import",
            file.to_str().unwrap(),
            "--unit",
            ward.as_str(),
        ];
        let key = ["--token", token, "--key", ID];
        at.run(&[&place[..], whose, &key[..]].concat()).succeeds();
    }
}

/// A token with a new key and the certificate of it.
async fn new_token(at: &Installation, label: &str, (authority, name): (&Authority, &str)) {
    let pem = rsa_key().await.unwrap();
    let now = std::time::SystemTime::from(VIET_NAM.to_timestamp(SystemClock.now()).unwrap());
    let day = Duration::from_hours(24);
    let subject = Subject {
        from: now - day,
        until: now + day * 300,
        ..Subject::new(name, Purpose::Signature)
    };
    let identity = authority
        .issue(&subject, &KeyKind::Given(pem.clone()))
        .unwrap();
    identity.save(&at.folder.0, label).unwrap();
    let file = at.file("key.pem");
    std::fs::write(&file, pem).unwrap();
    let pins = ["--pin", PIN, "--so-pin", "135791"];
    let fresh = ["--init-token", "--free", "--label", label];
    utility(at, &[&fresh[..], &pins[..]].concat());
    let import = [
        "--import",
        path(&file),
        "--token",
        label,
        "--label",
        label,
        "--id",
        ID,
    ];
    utility(at, &[&import[..], &pins[..2]].concat());
}

fn path(file: &Path) -> &str {
    file.to_str().unwrap()
}

/// Ends the certificates whose keys lie in files.
async fn forget_the_others(app: &App, ward: &UnitId) {
    let all = every_certificate(app, CertificatesOf::Unit(ward)).await;
    for line in all.unwrap() {
        let one = line.registered.row.certificate;
        let leads = |holder: &Holder| match holder {
            Holder::Person { staff, .. } => staff.as_str() == "lanhdao-hacthanh",
            Holder::Agency => true,
        };
        if one.key != KeyAt::Soft || !leads(&one.holder) {
            continue;
        }
        let now = SystemClock.now();
        let ended = Ended {
            from: now,
            why: EndReason::Replaced,
        };
        let line = AuditLine {
            actor: "test".to_owned(),
            action: "certificate.ended".to_owned(),
            subject: one.id.to_string(),
            purpose: String::new(),
            detail: String::new(),
        };
        let done = app.store().end_certificate(&one.id, ended, (now, line));
        assert!(done.await.unwrap());
    }
}
