//! What uploads into a folder leave that end before the file is whole: the store of objects writes
//! `NAME#1` beside the place and renames it last, and shows no such name itself.

use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

use app::clock::local_time;
use app::ports::Kept;
use jiff::Timestamp;

/// The beginnings of objects whose names begin with that byte, by name.
pub(super) fn of_shard(folder: &Path, shard: u8) -> Result<Vec<Kept>, Error> {
    let mut found = Vec::new();
    for second in entries(&folder.join(format!("{shard:02x}")))? {
        if !second.is_dir() {
            continue;
        }
        for path in entries(&second)? {
            let name = path.file_name().and_then(|name| name.to_str());
            if let Some(name) = name.filter(|name| place(folder, name).as_ref() == Some(&path)) {
                found.extend(kept(name, &path)?);
            }
        }
    }
    found.sort_by(|a, b| a.object.cmp(&b.object));
    Ok(found)
}

/// Removes one.
pub(super) fn remove(folder: &Path, name: &str) -> Result<(), Error> {
    match place(folder, name).map(std::fs::remove_file) {
        None | Some(Ok(())) => Ok(()),
        Some(Err(cause)) if cause.kind() == ErrorKind::NotFound => Ok(()),
        Some(Err(cause)) => Err(cause),
    }
}

/// Where one of that name is; none for what is none of ours.
fn place(folder: &Path, name: &str) -> Option<PathBuf> {
    let (object, nth) = name.split_once('#')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    let ours = object.len() == 64 && object.bytes().all(|c| c.is_ascii_hexdigit());
    let (first, second) = (object.get(0..2)?, object.get(2..4)?);
    (ours && digits(nth)).then(|| folder.join(first).join(second).join(name))
}

/// What stands in a folder; nothing where there is none.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let read = match std::fs::read_dir(folder) {
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        other => other?,
    };
    read.map(|entry| entry.map(|entry| entry.path())).collect()
}

/// What is known of one; nothing when it was renamed meanwhile.
fn kept(name: &str, path: &Path) -> Result<Option<Kept>, Error> {
    let about = match std::fs::metadata(path) {
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    let at = Timestamp::try_from(about.modified()?).map_err(Error::other)?;
    Ok(Some(Kept {
        object: name.to_owned(),
        bytes: about.len(),
        at: local_time(at.as_millisecond()),
    }))
}
