//! What was done is written through the store's own append, act by act, a day in a transaction.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};
use app::App;
use app::people::party_row;
use domain::ids::{DossierId, TextId};
use jiff::SignedDuration;
use store::{Batch, Names, NewEvents, NewPostRecord, NewText, PostSigned, PostSigning};

use super::super::seed::people::{Dice, person};
use super::casework::Case;
use super::month::{Deed, Done};
use super::post::Signing;
use super::ward::{NAME, line};

/// Acts of one transaction.
const GROUP: usize = 2_000;
/// What every text of the month says.
const WORDS: &str = "Nội dung mô phỏng.";

/// Writes and remembers where the log of each dossier ends.
pub(super) struct Writer<'a> {
    app: &'a App,
    heads: BTreeMap<DossierId, String>,
    dice: Dice,
}

impl<'a> Writer<'a> {
    pub(super) fn new(app: &'a App, seed: u64) -> Self {
        Self {
            app,
            heads: BTreeMap::new(),
            dice: Dice::new(seed),
        }
    }

    pub(super) async fn write(&mut self, cases: &[Case], done: Vec<Done>) -> anyhow::Result<()> {
        let mut group = Vec::new();
        for one in done {
            match one {
                Done::Deed(deed) => group.push(self.headed(cases, *deed)?),
                Done::Record(signing) => {
                    self.append(&mut group).await?;
                    self.record(cases, signing).await?;
                }
            }
            if group.len() == GROUP {
                self.append(&mut group).await?;
            }
        }
        self.append(&mut group).await
    }

    async fn append(&self, group: &mut Vec<Batch>) -> anyhow::Result<()> {
        let group = std::mem::take(group);
        self.app.store().append_all(group).await?;
        Ok(())
    }

    /// The agent makes the record, the clerk signs it with everything on it, as they do at the desk.
    async fn record(&mut self, cases: &[Case], signing: Signing) -> anyhow::Result<()> {
        let store = self.app.store();
        let id = format!("mo-phong-{}", signing.number);
        let new = NewPostRecord {
            id: id.clone(),
            unit: signing.unit,
            agent: signing.agent,
            lines: signing.lines,
        };
        let made = signing.at.checked_sub(SignedDuration::from_mins(10))?;
        if !store
            .add_post_record(new, (made, line("post_record.made", &id)))
            .await?
        {
            bail!("a dossier stands on two records of the post");
        }
        let known = store
            .post_record(&id)
            .await?
            .context("the record is there")?;
        if known.number != signing.number {
            bail!(
                "the record got number {} for {}",
                known.number,
                signing.number
            );
        }
        let mut batches = Vec::new();
        for deed in signing.deeds {
            batches.push(self.headed(cases, deed)?);
        }
        let signature = PostSigning {
            struck: Vec::new(),
            audit: line("post_record.signed", &id),
            record: id,
            by: signing.clerk,
            at: signing.at,
        };
        match store.sign_post_record(signature, batches).await? {
            PostSigned::Done => Ok(()),
            PostSigned::NotOpen => bail!("a record of the post was signed before"),
        }
    }

    /// The batch of a deed; where its dossier's log ends is remembered for the next one.
    fn headed(&mut self, cases: &[Case], deed: Deed) -> anyhow::Result<Batch> {
        let batch = self.batch(&cases[deed.case], deed);
        let head = batch.head_after()?;
        self.heads.insert(batch.dossier.clone(), head);
        Ok(batch)
    }

    fn batch(&mut self, case: &Case, deed: Deed) -> Batch {
        let (mut names, mut parties) = (None, Vec::new());
        if deed.version == 0 {
            let nth = u32::try_from(deed.case).unwrap_or(u32::MAX);
            let party = person(nth, NAME, &mut self.dice);
            parties.push(party_row(self.app.keys(), &case.party, &party, deed.at));
            names = Some(Names {
                procedure_name: case.procedure.name.clone(),
                field: case.procedure.field.clone(),
                owner_name: party.name,
            });
        }
        let texts = self.text(case, &deed);
        Batch {
            dossier: case.id.clone(),
            expected: deed.version,
            head: self.heads.get(&case.id).cloned().unwrap_or_default(),
            before: deed.before,
            events: NewEvents::Ready(deed.events),
            actor: deed.actor,
            behalf: deed.behalf,
            now: deed.at,
            messages: Vec::new(),
            audit: Vec::new(),
            once: None,
            texts,
            parties,
            drop_draft: None,
            names,
            process: case.paper.process.clone(),
        }
    }
    /// The text of the deed, when one of its events refers to it.
    fn text(&self, case: &Case, deed: &Deed) -> Vec<NewText> {
        let id = format!("{}-t{}", case.id, deed.text);
        let id = TextId::parse(&id).expect("made of a plain identifier");
        let named = serde_json::to_string(&deed.events).unwrap_or_default();
        if !named.contains(&format!("\"{id}\"")) {
            return Vec::new();
        }
        vec![NewText {
            sealed: self.app.keys().seal(&format!("text:{id}"), &WORDS),
            dossier: case.id.clone(),
            created_at: deed.at,
            id,
        }]
    }
}
