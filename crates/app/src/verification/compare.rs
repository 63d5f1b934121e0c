//! Whether a file that somebody holds is the one that was issued. Nothing of it is kept.

use domain::ids::FileHash;

use crate::no::No;
use crate::state::App;

use super::paper::{Issues, Paper, issues};
use super::port::{Ask, Verdict};

/// The most that is compared, in bytes.
pub const MOST: usize = 20 * 1024 * 1024;

/// How a file relates to a paper that was issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sameness {
    /// It is exactly the newest file that was issued.
    Issued,
    /// It is exactly a file that was issued, and a newer one was issued since.
    Earlier,
    /// It is a signed file, or the issued one, that was changed afterwards.
    Changed,
    /// It is another file.
    Other,
}

impl Sameness {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Issued, Self::Earlier, Self::Changed, Self::Other];

    /// Its name in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Earlier => "earlier",
            Self::Changed => "changed",
            Self::Other => "other",
        }
    }
}

/// What came of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// The paper.
    pub paper: Paper,
    /// How the file relates to it.
    pub same: Sameness,
    /// What the file's own signatures are worth; none of what is no PDF.
    pub verdict: Option<Verdict>,
}

/// Compares a file with the paper that a token names; none when the token is not ours.
///
/// # Errors
/// [`No::Broken`].
pub async fn compare(app: &App, token: &str, content: Vec<u8>) -> Result<Option<Compared>, No> {
    let Some(Issues { paper, files }) = issues(app, token).await? else {
        return Ok(None);
    };
    let hash = app.files().name(&content);
    let begun = continues(app, &files, &content).await?;
    let verdict = if content.starts_with(b"%PDF-") {
        let now = app.clock().now();
        let validator = app.validator();
        Some(validator.validate(content, now, Ask::Visitor).await?)
    } else {
        None
    };
    let altered = verdict.as_ref().is_some_and(Verdict::is_altered);
    let same = if files.last() == Some(&hash) {
        Sameness::Issued
    } else if files.contains(&hash) {
        Sameness::Earlier
    } else if begun || altered {
        Sameness::Changed
    } else {
        Sameness::Other
    };
    let verdict = verdict.filter(|verdict| !verdict.is_unsigned());
    Ok(Some(Compared {
        paper,
        same,
        verdict,
    }))
}

/// Whether something was written behind a file that was issued.
async fn continues(app: &App, files: &[FileHash], content: &[u8]) -> Result<bool, No> {
    for file in files {
        let issued = app.files().get(file).await?;
        if content.len() > issued.len() && content.starts_with(&issued) {
            return Ok(true);
        }
    }
    Ok(false)
}
