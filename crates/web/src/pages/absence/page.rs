//! The page of absences as its template shows it.

use app::absence::{self, AbsenceLine, PostChoice, Stage};
use app::forms::Typed;
use askama::Template;
use domain::ids::UnitId;
use domain::rules::Rule;

use crate::error::FaultLine;
use crate::layout::Frame;
use crate::pages::input::Input;
use crate::words::Words;

/// A delegation on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) post: String,
    pub(crate) days: String,
    pub(crate) signing: bool,
    pub(crate) stage: String,
    pub(crate) runs: bool,
    pub(crate) may_end: bool,
}

#[derive(Template)]
#[template(path = "absence/page.html")]
pub(crate) struct AbsencePage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) rows: Vec<Row>,
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
    let person = |(id, name): &(domain::ids::StaffId, String)| (id.to_string(), name.clone());
    let delegates = blank().chain(found.delegates.iter().map(person)).collect();
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
