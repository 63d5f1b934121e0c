//! Public verification of a paper by the code on it, and comparison of a file with the one issued.

use app::verification::{
    Compared, Found, MOST, Paper, Sameness, Standing, Verdict, compare, paper, said,
};
use app::words;
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::routing::get;
use domain::reuse::Validness;

use super::common::{page, unprocessable};
use crate::error::{Answer, FaultLine, Trouble};
use crate::extract::{Address, Dropped};
use crate::layout::Frame;
use crate::session::Visitor;
use crate::state::Web;
use crate::throttle::Purpose;
use crate::words::Words;

/// Bytes of a form with the file.
const FORM: usize = MOST + 64 * 1024;

/// The routes of this file.
pub(super) fn routes() -> Router<Web> {
    Router::new().route(
        "/xac-thuc/{token}",
        get(show).post(dropped).layer(DefaultBodyLimit::max(FORM)),
    )
}

/// A paper in words.
#[derive(Debug, Clone)]
pub(crate) struct PaperView {
    pub(crate) head: String,
    pub(crate) means: String,
    /// Whether the paper may be relied upon.
    pub(crate) holds: bool,
    /// Whether the file is a copy of the original on paper.
    pub(crate) of_paper: bool,
    /// How many attachments it has in files of their own; empty for none.
    pub(crate) attachments: String,
    pub(crate) correcting: bool,
    /// Since when it is valid no more; empty while it is.
    pub(crate) expired: String,
    /// Until when it is valid; empty where that is no question.
    pub(crate) validity: String,
    pub(crate) kind: String,
    pub(crate) agency: String,
    pub(crate) number: String,
    pub(crate) day: String,
    /// That there are several of the kind; empty for one.
    pub(crate) issues: String,
    pub(crate) signatures: Option<SignaturesView>,
}

/// Signatures of a file in words.
#[derive(Debug, Clone)]
pub(crate) struct SignaturesView {
    pub(crate) lines: Vec<String>,
    /// When they were checked; empty for a moment ago.
    pub(crate) checked: String,
}

/// What came of a comparison, in words.
#[derive(Debug, Clone)]
pub(crate) struct ComparedView {
    pub(crate) same: bool,
    pub(crate) head: String,
    /// Which attachment the file is or was; empty for the document itself.
    pub(crate) attachment: String,
    pub(crate) text: String,
    pub(crate) signatures: Option<SignaturesView>,
}

#[derive(Template)]
#[template(path = "pages/verify.html")]
pub(crate) struct VerifyPage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    /// The address of the page without its query.
    pub(crate) action: String,
    pub(crate) fault: String,
    pub(crate) paper: Option<PaperView>,
    pub(crate) compared: Option<ComparedView>,
}

/// `GET /xac-thuc/{token}`.
async fn show(
    State(web): State<Web>,
    Address(address): Address,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Answer {
    let now = web.app.clock().now();
    if !web.throttle.allows(Purpose::Verify, address, now) {
        return Err(Trouble::TooMany);
    }
    match paper(&web.app, &token).await? {
        Some(paper) => page(&VerifyPage::of(&visitor, &token, &paper)),
        None => unknown(&visitor),
    }
}

/// `POST /xac-thuc/{token}`: a file, which is compared and forgotten.
async fn dropped(
    State(web): State<Web>,
    Address(address): Address,
    Path(token): Path<String>,
    Dropped { visitor, content }: Dropped,
) -> Answer {
    let now = web.app.clock().now();
    if !web.throttle.allows(Purpose::Compare, address, now) {
        return Err(Trouble::TooMany);
    }
    let fault = match content.len() {
        0 => "verify.no_file",
        size if size > MOST => "verify.too_large",
        _ => "",
    };
    if fault.is_empty() {
        return match compare(&web.app, &token, content).await? {
            Some(compared) => page(&VerifyPage::compared(&visitor, &token, &compared)),
            None => unknown(&visitor),
        };
    }
    match paper(&web.app, &token).await? {
        Some(paper) => unprocessable(&VerifyPage {
            fault: visitor.w.t(fault).to_owned(),
            ..VerifyPage::of(&visitor, &token, &paper)
        }),
        None => unknown(&visitor),
    }
}

/// The same answer to every token that is not ours.
fn unknown(visitor: &Visitor) -> Answer {
    let none = VerifyPage::unknown(visitor);
    Ok((StatusCode::NOT_FOUND, page(&none)?).into_response())
}

impl VerifyPage {
    fn faults(&self) -> Vec<FaultLine> {
        FaultLine::one("tep", &self.fault)
    }

    /// Of a token that is not ours.
    pub(crate) fn unknown(visitor: &Visitor) -> Self {
        Self {
            frame: Frame::public(visitor),
            w: visitor.w,
            action: String::new(),
            fault: String::new(),
            paper: None,
            compared: None,
        }
    }

    /// Of a paper.
    pub(crate) fn of(visitor: &Visitor, token: &str, paper: &Paper) -> Self {
        Self {
            action: format!("/xac-thuc/{token}"),
            paper: Some(PaperView::new(visitor.w, paper)),
            ..Self::unknown(visitor)
        }
    }

    /// Of a paper, with a file beside it.
    pub(crate) fn compared(visitor: &Visitor, token: &str, compared: &Compared) -> Self {
        let (w, name) = (visitor.w, compared.same.as_str());
        let view = ComparedView {
            same: matches!(compared.same, Sameness::Issued | Sameness::Attachment),
            head: w.of("verify.same", name),
            attachment: compared.attachment.map_or_else(String::new, |number| {
                let of = compared.paper.number.clone().unwrap_or_default();
                let number = number.to_string();
                w.fills("verify.attachment", &[("n", &number), ("number", &of)])
            }),
            text: w.of("verify.same_text", name),
            signatures: compared
                .verdict
                .as_ref()
                .map(|verdict| SignaturesView::new(w, verdict)),
        };
        Self {
            compared: Some(view),
            ..Self::of(visitor, token, &compared.paper)
        }
    }
}

/// Since when a paper is valid no more; empty while it is.
fn expired(w: Words, paper: &Paper) -> String {
    match paper.validity.map(|lasting| lasting.now) {
        Some(Validness::Expired { last }) => {
            let since = last.tomorrow().unwrap_or(last);
            w.fill("verify.expired", "day", w.date(since))
        }
        _ => String::new(),
    }
}

impl PaperView {
    fn new(w: Words, paper: &Paper) -> Self {
        let standing = match paper.standing {
            Standing::Authentic if paper.is_expired() => "expired",
            standing => standing.as_str(),
        };
        Self {
            head: w.of("verify.standing", standing),
            means: w.of("verify.means", standing),
            holds: standing == "authentic",
            expired: expired(w, paper),
            validity: paper.validity.map_or_else(String::new, |lasting| {
                words::validity(w.0, lasting.validity)
            }),
            of_paper: paper.of_paper,
            attachments: match paper.attachments {
                0 => String::new(),
                n => w.fill("verify.attachments_n", "n", n),
            },
            correcting: paper.correcting,
            kind: w.of("verify.kind", paper.kind.as_str()),
            agency: paper.agency.clone(),
            number: paper.number.clone().unwrap_or_default(),
            day: paper.day.map(|day| w.date(day)).unwrap_or_default(),
            issues: if paper.issues > 1 {
                w.fill("verify.issues", "n", paper.issues)
            } else {
                String::new()
            },
            signatures: paper.found.as_ref().map(|found| found_view(w, found)),
        }
    }
}

fn found_view(w: Words, found: &Found) -> SignaturesView {
    SignaturesView {
        checked: w.fill("signature.checked", "at", w.moment(&found.at)),
        ..SignaturesView::new(w, &found.verdict)
    }
}

impl SignaturesView {
    fn new(w: Words, verdict: &Verdict) -> Self {
        Self {
            lines: said(w.0, verdict),
            checked: String::new(),
        }
    }
}
