//! The store of files: in a folder, in the bucket of a real S3 server, under keys of a file and of a
//! token.

mod folder;
mod proxy;
mod s3;
mod token;

use std::fs;
use std::path::{Path, PathBuf};

use app::clock::Ids;
use app::keys::Keyring;
use domain::ids::FileHash;
use gateways::FileStore;
use gateways::files::Place;

/// The master key of the tests.
const MASTER: &str = "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a";
const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

/// An empty place of the test's own.
pub(crate) fn empty(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("files")
        .join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    folder
}

pub(crate) fn keys() -> Keyring {
    Keyring::parse(MASTER).unwrap()
}

/// A key file with one more key, and one with the newest alone.
fn next_keys() -> (Keyring, Keyring) {
    let both = Keyring::with_new_key(MASTER, &Ids::default()).unwrap();
    let alone = Keyring::with_newest_alone(&both).unwrap();
    (
        Keyring::parse(&both).unwrap(),
        Keyring::parse(&alone).unwrap(),
    )
}

fn in_folder(root: &Path, keys: Keyring) -> FileStore {
    FileStore::open(&Place::Folder(root.to_owned()), keys).unwrap()
}

/// Where the object of a file stands.
fn object(root: &Path, file: &FileHash) -> PathBuf {
    let name = keys().file_name(file.as_str());
    root.join(&name[..2]).join(&name[2..4]).join(name)
}

fn hello() -> FileHash {
    FileHash::parse(HELLO).unwrap()
}

/// Content that no compression and no luck makes the same twice.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[0]
    };
    (0..length).map(next).collect()
}
