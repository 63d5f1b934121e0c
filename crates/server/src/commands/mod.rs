//! The operator's command line.

mod accounts;
mod catalogue;
mod certificates;
mod data;
mod due;
mod files;
mod handing;
mod keys;
mod outbox;
mod repin;
mod rules;
mod seed;
mod serve;
mod settings;
mod simulate;
mod units;
mod verify;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::DatabaseArgs;

/// Một Cửa: the information system of a province for settling administrative procedures.
#[derive(Debug, Parser)]
#[command(name = "motcua", version, about, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Prepare the database, or bring it to this version.
    Migrate,
    /// Make a master key for personal data.
    NewKey {
        /// The file to make.
        file: std::path::PathBuf,
    },
    /// Change master keys: add one, put everything under it, take the others out of the key file.
    Keys(keys::KeysArgs),
    /// Remove stored files under the retention rules; a record of each stays.
    Files(files::FilesArgs),
    /// Serve the pages and the REST interface, and work off the outbox.
    Serve(serve::ServeArgs),
    /// Prepare, fill and serve a demonstration province; a second start keeps its data.
    Demo(serve::DemoArgs),
    /// Read units, procedures, approved processes or a calendar.
    Import(catalogue::ImportArgs),
    /// Set the opening hours or a parameter of a rule, from a day on.
    Set(settings::SetArgs),
    /// List the opening hours and parameters that were set, by the day they begin.
    Settings,
    /// End a unit and name who takes its work over.
    Units(units::UnitsArgs),
    /// Say what a move of running dossiers to other versions would change; moves nothing.
    Repin(repin::RepinArgs),
    /// Say what the signatures of a PDF, or of every issued result, are worth.
    Verify(verify::VerifyArgs),
    /// Say when a result is due, and why.
    Due(due::DueArgs),
    /// Replay the log, compare every derived table, verify the hash chains, read every stored file.
    Check(data::CheckArgs),
    /// Make every derived table anew from the log, after a check has named differences in them.
    Rebuild,
    /// List who did or read what of a dossier, a person's record or an account.
    Audit {
        /// Its identifier.
        subject: String,
    },
    /// Copy the database (SQLite) to a new file while it is in use.
    Backup {
        /// The file to make.
        file: std::path::PathBuf,
    },
    /// Make the database (SQLite) from a backup; it must not exist.
    Restore {
        /// The backup.
        file: std::path::PathBuf,
    },
    /// Enrol a member of staff with an account and posts; the first line of the standard input is
    /// the first password.
    Enrol(accounts::EnrolArgs),
    /// List the certificates of signers and agencies, what is missing, or register one.
    Certificates(certificates::CertificatesArgs),
    /// List the messages that were put aside after failing too often.
    Outbox(outbox::OutboxArgs),
    /// Show the one-time code of an account now; needs the master key.
    Totp(accounts::TotpArgs),
    /// Fill a fresh demonstration province with invented dossiers, for measurements.
    #[command(hide = true)]
    Seed(seed::SeedArgs),
    /// Live through an invented month of one ward in a fresh database: judged by the rules, checked.
    #[command(hide = true)]
    Simulate(simulate::SimulateArgs),
    /// List the rules with their citations, parameters and the commands that they govern.
    Rules,
}

/// Runs a command.
///
/// # Errors
/// What went wrong, for a person to read.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let database = &cli.database;
    match cli.command {
        Command::Migrate => data::migrate(database).await,
        Command::NewKey { file } => data::new_key(&file),
        Command::Keys(args) => keys::keys(database, args).await,
        Command::Files(args) => files::files(database, args).await,
        Command::Serve(args) => serve::serve(database, args).await,
        Command::Demo(args) => serve::demo(database, args).await,
        Command::Import(args) => catalogue::import(database, args).await,
        Command::Set(args) => settings::set(database, args).await,
        Command::Settings => settings::list(database).await,
        Command::Units(args) => units::units(database, args).await,
        Command::Repin(args) => repin::repin(database, args).await,
        Command::Verify(args) => verify::verify(database, args).await,
        Command::Due(args) => due::due(&args),
        Command::Check(args) => data::check(database, args).await,
        Command::Rebuild => data::rebuild(database).await,
        Command::Audit { subject } => data::audit(database, &subject).await,
        Command::Backup { file } => data::backup(database, &file).await,
        Command::Restore { file } => data::restore(database, &file).await,
        Command::Enrol(args) => accounts::enrol(database, args).await,
        Command::Certificates(args) => certificates::certificates(database, args).await,
        Command::Outbox(args) => outbox::outbox(database, args).await,
        Command::Totp(args) => accounts::totp(database, args).await,
        Command::Seed(args) => seed::seed(database, args).await,
        Command::Simulate(args) => simulate::simulate(database, args).await,
        Command::Rules => rules::rules(database).await,
    }
}

/// Prints a line; a reader who has gone away is no fault of ours.
pub(crate) fn say(line: &str) {
    writeln!(std::io::stdout(), "{line}").ok();
}

/// Prints a line about a fault.
pub fn complain(line: &str) {
    writeln!(std::io::stderr(), "{line}").ok();
}
