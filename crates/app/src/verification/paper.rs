//! What the public learns of a paper: what kind, of which agency, number and day, and whether it still
//! holds. No person, no content.

use domain::dossier::{CorrectionKind, Dossier, Event, Issued, Outcome, Record};
use domain::ids::{DossierId, FileHash};
use domain::procedure::Validity;
use domain::reuse::Validness;
use domain::slip::Form;
use jiff::civil::Date;
use store::Loaded;

use crate::jobs::issuing_agency;
use crate::no::No;
use crate::processing::result_corrected;
use crate::state::App;

use super::keep::{Found, of_file};
use super::token::{self, PaperKind};

/// How a paper stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It was issued and holds.
    Authentic,
    /// It was issued; the worker makes it now.
    Making,
    /// It was issued and withdrawn.
    Withdrawn,
    /// It was issued, and a newer one stands in its place.
    Replaced,
    /// It was issued and holds together with what amended it.
    Amended,
    /// Nothing of the kind was issued.
    Unknown,
}

impl Standing {
    /// Every one.
    pub const ALL: [Self; 6] = [
        Self::Authentic,
        Self::Making,
        Self::Withdrawn,
        Self::Replaced,
        Self::Amended,
        Self::Unknown,
    ];

    /// Its name in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Authentic => "authentic",
            Self::Making => "making",
            Self::Withdrawn => "withdrawn",
            Self::Replaced => "replaced",
            Self::Amended => "amended",
            Self::Unknown => "unknown",
        }
    }
}

/// A paper as the public sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// What kind.
    pub kind: PaperKind,
    /// How it stands.
    pub standing: Standing,
    /// Whether its file is an electronic copy of the original on paper.
    pub of_paper: bool,
    /// Whether the result is being corrected.
    pub correcting: bool,
    /// The agency that issued it; empty when nothing was issued.
    pub agency: String,
    /// Number and symbol of a result.
    pub number: Option<String>,
    /// The day on which it was issued.
    pub day: Option<Date>,
    /// Whether it is valid today; none where it is no result that stands.
    pub validity: Option<Lasting>,
    /// Papers of this kind that the dossier has; the day is that of the newest.
    pub issues: usize,
    /// Attachments of a result in files of their own.
    pub attachments: usize,
    /// What is known of the signatures of a result.
    pub found: Option<Found>,
}

/// How long a result is valid, as the public sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lasting {
    /// How long; none where nothing says so.
    pub validity: Option<Validity>,
    /// Whether it is on `today`.
    pub now: Validness,
    /// The day on which that was asked.
    pub today: Date,
}

/// A paper and its files, the newest last.
pub(super) struct Issues {
    pub(super) paper: Paper,
    pub(super) files: Vec<FileHash>,
    /// Where in these the newest issue begins: what follows completes it with proofs, and is the same.
    pub(super) newest: usize,
    /// Files of its attachments with their numbers, the newest last.
    pub(super) attachments: Vec<(usize, FileHash)>,
    /// Where in these those of the newest issue begin.
    pub(super) newest_attachments: usize,
}

/// The paper that a token names; none when the token is not ours.
///
/// # Errors
/// [`No::Broken`].
pub async fn paper(app: &App, token: &str) -> Result<Option<Paper>, No> {
    let Some(issues) = issues(app, token).await? else {
        return Ok(None);
    };
    let mut paper = issues.paper;
    if let (PaperKind::Result, Some(file)) = (paper.kind, issues.files.last()) {
        paper.found = Some(of_file(app, file).await?);
    }
    Ok(Some(paper))
}

pub(super) async fn issues(app: &App, token: &str) -> Result<Option<Issues>, No> {
    let Some((dossier, kind)) = token::read(app.keys(), token) else {
        return Ok(None);
    };
    let loaded = app.store().load(&dossier).await?;
    let issues = match (loaded.dossier.record(), kind) {
        (None, _) => Issues::none(kind),
        (Some(record), PaperKind::Result) => result(app, &loaded, record),
        (Some(record), PaperKind::Form(form)) => slips(app, (&dossier, record), form).await?,
    };
    Ok(Some(issues))
}

impl Paper {
    /// Whether it is valid no more.
    pub fn is_expired(&self) -> bool {
        let now = self.validity.map(|lasting| lasting.now);
        matches!(now, Some(Validness::Expired { .. }))
    }
}

impl Issues {
    fn none(kind: PaperKind) -> Self {
        Self {
            paper: Paper {
                kind,
                standing: Standing::Unknown,
                of_paper: false,
                correcting: false,
                agency: String::new(),
                number: None,
                day: None,
                validity: None,
                issues: 0,
                attachments: 0,
                found: None,
            },
            files: Vec::new(),
            newest: 0,
            attachments: Vec::new(),
            newest_attachments: 0,
        }
    }
}

fn result(app: &App, loaded: &Loaded, record: &Record) -> Issues {
    let none = Issues::none(PaperKind::Result);
    let (Dossier::Settled(_, _, issued) | Dossier::Returned(_, issued)) = &loaded.dossier else {
        return none;
    };
    let (done, correcting) = result_corrected(record);
    let standing = match (done, &issued.official) {
        (Some(CorrectionKind::Withdraw), _) => Standing::Withdrawn,
        (Some(CorrectionKind::Replace), _) => Standing::Replaced,
        (Some(CorrectionKind::Amend), _) => Standing::Amended,
        (None, None) => Standing::Making,
        (None, Some(_)) => Standing::Authentic,
    };
    let documents = documents(loaded);
    Issues {
        paper: Paper {
            attachments: issued.attachments.len(),
            standing,
            of_paper: record.course.digitised.is_some(),
            correcting,
            agency: issuing_agency(app, record, (None, issued.at)),
            number: Some(issued.number.clone()),
            day: Some(issued.at.date()),
            validity: lasting(app, standing, issued),
            issues: 1,
            ..none.paper
        },
        ..documents
    }
}

/// Whether a file is a document of the result of a dossier: an earlier one that was completed since is.
pub(crate) fn is_result(loaded: &Loaded, file: &FileHash) -> bool {
    documents(loaded).files.contains(file)
}

/// The documents that were made of a result, one issue after the other.
fn documents(loaded: &Loaded) -> Issues {
    let mut all = Issues::none(PaperKind::Result);
    for one in &loaded.events {
        let Event::ResultMade {
            file,
            attachments,
            completes,
            ..
        } = &one.event
        else {
            continue;
        };
        if completes.is_none() {
            (all.newest, all.newest_attachments) = (all.files.len(), all.attachments.len());
        }
        all.files.push(file.hash.clone());
        let numbered = (1_usize..).zip(attachments);
        all.attachments
            .extend(numbered.map(|(n, file)| (n, file.hash.clone())));
    }
    all
}

/// How long a result is valid, and whether it is today; of what was taken back nothing is said.
fn lasting(app: &App, standing: Standing, issued: &Issued) -> Option<Lasting> {
    let granted = issued.outcome == Outcome::Granted;
    let stands = matches!(standing, Standing::Authentic | Standing::Amended);
    let today = app.clock().now().date();
    (granted && stands).then(|| Lasting {
        validity: issued.validity,
        now: Validness::of(issued.validity, today),
        today,
    })
}

async fn slips(
    app: &App,
    (dossier, record): (&DossierId, &Record),
    form: Form,
) -> Result<Issues, No> {
    let mut made = app.store().slips(dossier).await?;
    made.retain(|slip| slip.key.form == form);
    let none = Issues::none(PaperKind::Form(form));
    let Some(last) = made.last() else {
        return Ok(none);
    };
    Ok(Issues {
        paper: Paper {
            standing: Standing::Authentic,
            agency: issuing_agency(app, record, (Some(form), last.issued_at)),
            day: Some(last.issued_at.date()),
            issues: made.len(),
            ..none.paper.clone()
        },
        newest: made.len().saturating_sub(1),
        files: made.into_iter().map(|slip| slip.file).collect(),
        ..none
    })
}
