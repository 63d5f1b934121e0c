//! One token with a seal and the keys of files: PKCS#11 knows one login of it for the whole program.

use std::fs;
use std::path::{Path, PathBuf};

use app::ports::{Condition, FileKeeping as _, PortError};
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use gateways::FileStore;
use gateways::files::{FilesError, Place, TokenKeys, TokenPlace};
use gateways::sign::{Key as _, KeyFault, Locator, SignFault, TokenModule, Try};

use super::super::signer;
use super::{PIN, fault, in_own_process, label, locator, module, token};
use crate::authority::Kind;
use crate::files::{empty, keys};

fn place(pin: &str) -> TokenPlace {
    TokenPlace {
        module: module(),
        token: "both".to_owned(),
        pin: pin.to_owned(),
        label: "motcua-files".to_owned(),
    }
}

fn seal() -> Locator {
    locator("both", label("key-a1"))
}

/// The token with a seal, a store of files under it, and what signs.
fn both(name: &str) -> (FileStore, TokenModule) {
    token("both", "a1", &signer("UBND phường Hạc Thành", Kind::Ec));
    let held = TokenKeys::open(&place(PIN)).unwrap();
    let root = Place::Folder(empty(name));
    let files = FileStore::open_under(&root, keys(), held).unwrap();
    (files, TokenModule::load(&module()).unwrap())
}

/// A session that no part of the product knows of.
fn stranger() -> Session {
    let driver = Pkcs11::new(module()).unwrap();
    let slots = driver.get_slots_with_initialized_token().unwrap();
    driver.open_rw_session(slots[0]).unwrap()
}

/// The driver ends and begins anew, as when the device was reset: every session is lost.
fn begins_anew(meanwhile: impl FnOnce()) {
    Pkcs11::new(module()).unwrap().finalize().unwrap();
    meanwhile();
    let flags = CInitializeFlags::OS_LOCKING_OK;
    let driver = Pkcs11::new(module()).unwrap();
    driver.initialize(CInitializeArgs::new(flags)).unwrap();
}

/// Where the tokens of this process are.
fn store() -> PathBuf {
    let settings = std::env::var("SOFTHSM2_CONF").unwrap();
    Path::new(&settings).with_file_name("store")
}

fn signs(module: &TokenModule) {
    let key = module.unlock(&seal(), PIN).unwrap();
    key.sign(b"sealed").unwrap();
}

#[test]
fn files_and_a_seal_share_the_login_of_their_token() {
    in_own_process("shared::inside_files_and_a_seal");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "runs in a process of its own, from the test above"]
async fn inside_files_and_a_seal() {
    let (files, module) = both("files-and-seal");
    let (hash, _) = files.put(b"hello".to_vec()).await.unwrap();
    for _ in 0..3 {
        // Each seal ends its part of the login; the files keep theirs.
        signs(&module);
        assert_eq!(files.get(&hash).await.unwrap(), b"hello");
    }
    let key = module.unlock(&seal(), PIN).unwrap();
    drop(files);
    key.sign(b"and the other way round").unwrap();
    drop(key);
    assert_eq!(fault(&module, &seal(), "000000"), KeyFault::Pin, "locked");
}

#[test]
fn a_login_that_was_lost_is_made_again() {
    in_own_process("shared::inside_a_lost_login");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "runs in a process of its own, from the test above"]
async fn inside_a_lost_login() {
    let (files, module) = both("lost-login");
    let (hash, _) = files.put(b"hello".to_vec()).await.unwrap();
    let object = files.object(&hash);
    stranger().logout().unwrap();
    assert_eq!(files.get(&hash).await.unwrap(), b"hello");
    stranger().logout().unwrap();
    signs(&module);
    assert_eq!(files.get(&hash).await.unwrap(), b"hello");
    begins_anew(|| ());
    assert_eq!(files.get(&hash).await.unwrap(), b"hello");
    signs(&module);

    // The token is pulled out, and what is under it waits; nothing is called altered.
    let away = store().with_file_name("away");
    begins_anew(|| {
        fs::rename(store(), &away)
            .and_then(|()| fs::create_dir(store()))
            .unwrap();
    });
    let gone = files.get(&hash).await;
    assert!(matches!(gone, Err(FilesError::Token(_))), "{gone:?}");
    assert!(matches!(
        files.condition(&object).await,
        Err(PortError::Retry(_))
    ));
    assert_eq!(fault(&module, &seal(), PIN), KeyFault::NoToken);
    begins_anew(|| {
        fs::remove_dir_all(store())
            .and_then(|()| fs::rename(&away, store()))
            .unwrap();
    });
    assert_eq!(files.get(&hash).await.unwrap(), b"hello");
    signs(&module);
    let (later, _) = files.put(b"later".to_vec()).await.unwrap();
    assert_eq!(files.get(&later).await.unwrap(), b"later");
}

#[test]
fn a_pin_that_became_wrong_is_tried_once() {
    in_own_process("shared::inside_a_pin_that_became_wrong");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "runs in a process of its own, from the test above"]
async fn inside_a_pin_that_became_wrong() {
    let (files, module) = both("wrong-by-now");
    let (hash, _) = files.put(b"hello".to_vec()).await.unwrap();
    let pin = |text: &str| AuthPin::from(text.to_owned());
    let session = stranger();
    session.set_pin(&pin(PIN), &pin("112233")).unwrap();
    session.logout().unwrap();
    drop(session);
    let refused = files.get(&hash).await.unwrap_err().to_string();
    assert!(refused.contains("the PIN is wrong"), "{refused}");
    // It is not tried again, not even when it would be right.
    let session = stranger();
    session.login(UserType::User, Some(&pin("112233"))).unwrap();
    session.set_pin(&pin("112233"), &pin(PIN)).unwrap();
    session.logout().unwrap();
    drop(session);
    assert!(files.get(&hash).await.is_err());
    drop(files);

    // What nobody knows to be right is not tried on a token that counts a wrong one.
    assert_eq!(fault(&module, &seal(), "000000"), KeyFault::Pin);
    let open = |keys: Result<TokenKeys, FilesError>| keys.err().map(|error| error.to_string());
    let unsure = open(TokenKeys::open(&place(PIN))).unwrap();
    assert!(unsure.contains("motcua keys try-token"), "{unsure}");
    let unsure = module.unlock_as(&seal(), (PIN, Try::Unsure));
    assert!(matches!(unsure, Err(SignFault::Key(KeyFault::WrongBefore))));
    assert_eq!(open(TokenKeys::open_ordered(&place(PIN))), None);
    assert_eq!(
        open(TokenKeys::open(&place(PIN))),
        None,
        "it counts none now"
    );
    assert!(module.unlock_as(&seal(), (PIN, Try::Unsure)).is_ok());
}

#[test]
fn a_token_that_fails_is_not_a_file_that_was_altered() {
    in_own_process("shared::inside_a_token_that_fails");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "runs in a process of its own, from the test above"]
async fn inside_a_token_that_fails() {
    let (files, _) = both("failing");
    let (hash, _) = files.put(b"hello".to_vec()).await.unwrap();
    let object = files.object(&hash);
    let whole = damage_the_master_key();
    let failing = files.get(&hash).await;
    assert!(matches!(failing, Err(FilesError::Token(_))), "{failing:?}");
    assert!(matches!(
        files.condition(&object).await,
        Err(PortError::Retry(_))
    ));
    for (path, content) in whole {
        fs::write(path, content).unwrap();
    }
    begins_anew(|| ());
    assert_eq!(files.get(&hash).await.unwrap(), b"hello");
    let whole = files.condition(&object).await.unwrap();
    assert!(matches!(whole, Condition::Whole { .. }));
}

/// Takes a byte from the sealed value of every secret key on the token, which then fails with a
/// general error; answers the files as they were.
fn damage_the_master_key() -> Vec<(PathBuf, Vec<u8>)> {
    const SECRET_KEY: [u8; 24] = attribute(0x00, 2, 4);
    let mut whole = Vec::new();
    for token in fs::read_dir(store()).unwrap() {
        for file in fs::read_dir(token.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            let content = fs::read(&path).unwrap();
            let is_key = content.windows(24).any(|part| part == SECRET_KEY);
            let Some(at) = is_key.then(|| value_at(&content)).flatten() else {
                continue;
            };
            let mut damaged = content.clone();
            let length = u64::from_be_bytes(damaged[at + 16..at + 24].try_into().unwrap());
            damaged[at + 16..at + 24].copy_from_slice(&(length - 1).to_be_bytes());
            damaged.remove(at + 24);
            // Whoever has read it sees by its generation that it is another one.
            let generation = u64::from_be_bytes(damaged[..8].try_into().unwrap());
            damaged[..8].copy_from_slice(&(generation + 1).to_be_bytes());
            fs::write(&path, damaged).unwrap();
            whole.push((path, content));
        }
    }
    assert_eq!(whole.len(), 1, "the master key");
    whole
}

/// An attribute of a number as SoftHSM writes it: its type, its kind, its value.
const fn attribute(kind: u64, form: u64, value: u64) -> [u8; 24] {
    let mut bytes = [0; 24];
    let parts = [kind.to_be_bytes(), form.to_be_bytes(), value.to_be_bytes()];
    let mut at = 0;
    while at < 24 {
        bytes[at] = parts[at / 8][at % 8];
        at += 1;
    }
    bytes
}

/// Where the attribute with the key's value begins.
fn value_at(content: &[u8]) -> Option<usize> {
    let wanted = [0x11_u64.to_be_bytes(), 3_u64.to_be_bytes()].concat();
    content.windows(16).position(|part| part == wanted)
}
