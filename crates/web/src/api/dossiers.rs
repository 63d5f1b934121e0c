//! Reading a dossier and giving it commands.

use app::processing::{
    self, Act, DossierPage, Link, Made, OnFile, Side, as_it_stands, attachment_of_result,
    attachments, document_on_file, dossier_page, result_document,
};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{ETAG, RETRY_AFTER};
use axum::response::IntoResponse as _;
use domain::dossier::{Attachment, CommandKind, Dossier, Issued, NationalStatus, Outcome};
use domain::ids::DossierId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{Body, FieldMap, stamp, typed};
use super::held::{last_day, validness};
use super::scans::{self, ScanItem, ScanMap, scan_items, upload};
use super::signatures::{SignedFile, signed_files};
use crate::error::{Answer, Problem, Trouble};
use crate::extract::{Once, Posted, Upload};
use crate::pages::{document, foreign, order, sign};
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

/// A dossier.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DossierBody {
    /// Identifier.
    dossier: String,
    /// Number of its last event; a command names the version it was decided on.
    version: u32,
    /// Its number, once received.
    code: Option<String>,
    /// Name of its state.
    state: &'static str,
    /// National status, 1 to 10.
    status: Option<u8>,
    /// Code of the procedure.
    procedure: String,
    /// Version of the procedure that it keeps.
    procedure_version: u32,
    /// Title of the procedure.
    title: String,
    /// Identifier of the centre that received.
    receiving: String,
    /// Identifier of the agency that decides.
    competent: String,
    /// When it was received.
    received: Option<String>,
    /// The time published to the applicant.
    due: Option<String>,
    /// The time of the law; later than `due` in a green lane.
    legal_due: Option<String>,
    /// The time promised first, by which statistics count, when a move to another version promises
    /// less.
    first_due: Option<String>,
    /// The new date given with an apology.
    apologised: Option<String>,
    /// Until when the applicant answers the request that was sent.
    answer_by: Option<String>,
    /// Name of the step.
    step: Option<String>,
    /// Last day on which its result is valid; none without end, and where nothing says so.
    valid_until: Option<String>,
    /// `valid`, `expired` or `not_stated`, once a result was granted.
    validity: Option<&'static str>,
    /// Name of the owner.
    owner: String,
    /// Attachments of its result in files of their own, in order: `result/attachments/1`, ….
    attachments: Vec<AttachmentItem>,
    /// Scans of its components.
    scans: Vec<ScanItem>,
    /// What is known of the signatures of its files.
    signatures: Vec<SignedFile>,
    /// Dossiers on the other side of corrections of a result.
    corrections: Vec<Correction>,
    /// Commands that the person may give now.
    actions: Vec<&'static str>,
    /// The story, newest first.
    story: Vec<Happened>,
}

/// An attachment of a result in a file of its own.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AttachmentItem {
    /// What it is called.
    title: String,
    /// SHA-256 of its file: the drafted one, and of a settled dossier the one with the agency's seal;
    /// none until it is sealed.
    file: Option<String>,
}

fn attached(page: &DossierPage) -> Vec<AttachmentItem> {
    let item = |one: &Attachment| AttachmentItem {
        title: page.said(&one.title).to_owned(),
        file: as_it_stands(&page.dossier, one).map(|file| file.hash.to_string()),
    };
    attachments(&page.dossier).iter().map(item).collect()
}

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Happened {
    /// When.
    at: String,
    /// Kind of the event.
    kind: &'static str,
    /// Who, by name; empty when the program did.
    by: String,
    /// The dossier's version with it.
    version: u32,
}

/// The dossier on the other side of a correction.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Correction {
    /// Its identifier.
    dossier: String,
    /// Its number.
    code: Option<String>,
    /// `amend`, `withdraw` or `replace`.
    kind: &'static str,
    /// `original` when its result is corrected by this dossier; else it corrects this one's:
    /// `open`, `done`, or `dropped` when it ended without effect.
    side: &'static str,
}

impl From<&Link> for Correction {
    fn from(link: &Link) -> Self {
        Self {
            dossier: link.dossier.to_string(),
            code: link.code.as_ref().map(ToString::to_string),
            kind: link.kind.as_str(),
            side: match link.side {
                Side::Original => "original",
                Side::Open => "open",
                Side::Done { .. } => "done",
                Side::Dropped { .. } => "dropped",
            },
        }
    }
}

impl DossierBody {
    fn of(w: Words, page: &DossierPage) -> Self {
        let record = page.record();
        let step = page
            .dossier
            .at_step()
            .and_then(|at| page.process.step(at.index));
        let happened = page.story.iter().map(|told| Happened {
            at: stamp(told.at),
            kind: told.event.kind(),
            by: told.who.clone(),
            version: told.version,
        });
        Self {
            dossier: page.id.to_string(),
            version: page.version,
            code: record.code.as_ref().map(ToString::to_string),
            state: page.dossier.kind().as_str(),
            status: NationalStatus::of(page.dossier.kind()).map(NationalStatus::code),
            procedure: record.filed.procedure.to_string(),
            procedure_version: record.filed.procedure_version,
            title: page.procedure.name.clone(),
            receiving: record.filed.receiving.to_string(),
            competent: record.filed.competent.to_string(),
            received: record.received_at.map(stamp),
            due: page.deadline.as_ref().map(|deadline| stamp(deadline.due)),
            first_due: record.course.first.as_ref().map(|first| stamp(first.due)),
            legal_due: record.due.map(stamp),
            apologised: record.course.apologies.last().map(|last| stamp(last.until)),
            answer_by: answer_by(&page.dossier),
            step: step.map(|step| step.name.clone()),
            valid_until: granted(page).and_then(|issued| last_day(issued.validity)),
            validity: granted(page).map(|issued| validness(issued.validity, page.now.date())),
            owner: page.owner.name.clone(),
            attachments: attached(page),
            scans: scan_items(&record.filed),
            signatures: signed_files(w, &page.signatures),
            corrections: page.links.iter().map(Correction::from).collect(),
            actions: page
                .actions
                .iter()
                .map(|command| command.as_str())
                .collect(),
            story: happened.collect(),
        }
    }
}

/// The result, if it grants what was asked for.
fn granted(page: &DossierPage) -> Option<&Issued> {
    let issued = page.dossier.issued();
    issued.filter(|issued| issued.outcome == Outcome::Granted)
}

/// Until when the applicant may answer, while something is asked.
fn answer_by(dossier: &Dossier) -> Option<String> {
    match dossier {
        Dossier::Incomplete(_, request) | Dossier::Paused(_, _, request) => {
            Some(stamp(request.answer_by))
        }
        _ => None,
    }
}

/// A command to a dossier.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct CommandBody {
    /// The version that it was decided on.
    version: u32,
    /// The fields of the command's form: `reason`, `basis`, `ask`, `w1`, … (what is wrong), `c1`, …,
    /// `to`, `outcome`, `summary`, `notice`, `amount`, `pay_by`, `proof`, `component`, `found`, `note`,
    /// `ground`, `until` (2026-11-30), `lane`, `project`, `correction` (`amend`, …), `apology`. Of
    /// `return`: `receiver`, `collector_name`, …, `shown`, `seen` (`card`, `chip`, `vneid`, `passport`),
    /// `digits` (the last four), `receiver_name`, `receiver_phone`, `b1`, … (papers given back),
    /// `kept_reason`, `wish`, `receipt` (`paper` or `screen`), `signature` (a PNG in base64).
    #[serde(default)]
    fields: FieldMap,
    /// The file of `withdraw`, the applicant's signed request, in base64.
    #[serde(default)]
    request: String,
    /// The document of `stop`, `notice_obligation` or `meet_obligation`, a PDF, in base64; of
    /// `sign_result` the one that was signed with a token at the desk; of `scan_receipt` the scan of
    /// the signed receipt, a PDF or a picture.
    #[serde(default)]
    document: String,
    /// The files of `scan` and `supply` in base64, by the numbers of their components: PDF, PNG or
    /// JPEG, each of at most 10 MiB.
    #[serde(default)]
    scans: ScanMap,
    /// The attachments of `draft_result` in files of their own, PDF in base64, by their numbers; their
    /// titles are the fields `attachment_title1`, …, their order `attachment_place1`, …. Those of the
    /// draft before come first and stay, unless `attachment_off1`, … is `yes`.
    #[serde(default)]
    attachments: ScanMap,
}

/// What came of a command.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Acted {
    /// Identifier of the dossier.
    dossier: String,
    /// Its version now.
    version: u32,
}

/// Reads a dossier; opening the persons' records is logged.
#[utoipa::path(get, path = "/api/v1/dossiers/{dossier}", tag = "dossiers",
    security(("session" = [])), params(("dossier" = String, Path)),
    responses((status = 200, body = DossierBody, description = "The dossier; ETag is its version"),
        (status = 401, body = Problem, description = "No session"),
        (status = 404, body = Problem, description = "None that the person may see")))]
pub(crate) async fn show(
    State(web): State<Web>,
    staff: Staff,
    Path(dossier): Path<String>,
) -> Answer {
    let dossier = DossierId::parse(&dossier).map_err(|_| Trouble::Missing)?;
    let page = dossier_page(&web.app, &staff.actor, &dossier).await?;
    let tag = [(ETAG, tag(page.version))];
    Ok((tag, Json(DossierBody::of(staff.words(), &page))).into_response())
}

/// Reads the document of the result: of the draft, and of a settled dossier the official one, with
/// number, date and signer. Every reading is logged.
#[utoipa::path(get, path = "/api/v1/dossiers/{dossier}/result", tag = "dossiers",
    security(("session" = [])), params(("dossier" = String, Path)),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>, description = "The document"),
        (status = 202, description = "Settled; the document is being made, ask again after a second"),
        (status = 401, body = Problem, description = "No session"),
        (status = 404, body = Problem, description = "None that the person may see, or no result yet")))]
pub(crate) async fn result(
    State(web): State<Web>,
    staff: Staff,
    Path(dossier): Path<String>,
) -> Answer {
    let dossier = DossierId::parse(&dossier).map_err(|_| Trouble::Missing)?;
    match result_document(&web.app, &staff.actor, &dossier).await? {
        Made::Yes(content) => Ok(document("ket-qua.pdf", content)),
        Made::Soon => Ok((StatusCode::ACCEPTED, [(RETRY_AFTER, "1")]).into_response()),
        Made::No => Err(Trouble::Missing),
    }
}

/// Reads an attachment of the result in a file of its own, by its number: of the draft, and of a settled
/// dossier the one with the agency's seal. Every reading is logged.
#[utoipa::path(get, path = "/api/v1/dossiers/{dossier}/result/attachments/{number}", tag = "dossiers",
    security(("session" = [])), params(("dossier" = String, Path), ("number" = usize, Path, description = "From 1")),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>, description = "The attachment"),
        (status = 202, description = "Settled; it is being sealed, ask again after a second"),
        (status = 401, body = Problem, description = "No session"),
        (status = 404, body = Problem, description = "None that the person may see, or no such attachment")))]
pub(crate) async fn attachment(
    State(web): State<Web>,
    staff: Staff,
    Path((dossier, number)): Path<(String, usize)>,
) -> Answer {
    let dossier = DossierId::parse(&dossier).map_err(|_| Trouble::Missing)?;
    match attachment_of_result(&web.app, &staff.actor, (&dossier, number)).await? {
        Made::Yes(content) => Ok(document(&format!("phu-luc-{number}.pdf"), content)),
        Made::Soon => Ok((StatusCode::ACCEPTED, [(RETRY_AFTER, "1")]).into_response()),
        Made::No => Err(Trouble::Missing),
    }
}

/// Reads a document that an act put on file: a signed request, a decision, a notice, a receipt. Every
/// reading is logged.
#[utoipa::path(get, path = "/api/v1/dossiers/{dossier}/documents/{document}", tag = "dossiers",
    security(("session" = [])),
    params(("dossier" = String, Path),
        ("document" = String, Path, description = "`withdrawal`, `stop`, `obligation`, `proof` or `receipt`")),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>, description = "The document; a withdrawal and a receipt may be pictures"),
        (status = 401, body = Problem, description = "No session"),
        (status = 404, body = Problem, description = "None that the person may see, or none on file")))]
pub(crate) async fn on_file(
    State(web): State<Web>,
    staff: Staff,
    Path((dossier, what)): Path<(String, String)>,
) -> Answer {
    let dossier = DossierId::parse(&dossier).map_err(|_| Trouble::Missing)?;
    let what = OnFile::parse(&what).ok_or(Trouble::Missing)?;
    let content = document_on_file(&web.app, &staff.actor, &dossier, what).await?;
    Ok(foreign(what.as_str(), content.ok_or(Trouble::Missing)?))
}

/// Gives a command. The same one-time key has its effect once.
#[utoipa::path(post, path = "/api/v1/dossiers/{dossier}/commands/{command}", tag = "dossiers",
    request_body = CommandBody, security(("session" = [])),
    params(("dossier" = String, Path), ("command" = String, Path, description = "`hand_over`, `forward`, …"),
        ("X-CSRF-Token" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Acted, description = "Done; ETag is the new version"),
        (status = 400, body = Problem, description = "Unreadable, or no one-time key"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "Not this person"),
        (status = 404, body = Problem, description = "None that the person may see"),
        (status = 409, body = Problem, description = "Somebody was faster"),
        (status = 413, body = Problem, description = "More than 48 MiB of files"),
        (status = 422, body = Problem, description = "Refused by a rule, or fields are wrong")))]
pub(crate) async fn command(
    State(web): State<Web>,
    staff: Staff,
    Once(key): Once,
    Path((dossier, command)): Path<(String, String)>,
    Body(body): Body<CommandBody>,
) -> Answer {
    let dossier = DossierId::parse(&dossier).map_err(|_| Trouble::Missing)?;
    let kind = CommandKind::parse(&command).ok_or(Trouble::Missing)?;
    let version = body.version;
    let posted = posted(staff, body)?;
    let acted = if kind == CommandKind::SignResult {
        sign::send(&web, &posted, (&dossier, version, key)).await??
    } else {
        let order = order(kind, &posted).map_err(app::No::Invalid)?;
        let input = Act {
            dossier,
            version,
            key,
            order,
        };
        processing::act(&web.app, &posted.staff.actor, input).await?
    };
    let tag = [(ETAG, tag(acted.version))];
    let body = Acted {
        dossier: acted.dossier.to_string(),
        version: acted.version,
    };
    Ok((tag, Json(body)).into_response())
}

/// The command as its form would have sent it.
fn posted(staff: Staff, body: CommandBody) -> Answer<Posted> {
    let files = [("request", &body.request), ("document", &body.document)];
    let file = |(field, content): (&str, &String)| upload(field.to_owned(), content);
    let sent: Answer<Vec<Upload>> = files.into_iter().map(file).collect();
    let mut uploads = scans::uploads(&body.scans)?;
    uploads.extend(sent?);
    let attached = body.attachments.iter();
    let attached = attached.map(|(number, content)| upload(format!("attachment{number}"), content));
    uploads.extend(attached.collect::<Answer<Vec<Upload>>>()?);
    Ok(Posted {
        staff,
        typed: typed(body.fields),
        uploads,
    })
}

fn tag(version: u32) -> String {
    format!("\"{version}\"")
}
