//! What a signature forbids to change after it.

use std::collections::BTreeSet;

use super::fields::{Embedded, words};
use super::verdict::Permission;
use crate::pdf::{Dict, File, Refused, Value};

/// What the name of a locked field costs beside its letters.
const NAME: usize = 32;

/// What a signature says about later changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lock {
    /// Said by a certification.
    pub(crate) certified: Option<Permission>,
    /// Said about the whole document by a signature that is none.
    pub(crate) whole: Option<Permission>,
    pub(crate) fields: Vec<Fields>,
}

/// Fields that are locked.
#[derive(Clone, Debug)]
pub(crate) enum Fields {
    All,
    These(BTreeSet<String>),
    AllBut(BTreeSet<String>),
}

impl Fields {
    /// Whether a field is locked; with it everything below it, which takes its value from it, and
    /// what is above.
    pub(crate) fn holds(&self, name: &str) -> bool {
        let under = |names: &BTreeSet<String>| {
            let mut above = name.match_indices('.').filter_map(|(at, _)| name.get(..at));
            names.contains(name) || above.any(|above| names.contains(above))
        };
        let over = |names: &BTreeSet<String>| {
            let first = format!("{name}.");
            let mut after = names.range(first.clone()..);
            after.next().is_some_and(|next| next.starts_with(&first))
        };
        match self {
            Self::All => true,
            Self::These(names) => under(names) || over(names),
            Self::AllBut(names) => !under(names),
        }
    }
}

impl Lock {
    /// Whether it forbids anything.
    pub(crate) fn forbids(&self) -> bool {
        self.certified.is_some() || self.whole.is_some() || !self.fields.is_empty()
    }

    /// Whether it lets nobody fill or sign anything: of two that speak of the whole document the stricter
    /// counts.
    pub(crate) fn closes(&self) -> bool {
        [self.certified, self.whole].contains(&Some(Permission::Nothing))
    }

    pub(crate) fn of(file: &File<'_>, signature: &Embedded) -> Result<Self, Refused> {
        let newest = file.newest();
        let mut lock = Self::default();
        let Some(dict) = signature.value.as_dict() else {
            return Ok(lock);
        };
        let references = file.get(dict, b"Reference", newest)?;
        for reference in references.as_array().unwrap_or_default() {
            let reference = file.resolve(reference, newest)?;
            let Some(reference) = reference.as_dict() else {
                continue;
            };
            let method = file.get(reference, b"TransformMethod", newest)?;
            let parameters = file.get(reference, b"TransformParams", newest)?;
            let empty = Dict::new();
            let parameters = parameters.as_dict().unwrap_or(&empty);
            match method.as_name() {
                Some(b"DocMDP") => {
                    lock.certified =
                        Some(permission(file, parameters)?.unwrap_or(Permission::Forms));
                }
                Some(b"FieldMDP") => lock.fields.extend(fields(file, parameters)?),
                _ => {}
            }
        }
        let field = signature.field.dict().unwrap_or(dict);
        let own = file.get(field, b"Lock", newest)?;
        if let Some(own) = own.as_dict() {
            lock.whole = permission(file, own)?;
            lock.fields.extend(fields(file, own)?);
        }
        Ok(lock)
    }
}

fn permission(file: &File<'_>, dict: &Dict) -> Result<Option<Permission>, Refused> {
    let level = file.get(dict, b"P", file.newest())?;
    Ok(level.as_integer().map(|level| match level {
        1 => Permission::Nothing,
        3 => Permission::Annotations,
        _ => Permission::Forms,
    }))
}

fn fields(file: &File<'_>, dict: &Dict) -> Result<Option<Fields>, Refused> {
    let newest = file.newest();
    let listed = file.get(dict, b"Fields", newest)?;
    let names = || -> Result<BTreeSet<String>, Refused> {
        let each = listed.as_array().unwrap_or_default().iter();
        let each = each.filter_map(Value::as_text).map(|name| {
            file.work.looked(NAME + name.bytes.len())?;
            Ok(words(name))
        });
        each.collect()
    };
    let action = file.get(dict, b"Action", newest)?;
    Ok(match action.as_name() {
        Some(b"All") => Some(Fields::All),
        Some(b"Include") => Some(Fields::These(names()?)),
        Some(b"Exclude") => Some(Fields::AllBut(names()?)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stricter_of_two_counts() {
        let lock = |certified, whole| Lock {
            certified,
            whole,
            fields: Vec::new(),
        };
        let (nothing, forms) = (Some(Permission::Nothing), Some(Permission::Forms));
        assert!(lock(forms, nothing).closes() && lock(nothing, forms).closes());
        assert!(lock(None, nothing).closes() && lock(nothing, None).closes());
        assert!(!lock(forms, None).closes() && !lock(None, None).closes());
    }

    #[test]
    fn a_lock_holds_what_is_below_and_above() {
        let names = || BTreeSet::from(["a.b".to_owned(), "number".to_owned()]);
        let these = Fields::These(names());
        for name in ["a.b", "a.b.c", "a", "number", "number.1"] {
            assert!(these.holds(name), "{name}");
        }
        for name in ["a.bc", "ab", "numbers", "b", ""] {
            assert!(!these.holds(name), "{name}");
        }
        let others = Fields::AllBut(names());
        for name in ["a", "a.bc", "numbers"] {
            assert!(others.holds(name), "{name}");
        }
        for name in ["a.b", "a.b.c", "number"] {
            assert!(!others.holds(name), "{name}");
        }
    }
}
