//! Where the log of a dossier ends once something is written that is not written yet.

use crate::append::{Batch, NewEvents};
use crate::fold::fold_events;
use crate::load::Loaded;
use crate::store::StoreError;

impl Batch {
    /// Hash of the last event once this is written: what a later batch of the same dossier, in the
    /// same bulk write, has seen.
    ///
    /// # Errors
    /// When its events are not decided yet.
    pub fn head_after(&self) -> Result<String, StoreError> {
        let NewEvents::Ready(events) = &self.events else {
            let why = "events that the write decides have no hash yet";
            return Err(StoreError::Unsupported(why));
        };
        let before = Loaded {
            dossier: self.before.clone(),
            version: self.expected,
            head: self.head.clone(),
            ..Loaded::absent(self.dossier.clone())
        };
        let who = (self.actor.as_str(), self.behalf.as_deref());
        let (after, _) = fold_events(before, events.clone(), (who, self.now, None))?;
        Ok(after.head)
    }
}
