//! The parts of a national record that carry numbers: time limits, charges, components.

use domain::deadline::{HalfDays, Limit};
use domain::ids::ResultCode;
use domain::money::Dong;
use domain::procedure::{Case, Channel, Component, FeeKind, FeeLine, Offer, RefundRule};

use super::notes::{amounts_named, clean, clean_lines, days_named, grouped, speaks_of_charge};
use super::page_fee::page_fee;
use super::reason::{Cause, Reasons};
use super::wire::{Fee, Paper, Time, Way, WireCase};

/// No charge of the state is smaller, in đồng.
const LEAST_CHARGE: i64 = 1_000;
/// The most originals or copies that a count can mean.
const MOST_COPIES: u16 = 10;
/// TENMAUDON holds the last 80 characters of the text, so from here on a word may be cut.
const CUT_FORM: usize = 80;
/// A component's name in characters, above which it is prose.
const LONG_NAME: usize = 1_000;
/// An hour limit up to one working day means the same on the clock and at work.
const DAY_HOURS: u32 = 8;

/// The code of a kind of result when it is well formed; empty is no fault.
pub(super) fn result_code(
    written: &str,
    fault: Cause,
    reasons: &mut Reasons,
) -> Option<ResultCode> {
    let code = ResultCode::parse(written).ok();
    if code.is_none() && !written.is_empty() {
        reasons.add(fault, written);
    }
    code
}

/// What the channels promise, in the published order.
pub(super) fn offers(ways: &[Way], reasons: &mut Reasons) -> Vec<Offer> {
    let mut offers: Vec<Offer> = Vec::new();
    for way in ways {
        let channel = match way.channel.as_str().trim() {
            "1" => Channel::Direct,
            "2" => Channel::Online,
            "3" => Channel::Post,
            other => {
                reasons.add(Cause::ChannelUnknown, other);
                continue;
            }
        };
        if way.times.is_empty() {
            offers.push(offer(channel, &Time::default(), reasons));
        }
        for time in &way.times {
            let next = offer(channel, time, reasons);
            if !offers.contains(&next) {
                offers.push(next);
            }
        }
    }
    if offers.is_empty() {
        reasons.add(Cause::ChannelMissing, "");
    }
    note_alternatives(&offers, reasons);
    offers
}

fn note_alternatives(offers: &[Offer], reasons: &mut Reasons) {
    for channel in Channel::ALL {
        let mut of_channel = offers.iter().filter(|offer| offer.channel == channel);
        let Some(first) = of_channel.next() else {
            continue;
        };
        let others: Vec<&Offer> = of_channel.collect();
        if others.iter().any(|other| other.limit != first.limit) {
            let limits = std::iter::once(&first).chain(&others);
            let written: Vec<String> = limits
                .map(|offer| {
                    offer
                        .limit
                        .map_or_else(|| "?".to_owned(), |l| l.to_string())
                })
                .collect();
            reasons.add(Cause::LimitsDiffer, &written.join(", "));
        } else if !others.is_empty() {
            reasons.add(Cause::ChannelRepeated, channel.as_str());
        }
    }
}

fn offer(channel: Channel, time: &Time, reasons: &mut Reasons) -> Offer {
    let mut note = clean_lines(time.note.as_str(), reasons);
    let count = time.count.as_str().trim();
    let unit = clean(time.unit.as_str(), reasons);
    let fees = time
        .fees
        .iter()
        .filter_map(|line| fee(line, &note, reasons))
        .collect();
    let limit = match limit(count, &unit, &note) {
        Ok(limit) => Some(limit),
        Err(cause) => {
            let written = format!("{count} {unit}");
            let written = written.trim();
            reasons.add(cause, written);
            if !written.is_empty() {
                let line_end = if note.is_empty() { "" } else { "\n" };
                note = format!("Nguồn ghi thời hạn “{written}”.{line_end}{note}");
            }
            None
        }
    };
    Offer {
        channel,
        limit,
        note,
        fees,
    }
}

fn limit(count: &str, unit: &str, note: &str) -> Result<Limit, Cause> {
    if count.is_empty() {
        return Err(Cause::LimitMissing);
    }
    if unit.is_empty() && note.to_lowercase().starts_with("vnđ") {
        return Err(Cause::LimitHoldsCharge);
    }
    let (number, half) = counted(count).ok_or(Cause::LimitUnreadable)?;
    let limit = match (unit.to_lowercase().as_str(), half) {
        ("", _) => return Err(Cause::LimitWithoutUnit),
        ("ngày làm việc", _) => {
            let halves = number.saturating_mul(2).saturating_add(u32::from(half));
            HalfDays::halves(halves).map(Limit::WorkingDays)
        }
        ("giờ" | "ngày" | "tháng", true) => return Err(Cause::LimitUnreadable),
        ("giờ", false) if number > DAY_HOURS => return Err(Cause::LimitHoursUnclear),
        ("giờ", false) => Limit::Hours(number).checked(),
        ("ngày", false) => Limit::Days(number).checked(),
        ("tháng", false) => Limit::Months(number).checked(),
        _ => return Err(Cause::LimitUnitUnknown),
    };
    let limit = limit.map_err(|_| Cause::LimitUnreadable)?;
    let named = days_named(note, number);
    match limit {
        Limit::WorkingDays(_) if named.calendar && !named.working => Err(Cause::LimitUnitDisputed),
        Limit::Days(_) if named.working && !named.calendar => Err(Cause::LimitUnitDisputed),
        _ => Ok(limit),
    }
}

/// A count and whether half a unit comes on top: `5`, `05`, `1.5`, `1,5`; nothing else.
fn counted(text: &str) -> Option<(u32, bool)> {
    let (whole, half) = match text.strip_suffix(".5").or_else(|| text.strip_suffix(",5")) {
        Some(whole) => (whole, true),
        None => (text, false),
    };
    let digits = (1..=4).contains(&whole.len()) && whole.bytes().all(|b| b.is_ascii_digit());
    let number: u32 = whole.parse().ok().filter(|_| digits)?;
    (number > 0 || half).then_some((number, half))
}

/// One charge; nothing when neither an amount nor a word about one is published.
fn fee(line: &Fee, around: &str, reasons: &mut Reasons) -> Option<FeeLine> {
    let own = clean_lines(line.note.as_str(), reasons);
    let code = Some(clean(line.code.as_str(), reasons)).filter(|code| !code.is_empty());
    let written = line.amount.as_str().trim();
    let note = if own.is_empty() { around } else { own.as_str() };
    let kept = |amount: Option<i64>, note: String| {
        Some(FeeLine {
            code: code.clone(),
            kind: FeeKind::Unstated,
            amount: amount.map(Dong),
            by_page: page_fee(&note).filter(|fee| amount == Some(fee.first.0)),
            refund: RefundRule::default(),
            refund_basis: String::new(),
            note,
        })
    };
    if written.is_empty() {
        if speaks_of_charge(note) {
            reasons.add(Cause::FeeInText, note);
            return kept(None, note.to_owned());
        }
        return if own.is_empty() && code.is_none() {
            None
        } else {
            kept(None, own)
        };
    }
    match amount(written, line.unit.as_str().trim(), note) {
        Ok(amount) => kept(Some(amount), own),
        Err(cause) => {
            reasons.add(cause, written);
            let line_end = if note.is_empty() { "" } else { "\n" };
            kept(
                None,
                format!("Nguồn ghi mức thu “{written}”.{line_end}{note}"),
            )
        }
    }
}

fn amount(written: &str, unit: &str, note: &str) -> Result<i64, Cause> {
    let (number, beside) = written.split_once(' ').unwrap_or((written, ""));
    let known = |unit: &str| {
        matches!(
            unit.trim().to_lowercase().as_str(),
            "" | "vnd" | "vnđ" | "đồng" | "việt nam đồng"
        )
    };
    let amount = grouped(number)
        .filter(|_| known(beside) && known(unit))
        .ok_or(Cause::FeeUnreadable)?;
    if amount == 0 {
        return if speaks_of_charge(note) {
            Err(Cause::FeeDisputed)
        } else {
            Ok(0)
        };
    }
    if amount < LEAST_CHARGE {
        return Err(Cause::FeeTooSmall);
    }
    let named = amounts_named(note);
    if !named.is_empty() && !named.contains(&amount) {
        return Err(Cause::FeeDisputed);
    }
    Ok(amount)
}

/// The cases with their components; a procedure has at least one, even an empty one.
pub(super) fn cases(published: &[WireCase], reasons: &mut Reasons) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for (index, case) in published.iter().enumerate() {
        let name = clean(case.name.as_str(), reasons);
        let components = components(&case.papers, reasons);
        if published.len() > 1 {
            judge_case(&name, &cases, components.is_empty(), reasons);
        }
        let number = ordinal(index);
        cases.push(Case {
            number,
            name,
            components,
        });
    }
    if cases.iter().all(|case| case.components.is_empty()) {
        reasons.add(Cause::ComponentsMissing, "");
    }
    if cases.is_empty() {
        cases.push(Case {
            number: 1,
            name: String::new(),
            components: Vec::new(),
        });
    }
    cases
}

fn judge_case(name: &str, before: &[Case], empty: bool, reasons: &mut Reasons) {
    let heading = name
        .trim_start_matches(|c: char| !c.is_alphabetic())
        .to_lowercase();
    if empty {
        reasons.add(Cause::CaseEmpty, name);
    }
    if name.is_empty() {
        reasons.add(Cause::CaseUnnamed, name);
    } else if before.iter().any(|case| case.name == name) {
        reasons.add(Cause::CaseRepeated, name);
    }
    if [
        "giấy tờ phải",
        "lưu ý",
        "thành phần hồ sơ",
        "số lượng hồ sơ",
    ]
    .iter()
    .any(|h| heading.starts_with(h))
    {
        reasons.add(Cause::CaseHeading, name);
    }
}

fn components(papers: &[Paper], reasons: &mut Reasons) -> Vec<Component> {
    let mut components = Vec::new();
    for paper in papers {
        let name = component_name(paper, reasons);
        if !name.chars().any(char::is_alphabetic) {
            reasons.add(Cause::ComponentNameless, &name);
            continue;
        }
        if name.chars().count() > LONG_NAME {
            reasons.add(Cause::ComponentNameLong, &name);
        }
        let code = clean(paper.code.as_str(), reasons);
        let replaced = paper.replaced_by.as_str().trim();
        components.push(Component {
            number: ordinal(components.len()),
            code: Some(code).filter(|code| !code.is_empty()),
            // The catalogue has no mark for it but these words, which every publisher uses.
            mandatory: !name.to_lowercase().contains("nếu có"),
            name,
            originals: copies(paper.originals.as_str(), reasons),
            copies: copies(paper.copies.as_str(), reasons),
            held_by: None,
            replaced_by: result_code(replaced, Cause::ReplacementInvalid, reasons),
        });
    }
    components
}

fn component_name(paper: &Paper, reasons: &mut Reasons) -> String {
    let name = clean(paper.name.as_str(), reasons);
    let form = clean(paper.form.as_str(), reasons);
    if form.is_empty() {
        return name;
    }
    if !name.chars().any(char::is_alphabetic) {
        reasons.add(Cause::ComponentNamedByForm, &form);
        return form;
    }
    let raw_length = paper.form.as_str().chars().count();
    let may_cut_a_word = raw_length >= CUT_FORM
        && name.ends_with(char::is_alphanumeric)
        && form.starts_with(char::is_alphanumeric);
    let seam = if may_cut_a_word { "…" } else { " " };
    let joined = format!("{name}{seam}{form}");
    reasons.add(Cause::ComponentNameCut, &joined);
    joined
}

fn copies(written: &str, reasons: &mut Reasons) -> u16 {
    let written = written.trim();
    let count = written
        .parse()
        .ok()
        .filter(|n| *n <= MOST_COPIES && written.len() <= 2);
    if count.is_none() && !written.is_empty() {
        reasons.add(Cause::CopiesUnreadable, written);
    }
    count.unwrap_or(0)
}

fn ordinal(index: usize) -> u16 {
    u16::try_from(index).unwrap_or(u16::MAX).saturating_add(1)
}
