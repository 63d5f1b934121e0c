//! Units as they are on a day: those in force, and who answers for those that ended.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::ids::UnitId;
use domain::office::{Unit, heir_on};
use jiff::civil::Date;
use store::Store;

use crate::no::No;

/// The units of one day.
#[derive(Debug, Clone, Default)]
pub(crate) struct Units {
    day: Date,
    /// Whoever there was and will be, by identifier.
    ever: Arc<Vec<Unit>>,
    today: Arc<Vec<Unit>>,
    heirs: BTreeMap<UnitId, UnitId>,
    forerunners: BTreeMap<UnitId, Vec<UnitId>>,
}

impl Units {
    pub(crate) async fn read(store: &Store, day: Date) -> Result<Self, No> {
        let mut ever = store.all_units().await?;
        ever.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Self::of(Arc::new(ever), day))
    }

    /// The same units on another day.
    pub(crate) fn on(&self, day: Date) -> Self {
        Self::of(Arc::clone(&self.ever), day)
    }

    fn of(ever: Arc<Vec<Unit>>, day: Date) -> Self {
        let today = ever.iter().filter(|unit| unit.in_force(day));
        let today = Arc::new(today.cloned().collect());
        let (mut heirs, mut forerunners) = (BTreeMap::new(), BTreeMap::<_, Vec<UnitId>>::new());
        for ended in ever.iter() {
            let heir = heir_on(&ever, &ended.id, day);
            if *heir == ended.id {
                continue;
            }
            forerunners
                .entry(heir.clone())
                .or_default()
                .push(ended.id.clone());
            heirs.insert(ended.id.clone(), heir.clone());
        }
        Self {
            day,
            ever,
            today,
            heirs,
            forerunners,
        }
    }

    pub(crate) fn day(&self) -> Date {
        self.day
    }

    /// Those in force, by identifier.
    pub(crate) fn today(&self) -> Arc<Vec<Unit>> {
        Arc::clone(&self.today)
    }

    /// Those that ever were or will be, by identifier.
    pub(crate) fn ever(&self) -> &[Unit] {
        &self.ever
    }

    pub(crate) fn unit(&self, id: &UnitId) -> Option<&Unit> {
        found(&self.today, id)
    }

    /// A unit, also one that ended or is to come.
    pub(crate) fn known(&self, id: &UnitId) -> Option<&Unit> {
        found(&self.ever, id)
    }

    /// The unit that answers on `day` for what `id` does.
    pub(crate) fn heir_on<'a>(&'a self, id: &'a UnitId, day: Date) -> &'a UnitId {
        heir_on(&self.ever, id, day)
    }

    pub(crate) fn heir<'a>(&'a self, id: &'a UnitId) -> &'a UnitId {
        self.heirs.get(id).unwrap_or(id)
    }

    /// The units that ended and left their work to this one, in the order of their identifiers.
    pub(crate) fn forerunners(&self, id: &UnitId) -> &[UnitId] {
        self.forerunners.get(id).map_or(&[], Vec::as_slice)
    }
}

fn found<'a>(units: &'a [Unit], id: &UnitId) -> Option<&'a Unit> {
    let at = units.binary_search_by(|unit| unit.id.cmp(id)).ok()?;
    units.get(at)
}
