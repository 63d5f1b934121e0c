//! What was done is written through the store's own append, act by act, a day in a transaction.

use std::collections::BTreeMap;

use app::App;
use app::people::party_row;
use domain::ids::{DossierId, TextId};
use store::{Batch, Names, NewEvents, NewText};

use super::super::seed::people::{Dice, person};
use super::casework::Case;
use super::month::Deed;
use super::ward::NAME;

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

    pub(super) async fn write(&mut self, cases: &[Case], deeds: Vec<Deed>) -> anyhow::Result<()> {
        let mut group = Vec::new();
        for deed in deeds {
            let batch = self.batch(&cases[deed.case], deed);
            let head = batch.head_after()?;
            self.heads.insert(batch.dossier.clone(), head);
            group.push(batch);
            if group.len() == GROUP {
                self.app
                    .store()
                    .append_all(std::mem::take(&mut group))
                    .await?;
            }
        }
        self.app.store().append_all(group).await?;
        Ok(())
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
