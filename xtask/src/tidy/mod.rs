//! `cargo xtask tidy`: rules of this code base that no compiler knows, each with a test that
//! shows it failing.

mod arrows;
mod docs;
mod frozen;
mod items;
mod laws;
mod manifest;
mod migrations;
pub(crate) mod moves;
mod places;
mod scorecard;
mod sizes;
mod source;
pub(crate) mod tree;
mod words;

use std::fs;

use anyhow::{Context, Result, bail};

use crate::shell::{root, say};
use tree::Tree;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Writes down today's migrations as released: from then on they may not change.
    #[arg(long)]
    release_migrations: bool,
}

/// One rule: what is counted, and where it is broken.
struct Check {
    point: &'static str,
    faults: fn(&Tree) -> Vec<String>,
}

const CHECKS: [Check; 25] = [
    Check {
        point: "arrows between crates broken",
        faults: arrows::check,
    },
    Check {
        point: "SQL outside `store`",
        faults: places::sql,
    },
    Check {
        point: "HTTP statuses outside `web`",
        faults: places::statuses,
    },
    Check {
        point: "vendors named outside `gateways`",
        faults: places::vendors,
    },
    Check {
        point: "migrations unpaired or changed",
        faults: migrations::check,
    },
    Check {
        point: "third-party crates without a reason",
        faults: manifest::reasons,
    },
    Check {
        point: "registry hosts in lock files",
        faults: manifest::hosts,
    },
    Check {
        point: "files over 400 lines",
        faults: sizes::files,
    },
    Check {
        point: "functions too long or with too many parameters",
        faults: sizes::functions,
    },
    Check {
        point: "`allow`",
        faults: sizes::allows,
    },
    Check {
        point: "`unwrap` outside tests",
        faults: sizes::unwraps,
    },
    Check {
        point: "names that say nothing",
        faults: sizes::names,
    },
    Check {
        point: "public items undocumented",
        faults: scorecard::documented,
    },
    Check {
        point: "messages incomplete",
        faults: words::catalogue,
    },
    Check {
        point: "messages missing",
        faults: words::keys,
    },
    Check {
        point: "glossary terms unknown",
        faults: words::glossary,
    },
    Check {
        point: "events without a sample",
        faults: laws::events,
    },
    Check {
        point: "rules without words or tests",
        faults: laws::rules,
    },
    Check {
        point: "commands without a matrix row",
        faults: laws::matrix,
    },
    Check {
        point: "moves without a rule or a test",
        faults: moves::check,
    },
    Check {
        point: "paths in documents that lead nowhere",
        faults: docs::paths,
    },
    Check {
        point: "inline styles, scripts, unescaped text",
        faults: docs::pages,
    },
    Check {
        point: "templates that nothing uses",
        faults: docs::unused_templates,
    },
    Check {
        point: "notes to oneself",
        faults: docs::leftovers,
    },
    Check {
        point: "foreign matter in the core",
        faults: places::core,
    },
];

/// The documents themselves are not counted, only missed.
const PRESENT: Check = Check {
    point: "documents missing",
    faults: docs::present,
};

pub(crate) fn run(options: &Options) -> Result<()> {
    let tree = Tree::read(root())?;
    if options.release_migrations {
        fs::write(
            root().join(migrations::RELEASED),
            migrations::released(&tree),
        )
        .context("cannot write the released migrations")?;
    }
    scorecard::print(&tree, &CHECKS);
    let frozen = frozen::compare(root())?;
    say(format!("\n{}", frozen.said));
    verdict(&tree, &frozen.faults)
}

/// The checks and the scorecard, as a part of the tests.
pub(crate) fn check() -> Result<()> {
    run(&Options {
        release_migrations: false,
    })
}

fn verdict(tree: &Tree, frozen: &[String]) -> Result<()> {
    let mut count = listed("released samples changed", frozen);
    for check in CHECKS.iter().chain([&PRESENT]) {
        count += listed(check.point, &(check.faults)(tree));
    }
    if count == 0 {
        Ok(())
    } else {
        bail!("{count} things to tidy")
    }
}

/// Lists what is wrong; says how much that is.
fn listed(point: &str, faults: &[String]) -> usize {
    if !faults.is_empty() {
        say(format!("\n{point}:"));
    }
    for fault in faults {
        say(format!("  {fault}"));
    }
    faults.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_untidy_tree_is_an_error() {
        assert!(verdict(&Tree::of(&[]), &[]).is_err());
    }
}
