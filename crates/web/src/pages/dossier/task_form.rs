//! The forms of tasks of other agencies: whom to ask for what, the answer, taking a task back.

use app::forms::Typed;
use app::no::Fault;
use app::processing::{DossierPage, Order};
use app::tasks::{AskedAgency, TaskWork};
use app::words;
use domain::dossier::{CommandKind, Task, TaskKind, TaskOrder};

use crate::extract::Posted;
use crate::pages::intake::field::{Choice, Field, Fields, choices};

use super::form::{Part, Ticks, choose, text};
use super::view::Fact;

/// Agencies to be asked, and those that can be.
#[derive(Debug, Clone)]
pub(crate) struct Agencies {
    /// One for each row.
    pub(crate) rows: Vec<AgencyRow>,
    /// Rows that nobody has typed in stand folded from here on.
    pub(crate) folded: Vec<AgencyRow>,
    /// Whether the folded rows stand open.
    pub(crate) open: bool,
    /// `H56.03 · Sở Tư pháp`, each.
    pub(crate) list: Vec<String>,
    /// The agency in the lead.
    pub(crate) lead: Field,
}

/// One agency to be asked.
#[derive(Debug, Clone)]
pub(crate) struct AgencyRow {
    /// What names it.
    pub(crate) legend: String,
    /// Which.
    pub(crate) agency: Field,
    /// For what, within which time.
    pub(crate) terms: Vec<Field>,
    /// What exactly.
    pub(crate) content: Field,
}

/// Names of the fields of a row.
struct Names {
    agency: &'static str,
    kind: &'static str,
    days: &'static str,
    unit: &'static str,
    content: &'static str,
}

macro_rules! rows {
    ($($n:literal)+) => {
        [$(Names {
            agency: concat!("agency", $n),
            kind: concat!("kind", $n),
            days: concat!("days", $n),
            unit: concat!("unit", $n),
            content: concat!("content", $n),
        },)+]
    };
}

const ROWS: [Names; 4] = rows!(1 2 3 4);
/// Rows that stand open.
const SHOWN: usize = 2;

const KINDS: [(&str, &str); 2] = [("opinion", "task.kind.opinion"), ("work", "task.kind.work")];
const UNITS: [(&str, &str); 2] = [
    ("working", "task.days.working"),
    ("calendar", "task.days.calendar"),
];

/// The order that a form gives, or what could not be understood.
pub(super) fn order(command: CommandKind, posted: &Posted) -> Result<Order, Vec<Fault>> {
    let typed = &posted.typed;
    let work = match command {
        CommandKind::SendTasks => sending(typed),
        CommandKind::AcceptTask => TaskWork::Accept { task: task(typed)? },
        CommandKind::AnswerTask => TaskWork::Answer {
            task: task(typed)?,
            text: typed.get("text").to_owned(),
            agrees: match typed.get("agrees") {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
            document: posted.file("document").to_vec(),
        },
        CommandKind::AcknowledgeAnswer => TaskWork::Acknowledge { task: task(typed)? },
        CommandKind::RecallTask => TaskWork::Recall {
            task: task(typed)?,
            reason: typed.get("reason").to_owned(),
        },
        _ => return Err(vec![Fault::new("command", "fault.command")]),
    };
    Ok(Order::Task(work))
}

fn task(typed: &Typed) -> Result<u16, Vec<Fault>> {
    let unknown = |_| vec![Fault::new("task", "fault.choice")];
    typed.get("task").parse().map_err(unknown)
}

fn sending(typed: &Typed) -> TaskWork {
    let row = |names: &Names| AskedAgency {
        agency: typed.get(names.agency).to_owned(),
        kind: match typed.get(names.kind) {
            "work" => TaskKind::Work,
            _ => TaskKind::Opinion,
        },
        content: typed.get(names.content).to_owned(),
        days: typed.get(names.days).to_owned(),
        calendar: typed.get(names.unit) == "calendar",
    };
    TaskWork::Send {
        asked: ROWS.iter().map(row).collect(),
        order: match typed.get("order") {
            "in_order" => TaskOrder::InOrder,
            _ => TaskOrder::Together,
        },
        lead: typed.get("lead").to_owned(),
    }
}

/// What the form of a command asks; `list` are the agencies that can be asked.
pub(super) fn parts(
    fields: &Fields<'_>,
    page: &DossierPage,
    (command, list): (CommandKind, &[String]),
) -> Vec<Part> {
    match command {
        CommandKind::SendTasks => send(fields, page, list),
        CommandKind::AnswerTask => about(fields, page, |task| answer(fields, task)),
        CommandKind::RecallTask => about(fields, page, |_| {
            vec![text(fields, ("reason", "act.recall_reason", "3"))]
        }),
        _ => Vec::new(),
    }
}

fn send(fields: &Fields<'_>, page: &DossierPage, list: &[String]) -> Vec<Part> {
    let w = fields.w;
    let orders = [
        ("together", "act.tasks_together"),
        ("in_order", "act.tasks_in_order"),
    ];
    let mut rows: Vec<AgencyRow> = (1_usize..)
        .zip(&ROWS)
        .map(|(number, names)| row(fields, number, names))
        .collect();
    let folded = rows.split_off(SHOWN);
    let agencies = Agencies {
        open: folded.iter().any(AgencyRow::is_used),
        rows,
        folded,
        list: list.to_vec(),
        lead: Field {
            optional: true,
            ..fields.text("lead", "act.tasks_lead")
        },
    };
    let terms = page.procedure.consultation.as_ref();
    let limit = terms.and_then(|terms| terms.limit);
    let limit = limit
        .map(|limit| words::limit(w.0, limit))
        .unwrap_or_default();
    let silence = terms.is_some_and(|terms| terms.silence_is_consent);
    let facts = [
        Fact::of(w, "task.limit_of_procedure", limit),
        Fact::of(
            w,
            "task.silence",
            if silence { w.t("task.consents") } else { "" },
        ),
        Fact::of(
            w,
            "task.basis",
            terms.map_or("", |terms| terms.basis.as_str()),
        ),
    ];
    let facts: Vec<Fact> = facts.into_iter().flatten().collect();
    let terms = (!facts.is_empty()).then_some(Part::Compare(facts));
    terms
        .into_iter()
        .chain([
            Part::Agencies(agencies),
            choose(fields, ("order", "act.tasks_order"), &orders),
        ])
        .collect()
}

fn row(fields: &Fields<'_>, number: usize, names: &Names) -> AgencyRow {
    let chosen = |name, key, offered: &[(&str, &str)]| {
        let mut field = Field {
            options: choices(fields.w, fields.typed.get(name), offered),
            ..fields.text(name, key)
        };
        field.show_choice();
        field
    };
    let days = Field {
        mode: "numeric",
        ..fields.text(names.days, "task.days")
    };
    AgencyRow {
        legend: fields.w.fill("act.tasks_agency", "n", number),
        agency: fields.text(names.agency, "task.agency"),
        terms: vec![
            chosen(names.kind, "task.kind", &KINDS),
            days,
            chosen(names.unit, "task.days_unit", &UNITS),
        ],
        content: fields.text(names.content, "task.content"),
    }
}

impl AgencyRow {
    /// Whether something was typed in it, or is wrong with it.
    pub(super) fn is_used(&self) -> bool {
        let fields = [&self.agency, &self.content];
        let used = |field: &&Field| !field.value.is_empty() || !field.error.is_empty();
        fields.iter().any(used)
    }
}

/// A form about one task: its number goes with it, and what it says stands above.
fn about(
    fields: &Fields<'_>,
    page: &DossierPage,
    more: impl FnOnce(&Task) -> Vec<Part>,
) -> Vec<Part> {
    let w = fields.w;
    let number = fields.typed.get("task");
    let tasks = page.tasks.iter().map(|view| &view.task);
    let found = tasks
        .into_iter()
        .find(|task| task.sent.number.to_string() == number);
    let Some(task) = found else {
        return vec![Part::Note(w.t("task.unknown").to_owned())];
    };
    let due = task.sent.due.map(|due| w.promise(&due));
    let facts = [
        Fact::of(w, "task.content", page.said(&task.sent.content)),
        Fact::of(w, "task.due", due.unwrap_or_default()),
    ];
    let about = [
        Part::Task(number.to_owned()),
        Part::Compare(facts.into_iter().flatten().collect()),
    ];
    about.into_iter().chain(more(task)).collect()
}

/// Says yes or no, where an opinion is asked for; nothing is chosen beforehand.
fn answer(fields: &Fields<'_>, task: &Task) -> Vec<Part> {
    let w = fields.w;
    let typed = fields.typed.get("agrees");
    let choice = |(value, key): (&str, &str)| Choice {
        value: value.to_owned(),
        label: w.t(key).to_owned(),
        on: typed == value,
    };
    let agrees = Part::Choose(Ticks {
        legend: w.t("act.agrees").to_owned(),
        name: "agrees",
        own_names: false,
        choices: [("yes", "task.agrees"), ("no", "task.disagrees")]
            .map(choice)
            .to_vec(),
    });
    let opinion = (task.sent.kind == TaskKind::Opinion).then_some(agrees);
    opinion
        .into_iter()
        .chain([
            text(fields, ("text", "act.answer_text", "6")),
            Part::Pdf(fields.text("document", "act.answer_document")),
        ])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_in_their_order_with_usual_terms() {
        let mut typed = Typed::default();
        for (name, value) in [
            ("agency2", "Sở Xây dựng"),
            ("kind2", "work"),
            ("days2", "15"),
            ("unit2", "calendar"),
            ("order", "in_order"),
        ] {
            typed.set(name, value);
        }
        let TaskWork::Send { asked, order, .. } = sending(&typed) else {
            panic!("it sends");
        };
        assert_eq!(order, TaskOrder::InOrder);
        assert_eq!(asked.len(), ROWS.len());
        assert_eq!(
            (asked[0].kind, asked[0].calendar),
            (TaskKind::Opinion, false)
        );
        assert_eq!((asked[1].kind, asked[1].calendar), (TaskKind::Work, true));
        assert_eq!(task(&typed).unwrap_err()[0].key, "fault.choice");
    }
}
