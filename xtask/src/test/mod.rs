//! `cargo xtask test`: everything, on both engines and in the browser, with its counts at the end.

mod counts;
pub(crate) mod needs;
pub(crate) mod postgres;

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::shell::{cargo, heading, program, run as finish, say, target_folder, watch};
use crate::{assets, tidy};
use counts::Counts;
use postgres::Cluster;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Runs these parts alone.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
}

/// The parts in the order in which they run: cheapest first.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// rustfmt changes nothing.
    Format,
    /// The rules of `cargo xtask tidy`.
    Tidy,
    /// The scripts of the pages: types and tests.
    Scripts,
    /// clippy says nothing.
    Clippy,
    /// Every Rust test, on SQLite and PostgreSQL.
    Rust,
    /// The journeys in the browser.
    Browser,
}

impl Options {
    fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }
}

/// Runs the parts asked for. Checks stop at the first failure, test families run to their end.
pub(crate) fn run(options: &Options) -> Result<()> {
    check_sources(options)?;
    let families = run_families(options)?;
    heading("counts");
    report(&families)
}

fn check_sources(options: &Options) -> Result<()> {
    if options.wants(Part::Format) {
        heading("format");
        finish(cargo().args(["fmt", "--all", "--check"]))?;
    }
    if options.wants(Part::Tidy) {
        heading("tidy");
        tidy::check()?;
    }
    if options.wants(Part::Rust) || options.wants(Part::Browser) {
        needs::install_or_name()?;
        needs::install_python()?;
        needs::install_object_server()?;
    }
    if options.only != [Part::Format] && options.only != [Part::Tidy] {
        assets::build()?;
    }
    if options.wants(Part::Clippy) {
        heading("clippy");
        let everything = ["clippy", "--workspace", "--all-targets", "--locked"];
        finish(cargo().args(everything).args(["--", "-D", "warnings"]))?;
    }
    Ok(())
}

fn run_families(options: &Options) -> Result<Vec<Family>> {
    let mut families = Vec::new();
    if options.wants(Part::Scripts) {
        heading("scripts");
        assets::check()?;
        families.push(Family::of_node(
            "scripts",
            program("npm", assets::folder()).arg("test"),
        )?);
    }
    if options.wants(Part::Rust) {
        families.push(rust()?);
    }
    if options.wants(Part::Browser) {
        families.push(browser()?);
    }
    Ok(families)
}

fn rust() -> Result<Family> {
    heading("rust, on SQLite and PostgreSQL");
    let cluster = Cluster::start()?;
    let mut counts = Counts::default();
    let mut tests = cargo();
    tests.args(["test", "--workspace", "--locked", "--no-fail-fast"]);
    tests.env("MOTCUA_TEST_POSTGRES", cluster.address());
    let fine = watch(&mut tests, |line| counts.see_cargo(line))?;
    Ok(Family {
        name: "rust",
        counts,
        fine,
    })
}

fn browser() -> Result<Family> {
    heading("browser");
    assets::install("e2e")?;
    // The choice of packages that the Rust tests make, so that nothing is built a second time.
    finish(cargo().args(["build", "--workspace", "--all-targets", "--locked"]))?;
    let mut journeys = program("node", "e2e");
    journeys.arg("--test");
    journeys.env("CHROMIUM", needs::chromium()?);
    journeys.env("MOTCUA_BIN", target_folder()?.join("debug/motcua"));
    Family::of_node("browser", &mut journeys)
}

/// Tests that are counted together.
struct Family {
    name: &'static str,
    counts: Counts,
    fine: bool,
}

impl Family {
    fn of_node(name: &'static str, command: &mut std::process::Command) -> Result<Self> {
        let mut counts = Counts::default();
        let fine = watch(command, |line| counts.see_node(line))?;
        Ok(Self { name, counts, fine })
    }

    /// A family that ran nothing proves nothing.
    fn trouble(&self) -> Option<String> {
        if !self.fine || self.counts.failed > 0 {
            Some(format!("{}: tests failed", self.name))
        } else if self.counts.passed == 0 {
            Some(format!("{}: no test ran", self.name))
        } else {
            None
        }
    }
}

fn report(families: &[Family]) -> Result<()> {
    say("");
    summary(families).iter().for_each(say);
    let troubles: Vec<_> = families.iter().filter_map(Family::trouble).collect();
    if troubles.is_empty() {
        Ok(())
    } else {
        bail!("{}", troubles.join("; "))
    }
}

/// A line for each family, and the total alone on the last.
fn summary(families: &[Family]) -> Vec<String> {
    let mut total = Counts::default();
    let mut lines = Vec::new();
    for family in families {
        total.add(&family.counts);
        lines.push(format!("{}: {}", family.name, family.counts));
    }
    if !lines.is_empty() {
        lines.push(total.to_string());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn family(passed: u32, failed: u32, fine: bool) -> Family {
        Family {
            name: "rust",
            counts: Counts {
                passed,
                failed,
                skipped: 0,
            },
            fine,
        }
    }

    #[test]
    fn only_a_family_that_ran_and_passed_is_no_trouble() {
        assert_eq!(family(3, 0, true).trouble(), None);
        assert!(
            family(0, 0, true)
                .trouble()
                .unwrap()
                .contains("no test ran")
        );
        assert!(family(3, 1, true).trouble().is_some());
        assert!(family(3, 0, false).trouble().is_some());
    }

    #[test]
    fn the_total_stands_alone_on_the_last_line() {
        let lines = summary(&[family(3, 0, true), family(4, 1, false)]);
        assert_eq!(
            lines,
            [
                "rust: 3 passed, 0 failed",
                "rust: 4 passed, 1 failed",
                "7 passed, 1 failed"
            ]
        );
        assert!(summary(&[]).is_empty());
    }

    #[test]
    fn without_a_choice_every_part_runs() {
        assert!(Options { only: Vec::new() }.wants(Part::Browser));
        assert!(
            !Options {
                only: vec![Part::Rust]
            }
            .wants(Part::Browser)
        );
    }
}
