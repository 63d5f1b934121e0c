//! Why a record of the national catalogue was not taken exactly as it stands.
//!
//! The table is the importer's policy. A record is set aside only when no dossier could lawfully be
//! received under it; everything else is taken, and what cannot be read for certain is kept as text
//! or left out, never guessed. Each cause has a title in the message catalogue, `import.<key>`.

use serde::{Serialize, Serializer};

/// The longest offending value kept, in characters.
const SHOWN: usize = 120;

/// What was done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The whole record is quarantined; the catalogue keeps what it had.
    SetAside,
    /// The part was left out.
    Dropped,
    /// The part is kept as text only; nothing is computed from it.
    AsText,
    /// The part was put right without losing or inventing anything.
    Mended,
    /// The part is kept as published, and somebody should look at it.
    Noted,
    /// The part of the province's own version stands where the record is empty.
    Kept,
}

impl Effect {
    /// The effect's name in message keys: `import.effect.<name>`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SetAside => "set_aside",
            Self::Dropped => "dropped",
            Self::AsText => "as_text",
            Self::Mended => "mended",
            Self::Noted => "noted",
            Self::Kept => "kept",
        }
    }
}

macro_rules! causes {
    ($($(#[$doc:meta])* $name:ident $key:literal $effect:ident,)*) => {
        /// One kind of defect, with the decision taken about it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Cause { $($(#[$doc])* $name,)* }

        impl Cause {
            /// Every cause, in the order of the report.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The stable name; the message key is `import.<key>`.
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }

            /// What is done about it.
            pub fn effect(self) -> Effect {
                match self { $(Self::$name => Effect::$effect,)* }
            }
        }
    };
}

causes! {
    /// The line is not a JSON object of the shape `LayThuTuc`. Nothing in it can be trusted.
    Unreadable "unreadable" SetAside,
    /// MATTHC is missing or not a national code. Without it the dossier belongs to no procedure.
    CodeInvalid "code_invalid" SetAside,
    /// TENTTHC is empty. A receipt must name the procedure.
    NameMissing "name_missing" SetAside,
    /// TRANGTHAI is not 1 (public). An unpublished procedure may not be asked of anybody.
    NotPublic "not_public" SetAside,
    /// No channel is published (or none that is known), so there is no lawful way in.
    ChannelMissing "channel_missing" SetAside,
    /// The code occurs again in the file with different content. Neither is taken: which one is in
    /// force is the publisher's to say.
    CodeConflict "code_conflict" SetAside,
    /// The code occurs again in the file with the same content. The first one stands.
    Repeated "repeated" SetAside,

    /// LINHVUCTHUCHIEN names no field. Taken; the procedure is found by name and code only.
    FieldMissing "field_missing" Noted,
    /// QUYETDINH is empty. Taken; receipts cannot cite the decision.
    DecisionMissing "decision_missing" Noted,
    /// TENCAP is none of the four levels. The level is left out.
    LevelUnknown "level_unknown" Dropped,
    /// No level is left. Taken without: no unit is competent until an administrator says which.
    LevelMissing "level_missing" Noted,
    /// A subject was cut at the comma inside its brackets (`Tổ chức (không bao gồm doanh nghiệp` |
    /// `HTX)`). Put together again where the brackets close.
    AudienceCut "audience_cut" Mended,
    /// No agency is named. Taken; competence follows the level.
    AgenciesMissing "agencies_missing" Noted,
    /// No instrument is named. Taken; a refusal has to cite the law itself.
    LegalBasisMissing "legal_basis_missing" Noted,

    /// KENH is none of 1, 2, 3. The way in is left out.
    ChannelUnknown "channel_unknown" Dropped,
    /// One channel has several entries with the same limit: charges of different subjects. All are
    /// kept in the published order; they are alternatives and are never added up.
    ChannelRepeated "channel_repeated" Noted,
    /// One channel has several limits (regions, subjects, stages). All are kept in the published
    /// order; the first one promises the date and a person has to check which applies.
    LimitsDiffer "limits_differ" Noted,
    /// THOIGIANGIAIQUYET is empty. No date is promised.
    LimitMissing "limit_missing" Noted,
    /// THOIGIANGIAIQUYET is no count (`120,000`, `0`, a half of anything but a working day). No
    /// date is promised; the text is in the note.
    LimitUnreadable "limit_unreadable" AsText,
    /// A charge was glued to the limit (`1100` and a note that begins with `VNĐ`: one … and
    /// 100.000 đồng). No date is promised and no charge is read from it; the text is in the note.
    LimitHoldsCharge "limit_holds_charge" AsText,
    /// A count without DONVITINH. Hours, working days and days are all possible, so no date is
    /// promised; the text is in the note.
    LimitWithoutUnit "limit_without_unit" AsText,
    /// DONVITINH is none of the known units. No date is promised; the text is in the note.
    LimitUnitUnknown "limit_unit_unknown" AsText,
    /// DONVITINH says `Ngày` and the note says the same number of `ngày làm việc`, or the other way
    /// round. Both cannot be true, so no date is promised; the text is in the note.
    LimitUnitDisputed "limit_unit_disputed" AsText,
    /// More than eight hours: hours of work or of the clock is not said. No date is promised.
    LimitHoursUnclear "limit_hours_unclear" AsText,

    /// SOTIEN is no amount in đồng. The charge is kept as text.
    FeeUnreadable "fee_unreadable" AsText,
    /// SOTIEN is under 1.000 đồng (`50 VNĐ`, `100 VNĐ` for 100.000, `145 VNĐ` for 145 USD). No
    /// charge is that small and the true one is not certain. The charge is kept as text.
    FeeTooSmall "fee_too_small" AsText,
    /// SOTIEN and the note beside it do not agree: the note names other amounts (often a reduction
    /// for a time), or SOTIEN is 0 and the note speaks of a charge. The charge is kept as text.
    FeeDisputed "fee_disputed" AsText,
    /// SOTIEN is empty and the note speaks of a charge. The charge is kept as text.
    FeeInText "fee_in_text" AsText,

    /// No component is published. Taken: the law then lets nobody ask for any.
    ComponentsMissing "components_missing" Noted,
    /// A component has no name (empty, or only a dot or a dash). It is left out: nothing can be
    /// asked for that has no name.
    ComponentNameless "component_nameless" Dropped,
    /// The end of a component's name stands in TENMAUDON, together with the form's file name. The
    /// two are joined, with `…` where a word may have been cut: a missing blank is not invented.
    ComponentNameCut "component_name_cut" Mended,
    /// TENGIAYTO is empty and TENMAUDON is not. The form's name serves as the component's.
    ComponentNamedByForm "component_named_by_form" Mended,
    /// A component's name is longer than 1.000 characters: several papers, or prose. Kept.
    ComponentNameLong "component_name_long" Noted,
    /// SOBANCHINH or SOBANSAO is no count of papers (`20261` is the year 2026 and one copy). The
    /// number is left out, the component stays.
    CopiesUnreadable "copies_unreadable" Dropped,
    /// `MA_KQ_THAYTHE` is no result code. It is left out; the paper cannot be replaced.
    ReplacementInvalid "replacement_invalid" Dropped,
    /// A case lists no component. Kept as published.
    CaseEmpty "case_empty" Noted,
    /// One of several cases has no name. Kept as published; the clerk sees its number.
    CaseUnnamed "case_unnamed" Noted,
    /// Two cases have the same name. Kept as published.
    CaseRepeated "case_repeated" Noted,
    /// A case's name is a heading (`Giấy tờ phải nộp`, `Lưu ý`), so its components belong to the
    /// other cases too. Kept as published; somebody has to put them together.
    CaseHeading "case_heading" Noted,

    /// No result is published. Taken; the result is described when it is issued.
    ResultsMissing "results_missing" Noted,
    /// A result has neither name nor code. It is left out.
    ResultNameless "result_nameless" Dropped,
    /// MAKETQUA is no result code (`KQ.G01.00263`, `dsfas`, the old `000.00.00.G15-KQ0187`). The
    /// code is left out, the name stays.
    ResultCodeInvalid "result_code_invalid" Dropped,

    /// Control, formatting or private-use characters stood in a text. They are removed.
    CharactersRemoved "characters_removed" Mended,
    /// HTML tags stood in a text. The tags are removed, their text stays.
    MarkupRemoved "markup_removed" Mended,

    /// The record is empty where the province's own version has a limit, charges, components or
    /// the like. Taken with those parts kept; somebody should compare them.
    KeptCurated "kept_curated" Kept,
}

impl Serialize for Cause {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key())
    }
}

/// A cause met in a record: once per record, however often it occurs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// What is wrong.
    pub cause: Cause,
    /// The first offending value, cut to 120 characters.
    pub value: String,
    /// How many places of the record it concerns.
    pub places: u32,
}

impl Reason {
    /// The cause, with the value that shows it.
    pub fn new(cause: Cause, value: &str) -> Self {
        Self {
            cause,
            value: cut(value),
            places: 1,
        }
    }
}

/// The reasons of one record, each cause once.
#[derive(Debug, Default)]
pub(super) struct Reasons(Vec<Reason>);

impl Reasons {
    pub(super) fn add(&mut self, cause: Cause, value: &str) {
        match self.0.iter_mut().find(|reason| reason.cause == cause) {
            Some(reason) => reason.places = reason.places.saturating_add(1),
            None => self.0.push(Reason::new(cause, value)),
        }
    }

    pub(super) fn set_aside(&self) -> bool {
        self.0
            .iter()
            .any(|reason| reason.cause.effect() == Effect::SetAside)
    }

    pub(super) fn into_sorted(mut self) -> Vec<Reason> {
        self.0.sort_by_key(|reason| reason.cause);
        self.0
    }
}

fn cut(value: &str) -> String {
    let mut out: String = value.chars().take(SHOWN).collect();
    if out.len() < value.len() {
        out.push('…');
    }
    out
}
