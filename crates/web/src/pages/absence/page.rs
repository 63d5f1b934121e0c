//! The page of absences as its template shows it.

use app::absence::{self, AbsenceLine, OpenWork, PostChoice, Stage};
use app::forms::Typed;
use app::words::Language;
use askama::Template;
use domain::ids::{StaffId, UnitId};
use domain::rules::Rule;
use jiff::civil::Date;

use crate::error::FaultLine;
use crate::layout::Frame;
use crate::pages::input::Input;
use crate::words::Words;

/// A delegation on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) from: String,
    /// Who stands in; empty where nobody does.
    pub(crate) to: String,
    pub(crate) post: String,
    pub(crate) days: String,
    pub(crate) signing: bool,
    pub(crate) stage: String,
    pub(crate) runs: bool,
    pub(crate) may_end: bool,
}

/// A dossier to be given to somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lying {
    pub(crate) href: String,
    pub(crate) code: String,
    pub(crate) procedure: String,
    pub(crate) step: String,
    pub(crate) due: String,
}

/// What lies with one person who is away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LyingWith {
    pub(crate) title: String,
    /// Key of the words of each link.
    pub(crate) act: &'static str,
    pub(crate) rows: Vec<Lying>,
}

#[derive(Template)]
#[template(path = "absence/page.html")]
pub(crate) struct AbsencePage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) rows: Vec<Row>,
    pub(crate) open: Vec<LyingWith>,
    pub(crate) inputs: Vec<Input>,
    /// Whether authority to sign was ticked.
    pub(crate) signing: bool,
    /// Ids and titles of the rules of delegation.
    pub(crate) rules: Vec<(&'static str, String)>,
    /// Key of what was done; empty for nothing.
    pub(crate) done: &'static str,
    pub(crate) faults: Vec<FaultLine>,
}

/// The rules that the page links to.
const RULES: [Rule; 6] = [
    Rule::DelegationDated,
    Rule::DelegationOfOwnPost,
    Rule::DelegateFits,
    Rule::DelegatePresent,
    Rule::OneDelegate,
    Rule::SigningStated,
];

impl AbsencePage {
    /// `unit_name` gives the name of a unit.
    pub(crate) fn new(
        frame: Frame,
        found: &absence::AbsencePage,
        (typed, faults): (&Typed, Vec<FaultLine>),
        unit_name: impl Fn(&UnitId) -> String,
    ) -> Self {
        let w = frame.w;
        let inputs = inputs(w, found, &unit_name);
        let rows = found.lines.iter().map(|line| row(w, line, &unit_name));
        Self {
            rows: rows.collect(),
            open: found.open.iter().map(|of| lying(w, of)).collect(),
            inputs: inputs.map(|input| input.filled(typed, &faults)).into(),
            signing: !typed.get("signing").is_empty(),
            rules: RULES
                .map(|rule| (rule.id(), w.of("rule", rule.id())))
                .into(),
            done: "",
            frame,
            w,
            faults,
        }
    }

    /// What is wrong with the tick of signing; empty when nothing is.
    pub(crate) fn signing_fault(&self) -> &str {
        let fault = self.faults.iter().find(|fault| fault.field == "signing");
        fault.map_or("", |fault| &fault.message)
    }
}

/// The fields of a new delegation but the tick.
fn inputs(
    w: Words,
    found: &absence::AbsencePage,
    unit_name: &impl Fn(&UnitId) -> String,
) -> [Input; 4] {
    let blank = || std::iter::once((String::new(), w.t("absence.choose").to_owned()));
    let post = |choice: &PostChoice| {
        let role = w.of("role", choice.role.as_str());
        let unit = unit_name(&choice.unit);
        let values = [
            ("name", choice.name.as_str()),
            ("role", role.as_str()),
            ("unit", unit.as_str()),
        ];
        (choice.value(), w.fills("absence.choice", &values))
    };
    let posts = blank().chain(found.posts.iter().map(post)).collect();
    let person = |(id, name): &(StaffId, String)| {
        let last = away(found, id).map(|last| w.short_date(last));
        let said = match &last {
            Some(last) => w.fills("absence.to_away", &[("name", name), ("last", last)]),
            None => name.clone(),
        };
        (id.to_string(), said)
    };
    let nobody = ("-".to_owned(), w.t("absence.nobody_option").to_owned());
    let delegates = found.delegates.iter().map(person);
    let delegates = blank().chain([nobody]).chain(delegates).collect();
    let mut first = Input::text("first", "absence.first");
    let values = [
        ("today", w.date(found.today)),
        ("most", found.most_days.to_string()),
    ];
    let values = values
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    first.hint = w.fills("absence.day_hint", &values);
    first.class = "govuk-input--width-10";
    first.value = w.date(found.today);
    let mut last = Input::text("last", "absence.last");
    last.class = "govuk-input--width-10";
    let mut post = Input::choice("post", "absence.whose", posts);
    if let [_, (own, _), ..] = &post.options[..] {
        // Nearly everybody hands over the own post.
        post.value.clone_from(own);
    }
    [
        post,
        Input::choice("to", "absence.to", delegates),
        first,
        last,
    ]
}

/// Until when the person is away today, as far as the list knows.
fn away(found: &absence::AbsencePage, who: &StaffId) -> Option<Date> {
    let running = found.lines.iter().filter(|line| line.stage == Stage::Runs);
    let mut hers = running.map(|line| &line.given.delegation);
    hers.find(|one| one.from == *who).map(|one| one.last)
}

fn lying(w: Words, of: &OpenWork) -> LyingWith {
    let (last, n) = (w.short_date(of.last), of.rows.len().to_string());
    let values = [("name", of.name.as_str()), ("last", &last), ("n", &n)];
    let (path, act) = if of.may_assign {
        ("/assign", "absence.open_assign")
    } else {
        ("", "absence.open_see")
    };
    let row = of.rows.iter().map(|row| {
        let english = w.0 == Language::En && !row.step_name_en.is_empty();
        let step = if english {
            &row.step_name_en
        } else {
            &row.step_name
        };
        Lying {
            href: format!("/ho-so/{}{path}", row.dossier),
            code: row.code.clone().unwrap_or_default(),
            procedure: row.procedure_name.clone(),
            step: step.clone(),
            due: row
                .due()
                .map_or_else(|| "–".to_owned(), |due| w.moment(&due)),
        }
    });
    LyingWith {
        title: w.fills("absence.open_of", &values),
        act,
        rows: row.collect(),
    }
}

fn row(w: Words, line: &AbsenceLine, unit_name: &impl Fn(&UnitId) -> String) -> Row {
    let given = &line.given;
    let one = &given.delegation;
    let role = w.of("role", one.role.as_str());
    let unit = unit_name(&one.unit);
    let days = [("first", w.date(one.first)), ("last", w.date(one.last))];
    let days = days.each_ref().map(|(name, day)| (*name, day.as_str()));
    Row {
        id: given.id.to_string(),
        from: given.from_name.clone(),
        to: given.to_name.clone(),
        post: w.fills("absence.post_at", &[("role", &role), ("unit", &unit)]),
        days: w.fills("absence.span", &days),
        signing: one.signing,
        stage: w.of("absence.stage", line.stage.as_str()),
        runs: line.stage == Stage::Runs,
        may_end: line.may_end,
    }
}
