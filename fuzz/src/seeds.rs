//! What was made beside the seeds, for whoever judges by it.

use std::path::PathBuf;

use jiff::Timestamp;

use crate::verify::Trust;

/// The folder of the seeds, which the one who runs a target names.
pub fn folder() -> PathBuf {
    std::env::var_os("MOTCUA_FUZZ_SEEDS")
        .expect("the folder of seeds is named")
        .into()
}

/// A file of the folder.
pub fn read(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).expect("the seeds are made")
}

/// Every file in a folder of the folder.
pub fn all(name: &str) -> Vec<Vec<u8>> {
    let files = std::fs::read_dir(folder().join(name)).expect("the seeds are made");
    let paths = files.filter_map(|file| Some(file.ok()?.path()));
    paths.filter_map(|path| std::fs::read(path).ok()).collect()
}

/// Whom the seeds trust.
pub fn trust() -> Trust {
    let list = String::from_utf8(read("trust.pem")).expect("a trust list is text");
    Trust::parse(&list).expect("the trust list is one")
}

/// The time at which the seeds are judged.
pub fn now() -> Timestamp {
    "2026-06-01T00:00:00Z".parse().expect("a time")
}
