//! Master keys on a token: SoftHSM2, in a process of its own because its settings are the process's.

use std::path::{Path, PathBuf};
use std::process::Command;

use app::ports::FileKeeping;
use gateways::FileStore;
use gateways::files::{FilesError, Place, TokenKeys, TokenPlace};

use super::{empty, in_folder, keys, noise};
use crate::tools::run;

const PIN: &str = "246810";
const MODULES: [&str; 3] = [
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
];

#[test]
fn a_key_on_a_token_wraps_the_keys_of_files() {
    let folder = empty("token");
    std::fs::create_dir_all(folder.join("store")).unwrap();
    let settings = folder.join("softhsm2.conf");
    let tokens = folder.join("store");
    let text = format!(
        "directories.tokendir = {}\nobjectstore.backend = file\n",
        tokens.display()
    );
    std::fs::write(&settings, text).unwrap();
    let ran = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture"])
        .arg("files::token::inside_a_key_on_a_token_wraps_the_keys_of_files")
        .env("SOFTHSM2_CONF", settings)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    let wrong = String::from_utf8_lossy(&ran.stderr);
    assert!(
        ran.status.success() && said.contains("1 passed"),
        "{said}\n{wrong}"
    );
}

fn place(pin: &str) -> TokenPlace {
    let mut modules = MODULES.iter().map(PathBuf::from);
    let module = modules.find(|path| path.exists());
    TokenPlace {
        module: module.expect("the package softhsm2 is installed"),
        token: "files".to_owned(),
        pin: pin.to_owned(),
        label: "motcua-files".to_owned(),
    }
}

fn under_token(root: &Path) -> FileStore {
    let token = TokenKeys::open(&place(PIN)).unwrap();
    FileStore::open_under(&Place::Folder(root.to_owned()), keys(), token).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "runs in a process of its own, from the test above"]
async fn inside_a_key_on_a_token_wraps_the_keys_of_files() {
    let new_token = ["--init-token", "--free", "--label", "files"];
    let pins = ["--pin", PIN, "--so-pin", "135791"];
    run("softhsm2-util", &[&new_token[..], &pins].concat());
    let wrong = TokenKeys::open(&place("000000"));
    assert!(matches!(wrong, Err(FilesError::Token(_))));
    // A server that starts again and again would lock it: a person orders the next try.
    let unsure = TokenKeys::open(&place(PIN)).err().unwrap().to_string();
    assert!(unsure.contains("a wrong PIN was entered"), "{unsure}");
    TokenKeys::open_ordered(&place(PIN)).unwrap();

    let root = empty("under-token");
    let (before, _) = in_folder(&root, keys())
        .put(b"before".to_vec())
        .await
        .unwrap();
    let files = under_token(&root);
    let (hash, _) = files.put(b"hello".to_vec()).await.unwrap();
    let (large, _) = files.put(noise(9 << 20)).await.unwrap();
    assert_eq!(files.get(&hash).await.unwrap(), b"hello");
    assert_eq!(files.get(&before).await.unwrap(), b"before");
    let without = in_folder(&root, keys()).get(&hash).await;
    assert!(matches!(without, Err(FilesError::Key(_))), "{without:?}");

    assert_eq!(files.rewrap(&files.object(&before)).await, Ok(true));
    assert_eq!(files.rewrap(&files.object(&hash)).await, Ok(false));
    TokenKeys::open(&place(PIN)).unwrap().add_key().unwrap();
    let turned = under_token(&root);
    for file in [&before, &hash, &large] {
        assert!(turned.get(file).await.is_ok());
        assert_eq!(turned.rewrap(&turned.object(file)).await, Ok(true));
        assert_eq!(turned.rewrap(&turned.object(file)).await, Ok(false));
    }
    // Who does not know of the new key yet says so, and does not take the file for altered.
    let old = files.get(&hash).await;
    assert!(matches!(old, Err(FilesError::Key(_))), "{old:?}");
    let one = keys().file_name(hash.as_str());
    let two = keys().file_name(before.as_str());
    let at = |name: &str| root.join(&name[..2]).join(&name[2..4]).join(name);
    std::fs::copy(at(&one), at(&two)).unwrap();
    let moved = turned.get(&before).await;
    assert!(matches!(moved, Err(FilesError::Altered(_))), "{moved:?}");
    assert!(turned.get(&large).await.unwrap() == noise(9 << 20));
}
