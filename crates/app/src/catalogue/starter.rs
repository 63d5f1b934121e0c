//! The procedures that ship with the product: 170 that communes and a province meet most, condensed
//! by hand from published records, so that a new installation can receive on its first day.
//!
//! The source file is kept as it is, `data/starter-procedures.json`. What its notes and the published
//! records say of refunds, of asking other agencies and of green lanes stands as data, each with its
//! citation, in `data/starter-terms.json`. The prose is read only where it says the same in so many
//! words: same-day limits, limits and charges of one channel.

use std::sync::LazyLock;

use domain::deadline::{HalfDays, Limit};
use domain::ids::{ProcedureCode, ResultCode};
use domain::money::Dong;
use domain::procedure::{
    Case, Channel, Component, Database, FeeKind, FeeLine, Level, Offer, OnlineClass, Procedure,
    RefundRule, ResultKind, SupplementRule,
};
use serde::Deserialize;

use super::page_fee::page_fee;
use super::terms;
use super::units::TWO_TIERS;

static DATA: &[u8] = include_bytes!("../../data/starter-procedures.json");

static PROCEDURES: LazyLock<Vec<Procedure>> = LazyLock::new(|| {
    let entries: Vec<Entry> = serde_json::from_slice(DATA).expect("a test reads the shipped file");
    entries.iter().map(Entry::procedure).collect()
});

/// Notes that begin so promise the result on the day of reception.
const SAME_DAY: [&str; 3] = [
    "Ngay trong ngày",
    "Trong ngày làm việc; nhận sau 15 giờ",
    "Như 1.011443: trong ngày",
];
/// Notes that promise one channel something else than the general limit.
const OF_CHANNEL: [(&str, Channel, Limit); 2] = [
    ("Trực tuyến: 02 giờ", Channel::Online, Limit::Hours(2)),
    ("rực tiếp 15 ngày", Channel::Direct, Limit::Days(15)),
];
/// What a procedure without published channels is offered by.
const NO_CHANNEL: &str = "Nguồn không công bố cách thức thực hiện; tiếp nhận trực tiếp.";

/// The starter procedures, version 1, received from the day the two-tier organisation started.
pub fn procedures() -> &'static [Procedure] {
    &PROCEDURES
}

#[derive(Debug, Deserialize)]
struct Entry {
    code: ProcedureCode,
    name_vi: String,
    field_vi: String,
    level: Level,
    time_limit: Option<TimeLimit>,
    time_note_vi: Option<String>,
    fee_vnd: Option<i64>,
    fee_note_vi: Option<String>,
    online: Online,
    channels: Option<Vec<Way>>,
    documents: Vec<Document>,
    result_vi: String,
    result_code: Option<ResultCode>,
    verified: bool,
    source: String,
}

#[derive(Debug, Deserialize)]
struct TimeLimit {
    value: u32,
    unit: TimeUnit,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TimeUnit {
    Hour,
    WorkingDay,
    Day,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Online {
    Full,
    Partial,
    None,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Way {
    Direct,
    Online,
    Postal,
}

#[derive(Debug, Deserialize)]
struct Document {
    name_vi: String,
    mandatory: bool,
    can_be_read_from: Option<Source>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Source {
    PopulationDb,
    CivilStatusDb,
}

impl Entry {
    fn procedure(&self) -> Procedure {
        let mut procedure = Procedure {
            code: self.code.clone(),
            version: 1,
            name: self.name_vi.clone(),
            field: self.field_vi.clone(),
            decision: self.decision(),
            valid_from: TWO_TIERS,
            valid_to: None,
            levels: vec![self.level],
            online: match self.online {
                Online::Full => OnlineClass::Full,
                Online::Partial => OnlineClass::Partial,
                Online::None => OnlineClass::Information,
            },
            audience: Vec::new(),
            offers: self.offers(),
            cases: vec![Case {
                number: 1,
                name: String::new(),
                components: self.components(),
            }],
            results: vec![ResultKind {
                code: self.result_code.clone(),
                name: self.result_vi.clone(),
                validity: None,
            }],
            legal_basis: Vec::new(),
            agencies: Vec::new(),
            conditions: String::new(),
            supplement: SupplementRule::default(),
            consultation: None,
            lanes: Vec::new(),
            result_text: String::new(),
            without_paper: false,
            own_terms: None,
            source: self.source_note(),
        };
        terms::ship(&mut procedure);
        procedure
    }

    /// The decision that published it, as the source names it.
    fn decision(&self) -> String {
        let named = self.source.split_once("Quyết định công bố ");
        let number = named.map_or("", |(_, number)| number);
        number.split(';').next().unwrap_or("").trim().to_owned()
    }

    fn source_note(&self) -> String {
        if self.verified {
            self.source.clone()
        } else {
            format!("{} (chưa kiểm chứng)", self.source)
        }
    }

    fn offers(&self) -> Vec<Offer> {
        let Some(ways) = self.channels.as_deref().filter(|ways| !ways.is_empty()) else {
            let mut only = self.offer(Channel::Direct);
            let note = format!("{NO_CHANNEL} {}", only.note);
            note.trim_end().clone_into(&mut only.note);
            return vec![only];
        };
        let channel = |way: &Way| match way {
            Way::Direct => Channel::Direct,
            Way::Online => Channel::Online,
            Way::Postal => Channel::Post,
        };
        ways.iter().map(|way| self.offer(channel(way))).collect()
    }

    fn offer(&self, channel: Channel) -> Offer {
        let note = self.time_note_vi.as_deref().unwrap_or("");
        Offer {
            channel,
            limit: self.limit(channel, note),
            note: for_reading(note),
            fees: self.fee(channel).into_iter().collect(),
        }
    }

    fn limit(&self, channel: Channel, note: &str) -> Option<Limit> {
        let own = OF_CHANNEL
            .iter()
            .find(|(text, of, _)| *of == channel && note.contains(text));
        if let Some((_, _, limit)) = own {
            return Some(*limit);
        }
        let published = self.time_limit.as_ref()?;
        if SAME_DAY.iter().any(|text| note.starts_with(text)) {
            return Some(Limit::SameDay);
        }
        match published.unit {
            TimeUnit::Hour => Limit::Hours(published.value).checked().ok(),
            TimeUnit::WorkingDay => HalfDays::days(published.value).map(Limit::WorkingDays).ok(),
            TimeUnit::Day => Limit::Days(published.value).checked().ok(),
        }
    }

    fn fee(&self, channel: Channel) -> Option<FeeLine> {
        let note = self.fee_note_vi.as_deref().unwrap_or("");
        if self.fee_vnd.is_none() && note.is_empty() {
            return None;
        }
        let amount = match (channel, note.split_once("rực tuyến")) {
            (Channel::Online, Some((_, beside))) => first_amount(beside),
            _ => self.fee_vnd,
        };
        let note = for_reading(note);
        Some(FeeLine {
            code: None,
            kind: FeeKind::Unstated,
            amount: amount.map(Dong),
            by_page: page_fee(&note),
            refund: RefundRule::default(),
            refund_basis: String::new(),
            note,
        })
    }

    fn components(&self) -> Vec<Component> {
        let numbered = (1_u16..).zip(&self.documents);
        numbered
            .map(|(number, document)| document.component(number))
            .collect()
    }
}

impl Document {
    /// What a database holds is not handed in. Of the rest the source does not count papers: one
    /// copy where its name says `bản sao`, else one original.
    fn component(&self, number: u16) -> Component {
        let held_by = self.can_be_read_from.map(|source| match source {
            Source::PopulationDb => Database::Population,
            Source::CivilStatusDb => Database::CivilStatus,
        });
        let copy = self.name_vi.to_lowercase().starts_with("bản sao");
        let handed_in = held_by.is_none();
        Component {
            number,
            code: None,
            name: self.name_vi.clone(),
            mandatory: self.mandatory,
            originals: u16::from(handed_in && !copy),
            copies: u16::from(handed_in && copy),
            held_by,
            replaced_by: None,
        }
    }
}

/// The amount that the words right after `trực tuyến` name; nothing when they name none.
fn first_amount(beside: &str) -> Option<i64> {
    let number: String = beside
        .trim_start()
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    super::notes::grouped(number.trim_end_matches('.')).filter(|amount| *amount > 0)
}

/// The note without what only the maintainers of the file want to know.
fn for_reading(note: &str) -> String {
    let note = note.split(" (nguồn thời hạn").next().unwrap_or(note);
    note.replace("[trí nhớ]", "(chưa kiểm chứng)")
        .replace("[cần kiểm tra]", "(cần kiểm tra)")
}
