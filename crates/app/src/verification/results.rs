//! Whether every result that was issued is signed, sealed and whole: read from the log and the store of
//! files, and validated one by one.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::dossier::Event;
use domain::ids::{CertificateId, DossierId, FileHash, ProcedureCode};
use jiff::civil::DateTime;
use store::{Position, Store};
use tokio::task::JoinSet;

use super::port::{Ask, SignatureKind, VALID, Validator, Verdict};
use crate::no::No;
use crate::ports::{Files, PortError};

/// Events read at once.
const PAGE: u32 = 2_000;
/// Documents read and validated at once.
const AT_ONCE: usize = 4;

/// Where results are, and who judges them.
#[derive(Clone)]
pub struct Archive {
    /// The log.
    pub store: Store,
    /// The documents.
    pub files: Arc<dyn Files>,
    /// The judge.
    pub validator: Arc<dyn Validator>,
}

/// What was found of all results.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResultsReport {
    /// Results that were issued.
    pub issued: u64,
    /// Those with a document that is signed, sealed and whole.
    pub sound: u64,
    /// Those of them of which a time stamp proves when each signature was made.
    pub stamped: u64,
    /// Those of them of which nothing is left to ask: nobody has revoked a certificate.
    pub proved: u64,
    /// Those of them that are electronic copies of originals on paper, which the agency alone signs.
    pub copies: u64,
    /// Attachments in files of their own of those that are sound: sealed and whole too.
    pub attachments: u64,
    /// Those of procedures that give no result on paper.
    pub without_paper: u64,
    /// Those closed in the days in which nobody signed: their document is there, without a signature.
    pub unsigned: u64,
    /// Those whose document was removed under a retention rule.
    pub removed: u64,
    /// The others, by their dossiers.
    pub bad: Vec<(DossierId, Bad)>,
}

/// Why a result is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bad {
    /// It has no sealed document.
    Unsealed,
    /// Its document is missing or altered in the store of files.
    Missing,
    /// Its document does not bear sound signatures of those whom the log names: the person, then the
    /// agency; of a copy of the original on paper the agency alone (NĐ 30/2020/NĐ-CP Điều 25), as of an
    /// attachment (Phụ lục I).
    Unsound(Verdict),
}

/// What the log says of one result.
#[derive(Debug, Default)]
struct Logged {
    settled: bool,
    /// The procedure, and the version that holds.
    procedure: Option<(ProcedureCode, u32)>,
    /// How many attachments were issued with it.
    attached: usize,
    /// Their newest files.
    attachments: Vec<FileHash>,
    /// The newest document, and with which certificate it was sealed.
    made: Option<(FileHash, Option<CertificateId>)>,
    /// With which certificate the person signed.
    signer: Option<CertificateId>,
    /// Whether it is a copy of the original on paper.
    copy: bool,
}

/// Validates every issued result at that time.
///
/// # Errors
/// [`No::Broken`] when the log or the validator cannot be asked.
pub async fn check_results(archive: &Archive, at: DateTime, ask: Ask) -> Result<ResultsReport, No> {
    let mut report = ResultsReport::default();
    let (mut judging, mut known) = (JoinSet::new(), Known::default());
    let mut kinds = Kinds::default();
    for (dossier, logged) in logged(&archive.store).await? {
        if !logged.settled {
            continue;
        }
        report.issued = report.issued.saturating_add(1);
        let signer = logged.signer.filter(|_| !logged.copy);
        let (file, seal) = match logged.made {
            Some((_, None)) if signer.is_none() => {
                let none = kinds.without_paper(&archive.store, logged.procedure);
                report.unsealed(none.await?);
                continue;
            }
            Some((file, Some(seal))) if logged.attachments.len() >= logged.attached => (file, seal),
            _ => {
                report.bad.push((dossier, Bad::Unsealed));
                continue;
            }
        };
        let seal = known.of(&archive.store, (seal, at)).await?;
        let mut by = vec![seal.clone()];
        if !logged.copy {
            by.push(match signer {
                Some(signer) => known.of(&archive.store, (signer, at)).await?,
                None => None,
            });
        }
        if judging.len() >= AT_ONCE
            && let Some(judged) = judging.join_next().await
        {
            report.note(judged)?;
        }
        let archive = archive.clone();
        judging.spawn(async move {
            let judged = judge(&archive, (&file, &by), (at, ask)).await;
            let judged = match judged {
                Ok(Judged::Sound(found)) => {
                    let found = Sound {
                        copy: logged.copy,
                        ..found
                    };
                    let with = (found, logged.attachments.as_slice(), [seal]);
                    with_attachments(&archive, with, (at, ask)).await
                }
                judged => judged,
            };
            judged.map(|judged| (dossier, judged))
        });
    }
    while let Some(judged) = judging.join_next().await {
        report.note(judged)?;
    }
    report.bad.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(report)
}

/// Certificates of the register by what they are named in the log.
#[derive(Default)]
struct Known(BTreeMap<CertificateId, Option<String>>);

impl Known {
    /// SHA-256 of a certificate; none where the register has no such one.
    async fn of(
        &mut self,
        store: &Store,
        (id, at): (CertificateId, DateTime),
    ) -> Result<Option<String>, No> {
        if let Some(known) = self.0.get(&id) {
            return Ok(known.clone());
        }
        let found = store.certificate(&id, at.date()).await?;
        let found = found.map(|found| found.row.fingerprint);
        self.0.insert(id, found.clone());
        Ok(found)
    }
}

/// Which versions of procedures give no result on paper.
#[derive(Default)]
struct Kinds(BTreeMap<(ProcedureCode, u32), bool>);

impl Kinds {
    async fn without_paper(
        &mut self,
        store: &Store,
        procedure: Option<(ProcedureCode, u32)>,
    ) -> Result<bool, No> {
        let Some(procedure) = procedure else {
            return Ok(false);
        };
        if let Some(known) = self.0.get(&procedure) {
            return Ok(*known);
        }
        let found = store.procedure(&procedure.0, procedure.1).await?;
        let none = found.is_some_and(|found| found.without_paper);
        self.0.insert(procedure, none);
        Ok(none)
    }
}

/// What became of one document.
enum Judged {
    Sound(Sound),
    Removed,
    Bad(Bad),
}

/// A document that is as it should be.
struct Sound {
    verdict: Verdict,
    /// Whether it is a copy of the original on paper.
    copy: bool,
    attachments: u64,
}

/// What became of a sound document with its attachments: it is as sound as the worst of them.
async fn with_attachments(
    archive: &Archive,
    (mut found, files, by): (Sound, &[FileHash], [Option<String>; 1]),
    asked: (DateTime, Ask),
) -> Result<Judged, No> {
    for file in files {
        let other = match judge(archive, (file, &by), asked).await? {
            Judged::Sound(other) => other.verdict,
            Judged::Removed => continue,
            bad @ Judged::Bad(_) => return Ok(bad),
        };
        if other.key != VALID {
            found.verdict.key = other.key;
        }
        found.verdict.signatures.extend(other.signatures);
        found.attachments = found.attachments.saturating_add(1);
    }
    Ok(Judged::Sound(found))
}

async fn judge(
    archive: &Archive,
    (file, by): (&FileHash, &[Option<String>]),
    (at, ask): (DateTime, Ask),
) -> Result<Judged, No> {
    let document = match archive.files.get(file).await {
        Ok(document) => document,
        Err(PortError::Deleted { .. }) => return Ok(Judged::Removed),
        Err(PortError::Fail(_)) => return missing(&archive.store, file).await,
        Err(other) => return Err(other.into()),
    };
    let verdict = archive.validator.validate(document, at, ask).await?;
    let signed = |by: &Option<String>| {
        let mut signatures = verdict.signatures.iter();
        signatures.any(|one| {
            one.kind == SignatureKind::Signature && Some(&one.fingerprint) == by.as_ref()
        })
    };
    Ok(if verdict.is_sound() && by.iter().all(signed) {
        Judged::Sound(Sound {
            verdict,
            copy: false,
            attachments: 0,
        })
    } else {
        Judged::Bad(Bad::Unsound(verdict))
    })
}

async fn missing(store: &Store, file: &FileHash) -> Result<Judged, No> {
    let removal = store.file_deletion(file).await?;
    let removed = removal.is_some_and(|removal| removal.deleted_at.is_some());
    Ok(if removed {
        Judged::Removed
    } else {
        Judged::Bad(Bad::Missing)
    })
}

type Joined = Result<Result<(DossierId, Judged), No>, tokio::task::JoinError>;

impl ResultsReport {
    /// Whether every result is as it should be.
    pub fn is_clean(&self) -> bool {
        self.bad.is_empty()
    }

    /// A document that nobody signed or sealed.
    fn unsealed(&mut self, without_paper: bool) {
        let count = if without_paper {
            &mut self.without_paper
        } else {
            &mut self.unsigned
        };
        *count = count.saturating_add(1);
    }

    fn note(&mut self, judged: Joined) -> Result<(), No> {
        let judged = judged.map_err(|panic| PortError::Fail(panic.to_string()))?;
        let (dossier, judged) = judged?;
        match judged {
            Judged::Removed => self.removed = self.removed.saturating_add(1),
            Judged::Bad(bad) => self.bad.push((dossier, bad)),
            Judged::Sound(Sound {
                verdict,
                copy,
                attachments,
            }) => {
                self.attachments = self.attachments.saturating_add(attachments);
                self.copies = self.copies.saturating_add(u64::from(copy));
                let mut signatures = verdict.signatures.iter();
                let stamped = signatures.all(|one| one.proven);
                self.sound = self.sound.saturating_add(1);
                self.stamped = self.stamped.saturating_add(u64::from(stamped));
                let proved = u64::from(verdict.key == VALID);
                self.proved = self.proved.saturating_add(proved);
            }
        }
        Ok(())
    }
}

async fn logged(store: &Store) -> Result<BTreeMap<DossierId, Logged>, No> {
    let mut found: BTreeMap<DossierId, Logged> = BTreeMap::new();
    let mut position = Position::default();
    loop {
        let page = store.events_after(position, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(found);
        };
        position = last.position;
        for recorded in page {
            match recorded.event {
                Event::Submitted { filed, .. } => {
                    let logged = found.entry(recorded.dossier).or_default();
                    logged.procedure = Some((filed.procedure, filed.procedure_version));
                }
                Event::Repinned(moved) => {
                    let logged = found.entry(recorded.dossier).or_default();
                    if let Some((_, version)) = &mut logged.procedure {
                        *version = moved.new.procedure_version;
                    }
                }
                Event::Settled { issued, .. } => {
                    let logged = found.entry(recorded.dossier).or_default();
                    logged.settled = true;
                    logged.attached = issued.attachments.len();
                }
                Event::ResultSigned(signature) => {
                    found.entry(recorded.dossier).or_default().signer = Some(signature.certificate);
                }
                Event::ResultDigitised(_) => {
                    found.entry(recorded.dossier).or_default().copy = true;
                }
                Event::ResultMade {
                    file,
                    seal,
                    attachments,
                    ..
                } => {
                    let logged = found.entry(recorded.dossier).or_default();
                    let files = attachments.into_iter().map(|file| file.hash);
                    logged.attachments = files.collect();
                    logged.made = Some((file.hash, seal));
                }
                _ => {}
            }
        }
    }
}
