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
    /// It is exactly the newest file that was issued, or was before proofs completed it.
    Issued,
    /// It is exactly a file that was issued, and a newer one was issued since.
    Earlier,
    /// It is exactly the newest file of an attachment of what was issued.
    Attachment,
    /// It is a signed file, or the issued one, that was changed afterwards.
    Changed,
    /// It is another file.
    Other,
}

impl Sameness {
    /// Every one.
    pub const ALL: [Self; 5] = [
        Self::Issued,
        Self::Earlier,
        Self::Attachment,
        Self::Changed,
        Self::Other,
    ];

    /// Its name in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Earlier => "earlier",
            Self::Attachment => "attachment",
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
    /// The number of the attachment that it is, or was before it was changed.
    pub attachment: Option<usize>,
    /// What the file's own signatures are worth; none of what is no PDF.
    pub verdict: Option<Verdict>,
}

/// Compares a file with the paper that a token names; none when the token is not ours.
///
/// # Errors
/// [`No::Broken`].
pub async fn compare(app: &App, token: &str, content: Vec<u8>) -> Result<Option<Compared>, No> {
    let Some(Issues {
        paper,
        files,
        newest,
        attachments,
        newest_attachments,
    }) = issues(app, token).await?
    else {
        return Ok(None);
    };
    let dropped = cut(app, content).await?;
    let hash = &dropped.hash;
    let begun = continues(app, &files, &dropped).await?.is_some();
    let attached: Vec<FileHash> = attachments.iter().map(|(_, file)| file.clone()).collect();
    let known = attached.iter().rposition(|file| file == hash);
    let altered_attachment = continues(app, &attached, &dropped).await?;
    let attachment = known.or(altered_attachment);
    let attachment = attachment
        .and_then(|at| attachments.get(at))
        .map(|(n, _)| *n);
    let same = files.iter().rposition(|file| file == hash);
    let verdict = if dropped.content.starts_with(b"%PDF-") {
        let now = app.clock().now();
        let found = app.validator().validate(dropped.content, now, Ask::Visitor);
        Some(found.await?)
    } else {
        None
    };
    let altered = verdict.as_ref().is_some_and(Verdict::is_altered);
    let same = if let Some(at) = same {
        if at >= newest {
            Sameness::Issued
        } else {
            Sameness::Earlier
        }
    } else if let Some(at) = known {
        if at >= newest_attachments {
            Sameness::Attachment
        } else {
            Sameness::Earlier
        }
    } else if begun || altered || attachment.is_some() {
        Sameness::Changed
    } else {
        Sameness::Other
    };
    let verdict = verdict.filter(|verdict| !verdict.is_unsigned());
    Ok(Some(Compared {
        paper,
        same,
        attachment,
        verdict,
    }))
}

/// The most ends of revisions at which a file is cut to see what it began as: ours have fewer.
const MOST_ENDS: usize = 12;
/// How a revision of a PDF ends, before the end of its line.
const END: &[u8] = b"%%EOF";
/// How many of the newest files that were issued are read where nothing else tells.
const NEWEST: usize = 3;

/// A file that was handed in, with what it was before it was continued.
struct Dropped {
    content: Vec<u8>,
    hash: FileHash,
    /// Hashes of what ends where a revision does.
    began: Vec<FileHash>,
}

/// Hashes a file once from end to end, where that holds nobody up: it may be large, and anybody hands it
/// in.
async fn cut(app: &App, content: Vec<u8>) -> Result<Dropped, No> {
    let app = app.clone();
    let hashed = tokio::task::spawn_blocking(move || {
        let mut ends = ends(&content);
        ends.push(content.len());
        let mut began = app.files().names(&content, &ends);
        let hash = began.pop().expect("the whole file is the last part");
        Dropped {
            content,
            hash,
            began,
        }
    });
    hashed.await.map_err(|cause| No::Broken(Box::new(cause)))
}

/// Behind which of the files that were issued something was written, if it was. What a PDF was before it
/// was continued is told by its hash alone, however much was issued; else the newest few are read.
async fn continues(app: &App, files: &[FileHash], dropped: &Dropped) -> Result<Option<usize>, No> {
    for began in &dropped.began {
        let found = files.iter().position(|file| file == began);
        if found.is_some() {
            return Ok(found);
        }
    }
    let content = &dropped.content;
    for (at, file) in files.iter().enumerate().rev().take(NEWEST) {
        let issued = app.files().get(file).await?;
        if content.len() > issued.len() && content.starts_with(&issued) {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

/// Where revisions end before the end of the file, with and without the end of their last line.
fn ends(content: &[u8]) -> Vec<usize> {
    let marks = content.windows(END.len()).enumerate();
    let marks = marks.filter(|(_, window)| *window == END).take(MOST_ENDS);
    let after = marks.flat_map(|(at, _)| {
        let end = at.saturating_add(END.len());
        let line = content.get(end..).unwrap_or_default();
        let breaks = [&b"\r\n"[..], b"\n", b"\r"];
        let long = breaks.iter().find(|one| line.starts_with(one));
        let long = long.map(|one| end.saturating_add(one.len()));
        [Some(end), long].into_iter().flatten()
    });
    after.filter(|end| *end < content.len()).collect()
}

#[cfg(test)]
mod tests {
    use super::{MOST_ENDS, ends};

    #[test]
    fn a_file_is_cut_where_its_revisions_end() {
        assert_eq!(ends(b"a%%EOF\nb%%EOF\r\nc"), [6, 7, 13, 15]);
        assert_eq!(ends(b"a%%EOF"), [0_usize; 0], "the whole file is no part");
        assert_eq!(ends(b"a%%EOF\n"), [6]);
        assert_eq!(ends(b"no mark"), [0_usize; 0]);
        let hostile = b"%%EOF ".repeat(1_000);
        assert_eq!(ends(&hostile).len(), MOST_ENDS);
    }
}
