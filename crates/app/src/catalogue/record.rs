//! Judges one national record.

use domain::ids::ProcedureCode;
use domain::procedure::{
    LegalBasis, Level, NamedAgency, OnlineClass, Procedure, ResultKind, SupplementRule,
};
use jiff::civil::Date;

use super::national::Outcome;
use super::notes::{clean, clean_lines};
use super::reason::{Cause, Reasons};
use super::record_parts::{cases, offers, result_code};
use super::wire::{LayThuTuc, LevelName, Subject};

/// What a procedure taken from the national catalogue names as its source.
pub const SOURCE: &str = "Cơ sở dữ liệu quốc gia về thủ tục hành chính";

/// The code as written, and what becomes of the record.
pub(super) fn judge(raw: &LayThuTuc) -> (String, Outcome) {
    let mut reasons = Reasons::default();
    let written = raw.code.as_str().trim().to_owned();
    let code = ProcedureCode::parse(&written);
    if code.is_err() {
        reasons.add(Cause::CodeInvalid, &written);
    }
    if raw.state.as_str().trim() != "1" {
        reasons.add(Cause::NotPublic, raw.state.as_str());
    }
    let procedure = code.ok().map(|code| read(raw, code, &mut reasons));
    let set_aside = reasons.set_aside();
    let reasons = reasons.into_sorted();
    let outcome = match procedure {
        Some(procedure) if !set_aside && reasons.is_empty() => {
            Outcome::Accepted(Box::new(procedure))
        }
        Some(procedure) if !set_aside => {
            Outcome::AcceptedWithWarnings(Box::new(procedure), reasons)
        }
        Some(_) | None => Outcome::Quarantined(reasons),
    };
    (written, outcome)
}

fn read(raw: &LayThuTuc, code: ProcedureCode, reasons: &mut Reasons) -> Procedure {
    let name = clean(raw.name.as_str(), reasons);
    if name.is_empty() {
        reasons.add(Cause::NameMissing, raw.name.as_str());
    }
    let names = raw
        .fields
        .iter()
        .map(|field| clean(field.name.as_str(), reasons));
    let field = names
        .filter(|name| !name.is_empty())
        .collect::<Vec<_>>()
        .join("; ");
    note_missing(&field, Cause::FieldMissing, reasons);
    let decision = clean(raw.decision.as_str(), reasons);
    note_missing(&decision, Cause::DecisionMissing, reasons);
    Procedure {
        code,
        version: 0,
        name,
        field,
        decision,
        valid_from: Date::ZERO,
        valid_to: None,
        levels: levels(&raw.levels, reasons),
        online: OnlineClass::Unknown,
        audience: audience(&raw.audience, reasons),
        offers: offers(&raw.ways, reasons),
        cases: cases(&raw.cases, reasons),
        results: results(raw, reasons),
        legal_basis: legal_basis(raw, reasons),
        agencies: agencies(raw, reasons),
        conditions: clean_lines(raw.conditions.as_str(), reasons),
        supplement: SupplementRule::default(),
        consultation: None,
        lanes: Vec::new(),
        result_text: String::new(),
        without_paper: false,
        own_terms: None,
        source: SOURCE.to_owned(),
    }
}

fn note_missing(text: &str, cause: Cause, reasons: &mut Reasons) {
    if text.is_empty() {
        reasons.add(cause, "");
    }
}

fn levels(names: &[LevelName], reasons: &mut Reasons) -> Vec<Level> {
    let mut levels = Vec::new();
    for name in names {
        let text = clean(name.name.as_str(), reasons);
        let level = match text.to_lowercase().as_str() {
            "cấp xã" => Level::Commune,
            "cấp tỉnh" => Level::Province,
            "cấp bộ" => Level::Ministry,
            "cơ quan khác" => Level::Other,
            _ => {
                reasons.add(Cause::LevelUnknown, &text);
                continue;
            }
        };
        if !levels.contains(&level) {
            levels.push(level);
        }
    }
    if levels.is_empty() {
        reasons.add(Cause::LevelMissing, "");
    }
    levels
}

/// The subjects, with those put together again whose brackets were cut at a comma.
fn audience(subjects: &[Subject], reasons: &mut Reasons) -> Vec<String> {
    let mut audience: Vec<String> = Vec::new();
    for subject in subjects {
        let name = clean(subject.name.as_str(), reasons);
        let open = audience.last_mut().filter(|last| brackets(last) > 0);
        match open {
            Some(last) if brackets(&name) < 0 => {
                reasons.add(Cause::AudienceCut, &format!("{last} | {name}"));
                last.push_str(", ");
                last.push_str(&name);
            }
            Some(_) | None => audience.push(name),
        }
    }
    audience.retain(|name| !name.is_empty());
    audience
}

/// Brackets opened less brackets closed.
fn brackets(text: &str) -> i32 {
    text.chars().fold(0, |open, c| match c {
        '(' => open.saturating_add(1),
        ')' => open.saturating_sub(1),
        _ => open,
    })
}

fn results(raw: &LayThuTuc, reasons: &mut Reasons) -> Vec<ResultKind> {
    let mut results = Vec::new();
    for result in &raw.results {
        let written = result.code.as_str().trim();
        let code = result_code(written, Cause::ResultCodeInvalid, reasons);
        let name = clean(result.name.as_str(), reasons);
        match (&code, name.is_empty()) {
            (None, true) => reasons.add(Cause::ResultNameless, written),
            (Some(known), true) => {
                results.push(ResultKind {
                    name: known.to_string(),
                    code,
                    validity: None,
                });
            }
            (_, false) => results.push(ResultKind {
                code,
                name,
                validity: None,
            }),
        }
    }
    if results.is_empty() {
        reasons.add(Cause::ResultsMissing, "");
    }
    results
}

fn legal_basis(raw: &LayThuTuc, reasons: &mut Reasons) -> Vec<LegalBasis> {
    let mut basis = Vec::new();
    for instrument in &raw.instruments {
        let number = clean(instrument.number.as_str(), reasons);
        let title = clean_lines(instrument.title.as_str(), reasons);
        if !number.is_empty() || !title.is_empty() {
            basis.push(LegalBasis {
                number: Some(number).filter(|n| !n.is_empty()),
                title,
            });
        }
    }
    if basis.is_empty() {
        reasons.add(Cause::LegalBasisMissing, "");
    }
    basis
}

fn agencies(raw: &LayThuTuc, reasons: &mut Reasons) -> Vec<NamedAgency> {
    let mut agencies = Vec::new();
    for agency in &raw.agencies {
        let code = clean(agency.code.as_str(), reasons);
        let name = clean(agency.name.as_str(), reasons);
        if !code.is_empty() || !name.is_empty() {
            agencies.push(NamedAgency {
                code: Some(code).filter(|c| !c.is_empty()),
                name,
            });
        }
    }
    if agencies.is_empty() {
        reasons.add(Cause::AgenciesMissing, "");
    }
    agencies
}
