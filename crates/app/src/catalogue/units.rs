//! The units of the country that ship with the product, and which of them decides.
//!
//! Provinces, communes and their statistical codes are published facts (QĐ 19/2025/QĐ-TTg); so are
//! the identifiers of the provinces. The identifiers of communes and of the demonstration
//! province's departments are *provisional*: the real ones are given by each province and are not
//! published in one place. Communes are numbered from `101` in the order of their statistical
//! codes, which stay in `area_code`, so that the real identifier can be put in by that code. The
//! demonstration province has its departments under `.01` to `.14` and its centre under `.99`,
//! which no published list uses.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::ids::UnitId;
use domain::office::{Unit, UnitKind};
use domain::procedure::{Level, Procedure};
use domain::text::fold;
use jiff::civil::{Date, date};

use super::csv::rows;

/// The two-tier organisation is in force from this day.
pub const TWO_TIERS: Date = date(2025, 7, 1);
/// The number of a province's first commune.
const FIRST_COMMUNE: usize = 101;

static UNITS: &str = include_str!("../../data/units.csv");
static DEPARTMENTS: &str = include_str!("../../data/departments.csv");
static FIELDS: &str = include_str!("../../data/field-departments.csv");

static DEPARTMENT_OF: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let pair = |row: Vec<String>| <[String; 2]>::try_from(row).ok();
    rows(FIELDS)
        .filter_map(pair)
        .map(|[field, name]| (fold(&field), fold(&name)))
        .collect()
});

/// Every unit: 34 provinces, their 3,321 communes, and the departments and the centre of the
/// demonstration province; parents before children.
pub fn all() -> Vec<Unit> {
    let mut provinces: BTreeMap<String, Unit> = BTreeMap::new();
    let mut communes: BTreeMap<(String, String), String> = BTreeMap::new();
    for row in rows(UNITS) {
        let [code, name, id, area, unit, ..] = row.as_slice() else {
            continue;
        };
        provinces
            .entry(id.clone())
            .or_insert_with(|| province(id, name, code));
        communes.insert((id.clone(), area.clone()), unit.clone());
    }
    let mut units: Vec<Unit> = provinces.into_values().collect();
    units.extend(rows(DEPARTMENTS).filter_map(department));
    let mut number = FIRST_COMMUNE;
    let mut current = String::new();
    for ((id, area), name) in communes {
        number = if id == current {
            number.saturating_add(1)
        } else {
            FIRST_COMMUNE
        };
        units.push(child(
            &format!("{id}.{number}"),
            &id,
            UnitKind::Commune,
            (&name, &area),
        ));
        current = id;
    }
    units
}

/// Who decides on a dossier of `procedure` received at `receiving`, unless the clerk says otherwise;
/// none where the clerk has to say.
///
/// A procedure of the commune level is decided by the commune that received it. One of the
/// provincial level is decided by the department of its field, and by the province itself where
/// the field is not in the table; `units` may name departments that ended, for whose heir to ask.
/// Competence never follows from a counter: of a commune procedure
/// handed in at the provincial centre the receiving place does not tell which commune it concerns.
pub fn usual_agency(procedure: &Procedure, receiving: &Unit, units: &[Unit]) -> Option<UnitId> {
    let decides = |level| procedure.levels.contains(&level);
    let silent = procedure.levels.is_empty();
    if receiving.kind == UnitKind::Commune && (decides(Level::Commune) || silent) {
        return Some(receiving.id.clone());
    }
    if decides(Level::Commune) && !decides(Level::Province) {
        return None;
    }
    let province = receiving.province();
    let named = DEPARTMENT_OF.get(&fold(&procedure.field));
    let department = named.filter(|_| decides(Level::Province)).and_then(|name| {
        let named = units.iter().filter(|unit| {
            unit.kind == UnitKind::Department
                && unit.parent.as_ref() == Some(province)
                && fold(&unit.name) == *name
        });
        // One that goes on before one that ends.
        named.min_by_key(|unit| (unit.valid_to.is_some(), unit.id.clone()))
    });
    let department = department.filter(|unit| unit.valid_to.is_none() || unit.successor.is_some());
    Some(department.map_or_else(|| province.clone(), |unit| unit.id.clone()))
}

/// What an import of the shipped units writes over those that are there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Renewal {
    /// New units, and those that now read otherwise.
    pub written: Vec<Unit>,
    /// Units whose end was decided here, which the shipped list does not know: it stays.
    pub ended: Vec<Unit>,
}

/// Lays the shipped units over the present ones; an end that was decided here is never taken back.
pub fn renewal(present: &[Unit]) -> Renewal {
    let present: BTreeMap<&UnitId, &Unit> = present.iter().map(|unit| (&unit.id, unit)).collect();
    let mut renewal = Renewal::default();
    for shipped in all() {
        let Some(there) = present.get(&shipped.id) else {
            renewal.written.push(shipped);
            continue;
        };
        let merged = Unit {
            valid_to: there.valid_to.or(shipped.valid_to),
            successor: there.successor.clone().or(shipped.successor.clone()),
            ..shipped.clone()
        };
        if (merged.valid_to, &merged.successor) != (shipped.valid_to, &shipped.successor) {
            renewal.ended.push(merged.clone());
        }
        if merged != **there {
            renewal.written.push(merged);
        }
    }
    renewal
}

fn province(id: &str, name: &str, code: &str) -> Unit {
    Unit {
        parent: None,
        ..child(id, id, UnitKind::Province, (name, code))
    }
}

fn department(row: Vec<String>) -> Option<Unit> {
    let [province, id, kind, name] = <[String; 4]>::try_from(row).ok()?;
    let kind = match kind.as_str() {
        "provincial_centre" => UnitKind::ProvincialCentre,
        _ => UnitKind::Department,
    };
    Some(child(&id, &province, kind, (&name, "")))
}

fn child(id: &str, parent: &str, kind: UnitKind, (name, area): (&str, &str)) -> Unit {
    let parse = |text: &str| UnitId::parse(text).expect("a test reads every shipped identifier");
    Unit {
        id: parse(id),
        parent: Some(parse(parent)),
        kind,
        name: name.to_owned(),
        area_code: area.to_owned(),
        valid_from: TWO_TIERS,
        valid_to: None,
        successor: None,
    }
}
