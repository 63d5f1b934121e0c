//! `cargo xtask`: the commands of a developer. The operator's commands are `motcua --help`.

mod assets;
mod bench;
mod demo;
mod fuzz;
mod golden;
mod moves;
mod shell;
mod soak;
mod test;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Demo, tests and checks of Một Cửa.")]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Builds and starts the demonstration province, and prints its address and accounts.
    Demo(demo::Options),
    /// Installs what the tests need, then runs everything on both engines and in the browser.
    Test(test::Options),
    /// Checks what the compiler cannot: arrows, places, sizes, words, maps.
    Tidy(tidy::Options),
    /// Measures a release server under load, beside pgbench, on both engines.
    Bench(bench::Options),
    /// Lives through a month of one ward at its real size, on both engines, and prints its time.
    Soak(soak::Options),
    /// Feeds the parsers of what comes from outside with mutated documents.
    Fuzz(fuzz::Options),
    /// Rewrites the golden files; read the difference before committing it.
    Golden,
    /// Writes the table of moves, rules and tests.
    Moves,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Task::Demo(options) => demo::run(&options),
        Task::Test(options) => test::run(&options),
        Task::Tidy(options) => tidy::run(&options),
        Task::Bench(options) => bench::run(&options),
        Task::Soak(options) => soak::run(&options),
        Task::Fuzz(options) => fuzz::run_targets(&options),
        Task::Golden => golden::run(),
        Task::Moves => moves::run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
