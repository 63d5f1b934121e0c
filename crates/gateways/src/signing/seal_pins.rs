//! Where the PINs of the agencies' seals stand: one for each token.

use std::fs;
use std::path::{Path, PathBuf};

use app::signing::{Pin, SignError};

use crate::secrets;

/// Where the PINs stand. They are read anew each time: a PIN is changed without a restart.
#[derive(Debug, Clone)]
pub enum SealPins {
    /// A folder with a file for each token, which has the token's label for its name.
    Folder(PathBuf),
    /// A file with a line for each token: the PIN, a space, the token's label.
    File(PathBuf),
}

impl SealPins {
    /// The folder or file at that path.
    ///
    /// # Errors
    /// [`SignError::NoPin`] when it cannot be read, or others than its owner can.
    pub fn at(path: &Path) -> Result<Self, SignError> {
        secrets::guarded(path).map_err(SignError::NoPin)?;
        if path.is_dir() {
            return Ok(Self::Folder(path.to_owned()));
        }
        secrets::read(path).map_err(SignError::NoPin)?;
        Ok(Self::File(path.to_owned()))
    }

    /// The PIN of a token, or of the seal at a signing service, by its name.
    pub(super) fn of(&self, label: &str) -> Result<Pin, SignError> {
        let found = match self {
            Self::Folder(folder) => in_folder(folder, label),
            Self::File(file) => secrets::read(file).map(|text| in_lines(&text, label)),
        };
        let found = found.map_err(SignError::NoPin)?.map(|pin| Pin::new(&pin));
        let missing = || SignError::NoPin(format!("none for `{label}`"));
        found.filter(|pin| !pin.is_empty()).ok_or_else(missing)
    }
}

/// The file of that name. It is looked for among those there are: a label is no path.
fn in_folder(folder: &Path, label: &str) -> Result<Option<String>, String> {
    let unread = |cause: std::io::Error| format!("cannot read {}: {cause}", folder.display());
    for entry in fs::read_dir(folder).map_err(unread)? {
        let entry = entry.map_err(unread)?;
        if entry.file_name().to_str() == Some(label) {
            return secrets::read(&entry.path()).map(Some);
        }
    }
    Ok(None)
}

fn in_lines(text: &str, label: &str) -> Option<String> {
    let mut lines = text.lines().filter_map(|line| {
        let (pin, name) = line.trim().split_once(char::is_whitespace)?;
        (name.trim() == label).then(|| pin.to_owned())
    });
    lines.next()
}

#[cfg(test)]
mod tests {
    use super::in_lines;

    #[test]
    fn a_token_has_the_pin_of_its_own_line() {
        let text = "246810 dau\n  135791\tDấu UBND phường Hạc Thành \n777777\n888888 dau\n";
        let pin = |label| in_lines(text, label);
        assert_eq!(pin("dau").as_deref(), Some("246810"));
        let long = pin("Dấu UBND phường Hạc Thành");
        assert_eq!(long.as_deref(), Some("135791"));
        assert_eq!(pin(""), None, "a line without a label is nobody's");
        assert_eq!(pin("UBND"), None);
    }
}
