//! Keys on a token: SoftHSM2, in a process of its own because its settings are the process's.

mod shared;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Barrier;
use std::time::{Duration, Instant};

use app::signing::{Pin, SignError, Signatures as _, SigningAct, ToSign};
use cryptoki::context::Pkcs11;
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use domain::certificate::KeyAt;
use gateways::sign::{
    Key, KeyFault, KeyName, Locator, Order, SignFault, SoftKey, TimeStamps, TokenKey, TokenModule,
    Try, prepare,
};
use gateways::{PdfSignatures, SigningParts, SoftKeys};
use ring::digest::{SHA256, digest};

use super::results::{letter, registered};
use super::{APART, PAPER, algorithm, all_valid, at, authority, order, sign_stamped, signer};
use crate::authority::{Issued, Kind};
use crate::tools::{self, path};

const PIN: &str = "246810";
const MODULES: [&str; 3] = [
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
];

/// Runs an ignored test of this file in a process that has a token folder of its own.
fn in_own_process(test: &str) -> String {
    let apart = test.replace("::", "-");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("tokens")
        .join(&apart);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    std::fs::create_dir_all(folder.join("store")).unwrap();
    let settings = folder.join("softhsm2.conf");
    let store = folder.join("store");
    let store = format!("directories.tokendir = {}\n", path(&store));
    std::fs::write(&settings, store + "objectstore.backend = file\n").unwrap();
    let name = format!("signing::tokens::{test}");
    let output = Command::new(std::env::current_exe().unwrap())
        .args([
            "--ignored",
            "--exact",
            "--nocapture",
            "--test-threads=1",
            &name,
        ])
        .env(APART, format!("-{apart}"))
        .env("SOFTHSM2_CONF", settings)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}\n{wrong}"
    );
    said
}

fn module() -> PathBuf {
    let found = MODULES
        .map(PathBuf::from)
        .into_iter()
        .find(|path| path.exists());
    found.expect("the package softhsm2 is installed")
}

/// Makes a token and puts a signer's key on it.
fn token(label: &str, id: &str, issued: &Issued) {
    let utility = |arguments: &[&str]| tools::run("softhsm2-util", arguments);
    let shown = utility(&["--show-slots"]);
    let mut labels = shown
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Label:"));
    if !labels.any(|there| there.trim() == label) {
        utility(&[
            "--init-token",
            "--free",
            "--label",
            label,
            "--pin",
            PIN,
            "--so-pin",
            "135791",
        ]);
    }
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("tokens/{label}-{id}.pem"));
    let der = file.with_extension("der");
    std::fs::write(&der, &issued.key).unwrap();
    tools::run(
        "openssl",
        &[
            "pkcs8",
            "-topk8",
            "-nocrypt",
            "-inform",
            "DER",
            "-in",
            path(&der),
            "-out",
            path(&file),
        ],
    );
    utility(&[
        "--import",
        path(&file),
        "--token",
        label,
        "--label",
        &format!("key-{id}"),
        "--id",
        id,
        "--pin",
        PIN,
    ]);
}

fn locator(token: &str, key: KeyName) -> Locator {
    Locator {
        token: token.to_owned(),
        key,
    }
}

fn label(label: &str) -> KeyName {
    KeyName::Label(label.to_owned())
}

#[test]
fn keys_on_a_token_sign_many_times_after_one_pin() {
    in_own_process("inside_many_signatures_after_one_pin");
}

#[test]
fn a_wrong_pin_is_always_noticed() {
    in_own_process("inside_a_wrong_pin_is_always_noticed");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "runs in a process of its own, from the test above"]
async fn inside_many_signatures_after_one_pin() {
    let keys = [(Kind::Rsa, "a1"), (Kind::Ec, "b2")].map(|(kind, id)| {
        let issued = signer(&format!("Trên thẻ {kind:?}"), kind);
        token("person", id, &issued);
        (kind, id, issued)
    });
    let module = TokenModule::load(&module()).unwrap();
    for (kind, id, issued) in keys {
        let by_label = locator("person", label(&format!("key-{id}")));
        let key = module.unlock(&by_label, PIN).unwrap();
        assert_eq!(key.algorithm(), algorithm(kind));
        let mut document = PAPER.clone();
        for nth in 1..=3 {
            let order = Order {
                stamp_room: Order::STAMP_ROOM,
                ..order(&format!("person-{nth}"), &issued, kind)
            };
            let prepared = prepare(&document, &order).unwrap();
            let signature = key.sign(prepared.attributes()).unwrap();
            let stamp = authority().stamp(&signature).await.unwrap();
            document = prepared.finish(&signature, Some(&stamp)).unwrap();
        }
        all_valid(&format!("token-{kind:?}"), &document, 3);
        drop(key);
        let by_id = locator("person", KeyName::Id(hex::decode(id).unwrap()));
        module.unlock(&by_id, PIN).unwrap();
    }
}

#[test]
#[ignore = "runs in a process of its own, from the test above"]
fn inside_a_wrong_pin_is_always_noticed() {
    token("one", "a1", &signer("Một", Kind::Ec));
    token("two", "a1", &signer("Hai", Kind::Ec));
    let module = TokenModule::load(&module()).unwrap();
    let (one, two) = (
        locator("one", label("key-a1")),
        locator("two", label("key-a1")),
    );
    assert_eq!(fault(&module, &one, "000000"), KeyFault::Pin);
    assert_eq!(fault(&module, &one, ""), KeyFault::Pin);
    let three = locator("three", label("key-a1"));
    assert_eq!(fault(&module, &three, PIN), KeyFault::NoToken);
    let none = locator("one", label("none"));
    assert_eq!(fault(&module, &none, PIN), KeyFault::NoKey);
    let key = module.unlock(&one, PIN).unwrap();
    // Another token has a login of its own.
    let other = module.unlock(&two, PIN).unwrap();
    assert!(key.sign(b"both").is_ok() && other.sign(b"both").is_ok());
    drop(key);
    assert_eq!(fault(&module, &one, "000000"), KeyFault::Pin);
    module.unlock(&one, PIN).unwrap().sign(b"again").unwrap();
}

#[test]
fn of_many_at_once_one_alone_tries_a_pin_that_nobody_knows() {
    in_own_process("inside_many_try_at_once");
}

#[test]
#[ignore = "runs in a process of its own, from the test above"]
fn inside_many_try_at_once() {
    token("counting", "a1", &signer("Một", Kind::Ec));
    let module = TokenModule::load(&module()).unwrap();
    let locator = locator("counting", label("key-a1"));
    let together = Barrier::new(6);
    let tried = || {
        together.wait();
        told(module.unlock_as(&locator, ("000000", Try::Unsure)))
    };
    let mut found: Vec<KeyFault> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..6).map(|_| scope.spawn(tried)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    found.sort_by_key(|fault| *fault != KeyFault::Pin);
    // The token counts the first, which the others are told.
    let (first, others) = found.split_first().unwrap();
    assert_eq!(*first, KeyFault::Pin);
    assert!(
        others.iter().all(|fault| *fault == KeyFault::WrongBefore),
        "{found:?}"
    );
}

fn fault(module: &TokenModule, locator: &Locator, pin: &str) -> KeyFault {
    told(module.unlock(locator, pin))
}

fn told(unlocked: Result<TokenKey, SignFault>) -> KeyFault {
    match unlocked {
        Err(SignFault::Key(fault)) => fault,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("unlocked"),
    }
}

#[test]
fn people_with_keys_on_one_token_sign_at_once() {
    in_own_process("inside_people_sign_at_once");
}

#[test]
#[ignore = "runs in a process of its own, from the test above"]
fn inside_people_sign_at_once() {
    let people = [
        ("a1", signer("Một", Kind::Ec)),
        ("b2", signer("Hai", Kind::Rsa)),
    ];
    for (id, issued) in &people {
        token("shared", id, issued);
    }
    let module = TokenModule::load(&module()).unwrap();
    let of = |id: &str| locator("shared", label(&format!("key-{id}")));
    // Many unlock and sign at once, come and go: each signature is by its own key.
    std::thread::scope(|scope| {
        for (nth, (id, issued)) in people.iter().cycle().take(8).enumerate() {
            let (module, of) = (&module, &of);
            scope.spawn(move || {
                for turn in 0..4 {
                    let key = module.unlock(&of(id), PIN).unwrap();
                    let name = format!("person-{nth}-{turn}");
                    let kind = if *id == "a1" { Kind::Ec } else { Kind::Rsa };
                    let prepared = prepare(&PAPER, &order(&name, issued, kind)).unwrap();
                    let signature = key.sign(prepared.attributes()).unwrap();
                    prepared.finish(&signature, None).unwrap();
                }
            });
        }
    });
    assert!(is_locked(&module, &of("a1")), "the last one locks it");
}

/// Whether the token is asked for the PIN again: it refuses more wrong ones than a login of ours takes.
fn is_locked(module: &TokenModule, locator: &Locator) -> bool {
    (0..5).all(|_| fault(module, locator, "000000") == KeyFault::Pin)
        && module.unlock(locator, PIN).is_ok()
}

#[test]
fn a_wrong_pin_never_signs_on_the_login_of_another() {
    in_own_process("inside_a_wrong_pin_rides_on_nobody");
}

#[test]
#[ignore = "runs in a process of its own, from the test above"]
fn inside_a_wrong_pin_rides_on_nobody() {
    token("shared", "a1", &signer("Một", Kind::Ec));
    token("shared", "b2", &signer("Hai", Kind::Ec));
    let module = TokenModule::load(&module()).unwrap();
    let of = |id: &str| locator("shared", label(&format!("key-{id}")));
    let first = module.unlock(&of("a1"), PIN).unwrap();
    let second = module.unlock(&of("b2"), PIN).unwrap();
    assert_eq!(fault(&module, &of("b2"), "000000"), KeyFault::Pin);
    assert_eq!(fault(&module, &of("b2"), ""), KeyFault::Pin);
    // Whoever leaves does not lock it under the others.
    drop(first);
    second.sign(b"still open").unwrap();
    // Who knows the PIN ends the count of wrong ones.
    assert_eq!(fault(&module, &of("none"), PIN), KeyFault::NoKey);
    second.sign(b"still open").unwrap();
    // The token counts no PIN while it is open, so guessing ends here: then not even the right one
    // joins until all have left.
    for _ in 0..3 {
        assert_eq!(fault(&module, &of("a1"), "111111"), KeyFault::Pin);
    }
    assert_eq!(fault(&module, &of("a1"), PIN), KeyFault::Paused);
    second.sign(b"and is not disturbed").unwrap();
    drop(second);
    module
        .unlock(&of("a1"), PIN)
        .unwrap()
        .sign(b"again")
        .unwrap();
    assert!(is_locked(&module, &of("b2")));
}

#[test]
fn a_key_that_another_has_open_is_waited_for_and_then_said_to_be_busy() {
    in_own_process("inside_a_busy_token");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "runs in a process of its own, from the test above"]
async fn inside_a_busy_token() {
    let issued = signer("Một", Kind::Ec);
    token("busy", "a1", &issued);
    let mut signer = registered(&issued);
    signer.certificate.key = KeyAt::Token {
        token: "busy".to_owned(),
        key: "a1".to_owned(),
    };
    let signatures = PdfSignatures::new(SigningParts {
        tokens: Some(TokenModule::load(&module()).unwrap()),
        ..SigningParts::default()
    });
    // Another program of the same driver has the user's login.
    let driver = Pkcs11::new(module()).unwrap();
    let slots = driver.get_slots_with_initialized_token().unwrap();
    let busy = |slot: &Slot| driver.get_token_info(*slot).unwrap().label() == "busy";
    let slot = slots.into_iter().find(busy).unwrap();
    let other = driver.open_ro_session(slot).unwrap();
    let open = |session: &Session| {
        let pin = AuthPin::from(PIN.to_owned());
        session.login(UserType::User, Some(&pin)).unwrap();
    };
    open(&other);
    let pin = Pin::new(PIN);
    let begun = Instant::now();
    let no = signatures.unlock(&signer, &pin).await.err();
    assert_eq!(no, Some(SignError::Busy));
    assert!(
        begun.elapsed() >= Duration::from_secs(2),
        "it was waited for"
    );
    // Whoever is about to finish keeps nobody from signing: that is the first try of some.
    let mut waiting = Box::pin(signatures.unlock(&signer, &pin));
    let early = tokio::time::timeout(Duration::from_millis(300), &mut waiting).await;
    assert!(early.is_err(), "it is waited for");
    other.logout().unwrap();
    let mut hand = waiting.await;
    for _ in 0..20 {
        // On a machine that was busy for seconds the wait was over before.
        if hand.as_ref().err() == Some(&SignError::Busy) {
            hand = signatures.unlock(&signer, &pin).await;
        }
    }
    let hand = hand.unwrap();
    let person = SigningAct::Person {
        name: "Bùi Hữu Nghĩa".to_owned(),
        attachments: Vec::new(),
    };
    let what = ToSign {
        document: letter(),
        act: person,
        at: at(),
    };
    let made = hand.sign(what).await.unwrap();
    assert!(made.len() > letter().len());
    // A wrong PIN is wrong at once.
    drop(hand);
    let begun = Instant::now();
    let no = signatures.unlock(&signer, &Pin::new("000000")).await.err();
    assert_eq!(no, Some(SignError::WrongPin));
    // Less than the wait for another's login takes.
    assert!(begun.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn without_its_time_stamp_nothing_is_signed_and_the_authority_is_named() {
    let issued = signer("Một", Kind::Ec);
    let folder = tools::folder("no-stamps");
    let named = hex::encode(digest(&SHA256, issued.certificate()));
    std::fs::write(folder.join(format!("{named}.p8")), &issued.key).unwrap();
    let signatures = PdfSignatures::new(SigningParts {
        // Nobody listens there.
        stamps: Some(TimeStamps::new(
            "http://127.0.0.1:9/",
            Duration::from_secs(2),
        )),
        soft: Some(SoftKeys {
            folder,
            pin: PIN.to_owned(),
        }),
        ..SigningParts::default()
    });
    let hand = signatures
        .unlock(&registered(&issued), &Pin::new(PIN))
        .await;
    let person = SigningAct::Person {
        name: "Bùi Hữu Nghĩa".to_owned(),
        attachments: Vec::new(),
    };
    let signed = hand
        .unwrap()
        .sign(ToSign {
            document: letter(),
            act: person,
            at: at(),
        })
        .await;
    assert!(matches!(signed, Err(SignError::NoStamp(_))), "{signed:?}");
}

/// `cargo test -p gateways -- --ignored --nocapture signing::tokens::measure`
#[test]
#[ignore = "prints how long signatures take; asserts nothing"]
fn measure() {
    println!("{}", in_own_process("inside_measure"));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "runs in a process of its own, from the test above"]
async fn inside_measure() {
    const TIMES: u32 = 20;
    for kind in [Kind::Rsa, Kind::Ec] {
        let issued = signer("Đo", kind);
        token(
            "measured",
            if kind == Kind::Rsa { "a1" } else { "b2" },
            &issued,
        );
        let module = TokenModule::load(&module()).unwrap();
        let name = label(if kind == Kind::Rsa {
            "key-a1"
        } else {
            "key-b2"
        });
        let on_token = module.unlock(&locator("measured", name), PIN).unwrap();
        let soft = SoftKey::parse(&issued.key).unwrap();
        let order = order("person", &issued, kind);
        for (where_, key) in [("soft", &soft as &dyn Key), ("SoftHSM2", &on_token)] {
            let [mut preparing, mut signing, mut finishing] = [Duration::ZERO; 3];
            for _ in 0..TIMES {
                let begun = Instant::now();
                let prepared = prepare(&PAPER, &order).unwrap();
                preparing += begun.elapsed();
                let begun = Instant::now();
                let signature = key.sign(prepared.attributes()).unwrap();
                signing += begun.elapsed();
                let begun = Instant::now();
                prepared.finish(&signature, None).unwrap();
                finishing += begun.elapsed();
            }
            println!(
                "{kind:?} {where_}: prepare {:?}, key {:?}, finish {:?}",
                preparing / TIMES,
                signing / TIMES,
                finishing / TIMES,
            );
        }
        let begun = Instant::now();
        for _ in 0..TIMES {
            sign_stamped(&PAPER, order.clone(), &issued).await;
        }
        println!(
            "{kind:?} soft with a stamp of openssl: {:?}",
            begun.elapsed() / TIMES
        );
    }
}
