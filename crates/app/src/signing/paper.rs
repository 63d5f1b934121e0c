//! The document that a person signs, as she reads it before.

use domain::certificate::NotSigning;
use domain::delegation::SIGNING;
use domain::dossier::{Attachment, CommandKind, Refusal};
use domain::ids::{DossierId, FileHash, StaffId, UnitId};
use domain::office::Role;
use store::{AuditLine, Loaded, StaffPost};

use crate::absence::line;
use crate::access::Actor;
use crate::certificates::{Signer, not_signing, signer};
use crate::facts::World;
use crate::jobs::to_sign;
use crate::no::{Denied, Fault, No};
use crate::processing::{texts, world_for};
use crate::state::App;

/// What may be signed, and by which certificate.
pub struct Readable {
    /// The dossier's version that it is made of.
    pub version: u32,
    /// Hash of the document, by which it is named when it is signed.
    pub hash: FileHash,
    /// The document.
    pub content: Vec<u8>,
    /// What is signed with it, in files of their own, in order.
    pub attachments: Vec<ReadWith>,
    /// The certificate it would be signed with, or what stands in the way.
    pub signer: Result<Signer, NotSigning>,
}

/// An attachment that is read before its document is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadWith {
    /// What it is called.
    pub title: String,
    /// Its file: the signature on the document is for exactly this one.
    pub file: FileHash,
}

/// The document that the actor would sign in this dossier now.
///
/// # Errors
/// All kinds of [`No`].
pub async fn readable(app: &App, actor: &Actor, dossier: &DossierId) -> Result<Readable, No> {
    let (world, loaded) = world_for(app, actor, (dossier, None), CommandKind::SignResult).await?;
    read(app, &world, &loaded).await
}

/// The same, for who reads it now. It is logged.
///
/// # Errors
/// All kinds of [`No`].
pub async fn document_to_sign(
    app: &App,
    actor: &Actor,
    dossier: &DossierId,
) -> Result<Readable, No> {
    let found = readable(app, actor, dossier).await?;
    note_read(app, &actor.staff, dossier).await?;
    Ok(found)
}

/// Logs that somebody reads the document that she would sign: it names a person.
pub(super) async fn note_read(app: &App, staff: &StaffId, dossier: &DossierId) -> Result<(), No> {
    let line = AuditLine {
        actor: staff.to_string(),
        action: "signing.read".to_owned(),
        subject: dossier.to_string(),
        purpose: "signing".to_owned(),
        detail: String::new(),
    };
    Ok(app.store().audit(app.clock().now(), vec![line]).await?)
}

/// The certificate that the actor would sign this dossier with now, or what stands in the way.
pub(super) async fn signer_of(
    app: &App,
    actor: &Actor,
    dossier: &DossierId,
) -> Result<Result<Signer, NotSigning>, No> {
    let (world, loaded) = world_for(app, actor, (dossier, None), CommandKind::SignResult).await?;
    own(app, &world, &loaded).await
}

/// The document that the actor of `world` signs.
pub(super) async fn read(app: &App, world: &World, loaded: &Loaded) -> Result<Readable, No> {
    let at = loaded.dossier.at_step().ok_or(Denied::Seen)?;
    let draft = at.draft.as_ref().ok_or(Refusal::DraftMissing)?;
    let content = to_sign(app, world, loaded).await?;
    Ok(Readable {
        version: loaded.version,
        hash: app.files().name(&content),
        content,
        attachments: read_with(app, &draft.attachments).await?,
        signer: own(app, world, loaded).await?,
    })
}

/// Attachments with their titles opened.
pub(super) async fn read_with(app: &App, attachments: &[Attachment]) -> Result<Vec<ReadWith>, No> {
    let ids: Vec<_> = attachments.iter().map(|one| one.title.clone()).collect();
    let mut opened = texts(app, &ids).await?;
    let line = |one: &Attachment| ReadWith {
        title: opened.remove(one.title.as_str()).unwrap_or_default(),
        file: one.document.hash.clone(),
    };
    Ok(attachments.iter().map(line).collect())
}

/// The certificate of whoever acts, in the post in which she approves here.
async fn own(app: &App, world: &World, loaded: &Loaded) -> Result<Result<Signer, NotSigning>, No> {
    let record = loaded.dossier.record().ok_or(Denied::Unseen)?;
    let unit = app.heir(&record.filed.competent);
    if world.for_whom.is_some() {
        return standing_in(app, &world.by, &unit).await;
    }
    let step = loaded.dossier.at_step();
    let step = step.and_then(|at| world.process.step(at.index));
    let role = step.map_or(Role::Leader, |step| step.role);
    signer(app, (&world.by, &unit, role), app.signatures().keys()).await
}

/// The certificate of a stand-in: that of a post of her own, by authority of which she
/// is printed as the signer (NĐ 30/2020/NĐ-CP Điều 13). The absent person's is never used.
async fn standing_in(
    app: &App,
    by: &StaffId,
    unit: &UnitId,
) -> Result<Result<Signer, NotSigning>, No> {
    let today = app.clock().now().date();
    let mut posts = app.store().posts_of(by, today).await?;
    posts.retain(|held| SIGNING.contains(&held.post.role));
    // Signing is given within the line of agencies; the nearest post signs.
    let line = line(app, unit);
    let near = |held: &StaffPost| line.iter().position(|unit| *unit == held.post.unit);
    posts.retain(|held| near(held).is_some());
    posts.sort_by_key(|held| (near(held), held.post.role != Role::Leader));
    let mut first = None;
    for held in posts {
        let post = (by, &held.post.unit, held.post.role);
        match signer(app, post, app.signatures().keys()).await? {
            Ok(found) => return Ok(Ok(found)),
            Err(why) => first = first.or(Some(why)),
        }
    }
    Ok(Err(first.unwrap_or(NotSigning::OtherPost)))
}

/// The certificate, or the fault that says why nothing is signed.
pub(super) fn valid(signer: Result<Signer, NotSigning>) -> Result<Signer, No> {
    signer.map_err(|why| No::Invalid(vec![not_signing(why)]))
}

/// What was read is no more what would be signed.
pub(super) fn other_than_read() -> No {
    No::Invalid(vec![Fault::new("document", "fault.document_changed")])
}
