//! Pages may gain widgets of new signatures, and nothing else.

use std::collections::BTreeSet;

use super::changes::{Pair, Suspicious, differing, grown, same};
use super::verdict::Changes;
use crate::pdf::{Dict, Id, Value};

/// Each of the new widgets may come to one page.
pub(crate) fn explain(pair: &mut Pair<'_>, mut widgets: BTreeSet<Id>) -> Result<(), Suspicious> {
    for id in pair.frozen.pages.clone() {
        let old = pair.file.object(id, pair.old)?;
        let new = pair.file.object(id, pair.new)?;
        let (Value::Dict(old), Value::Dict(new)) = (&*old, &*new) else {
            return Err(Suspicious);
        };
        if differing(old, new).iter().any(|key| key != b"Annots") {
            return Err(Suspicious);
        }
        for (key, value) in old {
            if key != b"Annots" {
                pair.freeze(value)?;
            }
        }
        annotations(pair, (old, new), &mut widgets)?;
    }
    Ok(())
}

fn annotations(
    pair: &mut Pair<'_>,
    (old, new): (&Dict, &Dict),
    widgets: &mut BTreeSet<Id>,
) -> Result<(), Suspicious> {
    let old = pair.file.get(old, b"Annots", pair.old)?;
    let new = pair.file.get(new, b"Annots", pair.new)?;
    let listed = old.as_array().unwrap_or_default();
    pair.freeze_members(listed)?;
    if same(&old, &new) {
        return Ok(());
    }
    let is_list = |value: &Value| matches!(value, Value::Null | Value::Array(_));
    let is_annotation = |value: &Value| matches!(value, Value::Reference(_) | Value::Dict(_));
    if !is_list(&old) || !is_list(&new) || !listed.iter().all(is_annotation) {
        return Err(Suspicious);
    }
    for added in grown(listed, new.as_array().unwrap_or_default())? {
        match added.as_reference() {
            Some(id) if widgets.remove(&id) => pair.reaches(Changes::Archival),
            _ => return Err(Suspicious),
        }
    }
    Ok(())
}
