//! The steps of a dossier's process, with their clocks.

use app::access::Actor;
use app::processing::DossierPage;
use app::words;
use domain::deadline::Tally;
use domain::dossier::Dossier;
use domain::process::Step;

use crate::words::Words;

/// A step of the process.
#[derive(Debug, Clone)]
pub(crate) struct StepView {
    pub(crate) class: &'static str,
    pub(crate) now: bool,
    pub(crate) name: String,
    pub(crate) detail: String,
    /// Class of the meter; empty without one.
    pub(crate) part: String,
}

/// A step's name in the reader's language; empty behind the last.
pub(super) fn step_name(w: Words, page: &DossierPage, index: usize) -> String {
    page.process
        .step(index)
        .map(|step| named(w, step))
        .unwrap_or_default()
}

fn named(w: Words, step: &Step) -> String {
    match w.0 {
        words::Language::Vi => step.name.clone(),
        words::Language::En => step.name_en.clone(),
    }
}

/// The steps as `actor` reads them.
pub(super) fn steps(w: Words, actor: &Actor, page: &DossierPage) -> Vec<StepView> {
    let at = page.dossier.at_step().map(|at| at.index);
    let ended = matches!(page.dossier, Dossier::Returned(..));
    let step = |(index, step): (usize, &Step)| {
        let now = at == Some(index);
        let done = ended || at.is_some_and(|at| index < at);
        let used = page.used.get(index).copied().flatten();
        let minutes = used.filter(|_| now || done);
        StepView {
            class: if now {
                "is-now"
            } else if done {
                "is-done"
            } else {
                ""
            },
            now,
            name: if now {
                holder(w, actor, page, step)
            } else {
                named(w, step)
            },
            detail: detail(w, step, minutes),
            part: minutes
                .map(|used| part(used, step.minutes))
                .unwrap_or_default(),
        }
    };
    page.process.steps.iter().enumerate().map(step).collect()
}

/// The step under way says in whose hands it is.
fn holder(w: Words, actor: &Actor, page: &DossierPage, step: &Step) -> String {
    let name = named(w, step);
    let holder = page.dossier.at_step().and_then(|at| at.holder.as_ref());
    match holder {
        Some(holder) if *holder == actor.staff => w.fill("dossier.step_you", "name", name),
        Some(_) => w.fills(
            "dossier.step_who",
            &[("name", &name), ("who", &page.holder)],
        ),
        None => name,
    }
}

fn detail(w: Words, step: &Step, used: Option<u32>) -> String {
    let of = words::tally(w.0, Tally::Minutes(step.minutes));
    match used {
        None => of,
        Some(used) => w.fills("dossier.step_used", &[("used", &hours(used)), ("of", &of)]),
    }
}

fn hours(minutes: u32) -> String {
    if minutes.is_multiple_of(60) {
        (minutes / 60).to_string()
    } else {
        format!("{}:{:02}", minutes / 60, minutes % 60)
    }
}

/// The class of a meter that is `used` of `whole` full, in fives of a hundred.
fn part(used: u32, whole: u32) -> String {
    let percent = used
        .saturating_mul(100)
        .checked_div(whole)
        .unwrap_or(0)
        .min(100);
    format!("part-{}", percent / 5 * 5)
}
