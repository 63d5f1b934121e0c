//! The permission matrix, role by command by state, as a golden file: a new right is a diff.

use std::fmt::Write as _;

use app::access::{Actor, Resource, may_act, may_file, may_see};
use app::catalogue::{processes, starter};
use app::no::Denied;
use domain::dossier::{CommandKind, StateKind};
use domain::ids::UnitId;
use domain::office::Role;
use domain::process::{Place, Process};

use crate::support::{actor, golden};

const GOLDEN: &str = "tests/it/golden/permissions.txt";

fn unit(id: &str) -> UnitId {
    UnitId::parse(id).unwrap()
}

/// Every stage that permissions tell apart: a state, and the step it is at.
fn stages(process: &Process) -> Vec<(String, Resource)> {
    let (receiving, competent) = (unit("H56.101"), unit("H56.02"));
    let resource = |step: Option<usize>| Resource {
        with_agent: None,
        receiving: receiving.clone(),
        competent: competent.clone(),
        holder: None,
        // As long as the law lets tasks go on, one is the other agency's.
        tasks: step
            .filter(|index| index.saturating_add(1) < process.steps.len())
            .map(|_| unit("H56.03"))
            .into_iter()
            .collect(),
        step: step.map(|index| {
            let step = &process.steps[index];
            let place = if step.place == Place::Centre {
                &receiving
            } else {
                &competent
            };
            (step.role, place.clone())
        }),
    };
    let last = process.steps.len() - 1;
    let mut stages = Vec::new();
    for state in StateKind::ALL
        .into_iter()
        .filter(|state| *state != StateKind::Absent)
    {
        let name = state.as_str();
        match state {
            StateKind::Received => stages.push((name.to_owned(), resource(Some(0)))),
            StateKind::Settled => stages.push((name.to_owned(), resource(Some(last)))),
            StateKind::Processing | StateKind::Paused | StateKind::Obliged => {
                for (index, step) in process.steps.iter().enumerate().take(last).skip(1) {
                    let stage = format!("{name}, {}", step.name_en.to_lowercase());
                    stages.push((stage, resource(Some(index))));
                }
            }
            _ => stages.push((name.to_owned(), resource(None))),
        }
    }
    stages
}

fn row(who: &Actor, resource: &Resource) -> String {
    if may_see(who, resource).is_err() {
        for command in CommandKind::ALL {
            assert_eq!(may_act(who, command, resource), Err(Denied::Unseen));
        }
        return "nothing, and is not told that it exists".to_owned();
    }
    let may = |command: &CommandKind| may_act(who, *command, resource).is_ok();
    let commands: Vec<&str> = CommandKind::ALL
        .iter()
        .filter(|c| may(c))
        .map(|c| c.as_str())
        .collect();
    if commands.is_empty() {
        "see".to_owned()
    } else {
        commands.join(" ")
    }
}

#[test]
fn the_permission_matrix_is_as_agreed() {
    let process = processes::default_process(&starter::procedures()[0]);
    let mut text = String::from("# Who may give which command, by state. Written by a test.\n");
    text.push_str(
        "# at receiving: a post at the centre that received; at competent: at the agency\n",
    );
    text.push_str(
        "# that decides; asked: at an agency with a task in it; elsewhere: at another unit.\n",
    );
    text.push_str("\nabsent (filing)\n");
    for role in Role::ALL {
        let who = actor(role, &unit("H56.101"));
        let commands = [
            CommandKind::Submit,
            CommandKind::Receive,
            CommandKind::AskSupplement,
            CommandKind::Decline,
        ];
        let may = |c: &&CommandKind| may_file(&who, **c, &unit("H56.101")).is_ok();
        let commands: Vec<&str> = commands.iter().filter(may).map(|c| c.as_str()).collect();
        writeln!(text, "  {:<20} {}", role.as_str(), commands.join(" ")).unwrap();
    }
    for (stage, resource) in stages(&process) {
        writeln!(text, "\n{stage}").unwrap();
        let places = [
            ("receiving", "H56.101"),
            ("competent", "H56.02"),
            ("asked", "H56.03"),
            ("elsewhere", "H56.102"),
        ];
        for role in Role::ALL {
            for (place, at) in places {
                let may = row(&actor(role, &unit(at)), &resource);
                writeln!(text, "  {:<20} at {place:<10} {may}", role.as_str()).unwrap();
            }
        }
    }
    text.push_str("\nnobody: given by the program, or in the write of another command\n");
    let given = |command: &CommandKind| {
        let name = command.as_str();
        text.split_whitespace().any(|word| word == name)
    };
    let alone: Vec<&str> = CommandKind::ALL
        .iter()
        .filter(|command| !given(command))
        .map(|command| command.as_str())
        .collect();
    writeln!(text, "  {}", alone.join(" ")).unwrap();
    golden(GOLDEN, &text);
}
