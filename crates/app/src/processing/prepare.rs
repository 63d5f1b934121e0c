//! What a person ordered, as commands: its texts, files and persons become references.

use domain::dossier::{Command, Dossier, Event, File, Refusal};
use domain::ids::{CertificateId, DossierId, FileHash, PartyId, StaffId, TextId};
use domain::office::Role;
use store::{Loaded, NewEvents, NewText, PartyRow};

use crate::access::Resource;
use crate::facts::World;
use crate::intake::LONGEST_WORDS;
use crate::jobs::{DraftSaid, letter};
use crate::no::{Denied, Fault, No};
use crate::signing::{hashes, judge_seal};
use crate::state::App;
use crate::tasks::{self, TaskWork};
use crate::verification::{put_on_file, readable};

use super::copies::copied;
use super::correct::opening;
use super::document::attachments;
use super::drafted::{Letter, drafted};
use super::lane::admitted;
use super::order::Order;
use super::returned::returned;
use super::scans::{scanned, supplied};
use super::{dossier_sequence, paper_sequence, result_sequence, text};

/// An order as commands, with the records that they refer to.
pub(super) struct Prepared {
    pub(super) commands: Vec<Command>,
    pub(super) texts: Vec<NewText>,
    pub(super) parties: Vec<PartyRow>,
    /// Whose record was there and changes.
    pub(super) changed: Vec<PartyId>,
    pub(super) sequence: Option<String>,
    /// What is put on file once the order is judged to be lawful.
    pub(super) files: Vec<Vec<u8>>,
    /// The field that a file from outside was chosen in, where what is no good of it is said.
    pub(super) chosen_in: Option<&'static str>,
    /// What the document says that is printed then, for a draft of a result.
    pub(super) letter: Option<Letter>,
}

impl Prepared {
    pub(super) fn of(command: Command) -> Self {
        Self {
            commands: vec![command],
            texts: Vec::new(),
            parties: Vec::new(),
            changed: Vec::new(),
            sequence: None,
            files: Vec::new(),
            chosen_in: None,
            letter: None,
        }
    }

    /// The same, with a document to be put on file.
    pub(super) fn with_file(mut self, file: Option<NewFile>) -> Self {
        self.chosen_in = file.as_ref().map(|file| file.field);
        self.files.extend(file.map(|file| file.content));
        self
    }

    /// The same, with the register that numbers the paper which it makes.
    fn in_book(self, loaded: &Loaded, world: &World) -> Self {
        let (record, command) = (loaded.dossier.record(), self.commands.first());
        let drawn = record.zip(command);
        let drawn = drawn.and_then(|(r, command)| paper_sequence(world, r, command.kind()));
        Self {
            sequence: self.sequence.or(drawn),
            ..self
        }
    }

    /// What the order comes to. It is judged before anything is printed or put on file, so that a
    /// refusal leaves nothing behind and costs nothing.
    pub(super) async fn decided(
        &mut self,
        app: &App,
        world: &World,
        loaded: &Loaded,
    ) -> Result<Vec<Event>, No> {
        let decided = world.judged(&loaded.dossier, &self.commands)?;
        let signs = |command: &Command| matches!(command, Command::SignResult { .. });
        let signed = self.commands.iter().any(signs);
        self.keep_files(app, signed).await?;
        if signed {
            store::faults::reach("between_sign_and_append").await?;
        }
        let Some(Letter {
            outcome,
            text,
            titles,
        }) = self.letter.take()
        else {
            return Ok(decided);
        };
        let validity = decided.iter().find_map(|event| match event {
            Event::ResultDrafted { draft, .. } => draft.validity,
            _ => None,
        });
        let said = DraftSaid {
            outcome,
            text: &text,
            validity,
            attached: &titles,
        };
        let printed = letter(app, world, loaded, said).await?;
        for command in &mut self.commands {
            if let Command::DraftResult { document, .. } = command {
                *document = Some(printed.clone());
            }
        }
        Ok(world.judged(&loaded.dossier, &self.commands)?)
    }

    /// Puts files on record: those from outside once they are known to be harmless, with what their
    /// signatures are worth; what was signed here a moment ago is not asked about.
    async fn keep_files(&mut self, app: &App, ours: bool) -> Result<(), No> {
        let files = std::mem::take(&mut self.files);
        if let Some(field) = self.chosen_in {
            for content in &files {
                if let Err(fault) = readable(app, content, field).await? {
                    return Err(No::Invalid(vec![fault]));
                }
            }
        }
        for content in files {
            if ours {
                app.files().put(content).await?;
            } else {
                put_on_file(app, content).await?;
            }
        }
        Ok(())
    }

    /// The events that are written: those decided, or those decided again with their number.
    pub(super) fn events(&self, world: &World, before: &Dossier, decided: Vec<Event>) -> NewEvents {
        let Some(sequence) = self.sequence.clone() else {
            return NewEvents::Ready(decided);
        };
        let (world, before, commands) = (world.clone(), before.clone(), self.commands.clone());
        NewEvents::Numbered {
            sequence,
            make: Box::new(move |number| world.decide(&before, &commands, number)),
        }
    }
}

/// Turns texts, files and persons into references.
pub(super) async fn prepare(
    app: &App,
    world: &World,
    loaded: &Loaded,
    order: Order,
) -> Result<Prepared, No> {
    let texted = |field, typed: &str| capped(app, &loaded.id, (field, typed));
    let prepared = match order {
        Order::Accept => numbered(Command::Accept, loaded, world),
        Order::Issue => issued(app, loaded, world).await?,
        Order::DiscardSupplement { reason } => said(texted("reason", &reason)?, |reason| {
            Command::DiscardSupplement { reason }
        }),
        Order::ApproveSupplement => Prepared::of(Command::ApproveSupplement),
        Order::Supply { handed, scans } => supplied(app, handed, scans).await?,
        Order::Scan { scans } => scanned(app, scans).await?,
        Order::Decline { reason } => said(texted("reason", &reason)?, |reason| Command::Decline {
            reason,
        }),
        Order::SendBack { reason } => said(texted("reason", &reason)?, |reason| {
            Command::SendBack { reason }
        }),
        drafts @ Order::DraftResult { .. } => drafted(app, (world, loaded), drafts).await?,
        Order::HandOver => Prepared::of(Command::HandOver),
        Order::AcknowledgeResult => Prepared::of(Command::AcknowledgeResult),
        Order::Assign { to } => assigned(app, world, loaded, to).await?,
        Order::Forward => Prepared::of(Command::Forward),
        Order::Approve {
            certificate,
            document,
        } => approved(app, loaded, (certificate, document)),
        Order::CloseUnanswered => Prepared::of(Command::CloseUnanswered),
        Order::Return { collector, told } => {
            returned(app, (world, loaded), (collector, told)).await?
        }
        Order::Withdraw { request } => withdrawn(app, request)?,
        Order::ScanReceipt { scan } => receipt_scanned(app, scan)?,
        Order::Task(work) => tasked(app, world, loaded, work)?,
        admits @ Order::AdmitToLane { .. } => admitted(app, (world, loaded), admits).await?,
        opens @ Order::OpenCorrection { .. } => opening(app, (world, loaded), opens)?,
        other => copied(app, (world, loaded), other).await?,
    };
    Ok(prepared.in_book(loaded, world))
}

/// A text as a reference, and its record where there is one.
pub(crate) type Said = (Option<TextId>, Vec<NewText>);

/// A command with a text.
pub(super) fn said(
    (text, texts): Said,
    command: impl FnOnce(Option<TextId>) -> Command,
) -> Prepared {
    Prepared {
        texts,
        ..Prepared::of(command(text))
    }
}

/// A typed text as a reference and its record, if it is not longer than papers have room for.
pub(crate) fn capped(
    app: &App,
    dossier: &DossierId,
    (field, typed): (&'static str, &str),
) -> Result<Said, No> {
    if typed.chars().count() > LONGEST_WORDS {
        let fault = Fault::new(field, "fault.long").with("most", &LONGEST_WORDS);
        return Err(No::Invalid(vec![fault]));
    }
    Ok(text(app, dossier, typed))
}

/// A step is given to somebody who holds its role there today; a colleague may take what nobody
/// holds, and only a leader takes it from somebody (NĐ 61/2018 Điều 19.1).
async fn assigned(app: &App, world: &World, loaded: &Loaded, to: StaffId) -> Result<Prepared, No> {
    let resource = Resource::of(&loaded.dossier, &world.process);
    let resource = resource.map(|resource| resource.passed_on(app));
    let step = resource
        .as_ref()
        .and_then(|resource| resource.step.as_ref());
    let (role, unit) = step.ok_or(Denied::Seen)?;
    let (now, store) = (world.now.date(), app.store());
    let fits = store.staff_of(unit, Some(*role), now).await?;
    if !fits.iter().any(|found| found.post.staff == to) {
        return Err(No::Invalid(vec![Fault::new("to", "fault.colleague")]));
    }
    let holder = loaded.dossier.at_step().and_then(|at| at.holder.as_ref());
    if holder.is_some_and(|holder| !world.acts_as(holder)) {
        let competent = &resource.as_ref().ok_or(Denied::Seen)?.competent;
        let leaders = store.staff_of(competent, Some(Role::Leader), now).await?;
        if !leaders.iter().any(|found| world.acts_as(&found.post.staff)) {
            return Err(Refusal::NotHolder.into());
        }
    }
    Ok(Prepared::of(Command::Assign { to }))
}

/// What becomes of tasks of other agencies.
fn tasked(app: &App, world: &World, loaded: &Loaded, mut work: TaskWork) -> Result<Prepared, No> {
    let document = match &mut work {
        TaskWork::Answer { document, .. } => std::mem::take(document),
        _ => Vec::new(),
    };
    let file = kept(app, ("document", document), &PDF)?;
    let said = |field, typed: &str| capped(app, &loaded.id, (field, typed));
    let (command, texts) = tasks::prepared((app, world, loaded), work, &said, hash(file.as_ref()))?;
    Ok(Prepared {
        texts,
        ..Prepared::of(command).with_file(file)
    })
}

fn numbered(command: Command, loaded: &Loaded, world: &World) -> Prepared {
    let sequence = loaded.dossier.record().map(|record| match command {
        Command::Issue => result_sequence(world.units(record).1, world.now),
        _ => dossier_sequence(world.units(record).0, world.now),
    });
    Prepared {
        sequence,
        ..Prepared::of(command)
    }
}

/// The result gets its number; the agency must be able to seal it at once after.
async fn issued(app: &App, loaded: &Loaded, world: &World) -> Result<Prepared, No> {
    let prepared = numbered(Command::Issue, loaded, world);
    let record = loaded.dossier.record().ok_or(Denied::Unseen)?;
    if !world.procedure.without_paper && world.judged(&loaded.dossier, &prepared.commands).is_ok() {
        // The seal goes with the post: who does that of an absent colleague keeps it meanwhile (NĐ
        // 30/2020/NĐ-CP Điều 32).
        let keeper = world.for_whom.as_ref().unwrap_or(&world.by);
        let signed = loaded.dossier.at_step().and_then(|at| at.signed.as_ref());
        judge_seal(app, (keeper, &record.filed.competent), signed).await?;
    }
    Ok(prepared)
}

/// The draft is signed and approved in one act.
fn approved(
    app: &App,
    loaded: &Loaded,
    (certificate, document): (CertificateId, Vec<u8>),
) -> Prepared {
    let file = File {
        hash: app.files().name(&document),
        bytes: document.len() as u64,
    };
    let signed = Command::SignResult {
        certificate,
        file,
        attachments: hashes(attachments(&loaded.dossier)),
    };
    Prepared {
        commands: vec![signed, Command::Forward],
        files: vec![document],
        ..Prepared::of(Command::Forward)
    }
}

fn withdrawn(app: &App, request: Vec<u8>) -> Result<Prepared, No> {
    let file = kept(app, ("request", request), &SCANS)?;
    let request = hash(file.as_ref());
    Ok(Prepared::of(Command::Withdraw { request }).with_file(file))
}

fn receipt_scanned(app: &App, scan: Vec<u8>) -> Result<Prepared, No> {
    let file = kept(app, ("document", scan), &SCANS)?;
    let scan = hash(file.as_ref());
    Ok(Prepared::of(Command::ScanReceipt { scan }).with_file(file))
}

/// First bytes of a document.
pub(super) const PDF: [&[u8]; 1] = [b"%PDF-"];
/// First bytes of what scanners give.
pub(super) const SCANS: [&[u8]; 3] = [b"%PDF-", b"\x89PNG", b"\xff\xd8\xff"];
/// The most that a document has, in bytes.
const MOST: usize = 10 * 1024 * 1024;

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Misfit {
    /// It begins like none of the kinds.
    Kind,
    /// It is too large.
    Size,
}

/// Whether a file does not fit, by its first bytes and its size.
pub(super) fn misfit(content: &[u8], kinds: &[&[u8]]) -> Option<Misfit> {
    if !kinds.iter().any(|magic| content.starts_with(magic)) {
        Some(Misfit::Kind)
    } else if content.len() > MOST {
        Some(Misfit::Size)
    } else {
        None
    }
}

/// A document that goes on file with the order.
pub(super) struct NewFile {
    /// The field that it was chosen in.
    field: &'static str,
    pub(super) hash: FileHash,
    pub(super) content: Vec<u8>,
}

impl NewFile {
    /// How a draft refers to it.
    pub(super) fn as_file(&self) -> File {
        File {
            hash: self.hash.clone(),
            bytes: self.content.len() as u64,
        }
    }
}

/// How commands refer to it.
pub(super) fn hash(file: Option<&NewFile>) -> Option<FileHash> {
    file.map(|file| file.hash.clone())
}

/// A document to be put on file, if it is of one of these kinds; none when it is empty.
pub(super) fn kept(
    app: &App,
    (field, content): (&'static str, Vec<u8>),
    kinds: &[&[u8]],
) -> Result<Option<NewFile>, No> {
    if content.is_empty() {
        return Ok(None);
    }
    let fault = match misfit(&content, kinds) {
        Some(Misfit::Kind) if kinds.len() == PDF.len() => Some("fault.file_pdf"),
        Some(Misfit::Kind) => Some("fault.file_kind"),
        Some(Misfit::Size) => Some("fault.file_size"),
        None => None,
    };
    if let Some(key) = fault {
        return Err(No::Invalid(vec![Fault::new(field, key)]));
    }
    let hash = app.files().name(&content);
    Ok(Some(NewFile {
        field,
        hash,
        content,
    }))
}
