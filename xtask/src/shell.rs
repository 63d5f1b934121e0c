//! Running other programs, and saying so.

use std::fmt::Display;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// The repository's root.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask lies in the repository")
}

/// The cargo that runs us.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    cargo
}

/// A program, run in `folder` below the root.
pub(crate) fn program(name: &str, folder: &str) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root().join(folder));
    command
}

static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Tells which part of the work begins, and after how many seconds.
pub(crate) fn heading(text: impl Display) {
    eprintln!("\n== {text} [{} s]", START.elapsed().as_secs());
}

/// Prints one line of the answer.
pub(crate) fn say(line: impl Display) {
    // A closed pipe is the reader's choice; there is nobody left to tell.
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// Runs to the end; anything but success is an error that names the command.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = show(command);
    eprintln!("$ {shown}");
    let status = command
        .status()
        .with_context(|| format!("cannot start `{shown}`"))?;
    if status.success() {
        Ok(())
    } else {
        bail!("`{shown}` failed: {status}")
    }
}

/// What the program prints, when it succeeds.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let shown = show(command);
    let said = command.stderr(Stdio::null()).output();
    let said = said.with_context(|| format!("cannot start `{shown}`"))?;
    if !said.status.success() {
        bail!("`{shown}` failed: {}", said.status);
    }
    Ok(String::from_utf8_lossy(&said.stdout).into_owned())
}

/// Runs to the end, passing each line on and giving it to `each` too; tells whether it succeeded.
pub(crate) fn watch(command: &mut Command, mut each: impl FnMut(&str)) -> Result<bool> {
    let shown = show(command);
    eprintln!("$ {shown}");
    let started = command.stdout(Stdio::piped()).spawn();
    let mut child = started.with_context(|| format!("cannot start `{shown}`"))?;
    let stdout = child.stdout.take().expect("stdout was asked for");
    for line in BufReader::new(stdout).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        say(&line);
        each(&line);
    }
    Ok(child.wait()?.success())
}

/// Where a program is, if it is installed.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// Where cargo puts what it builds.
pub(crate) fn target_folder() -> Result<PathBuf> {
    let mut metadata = cargo();
    let said = output(metadata.args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let said: serde_json::Value = serde_json::from_str(&said)?;
    let folder = said
        .get("target_directory")
        .and_then(serde_json::Value::as_str);
    Ok(folder
        .context("cargo metadata names no target directory")?
        .into())
}

fn show(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_program_is_an_error_that_names_it() {
        let error = run(&mut Command::new("false")).unwrap_err().to_string();
        assert!(error.contains("`false` failed"), "{error}");
        assert!(run(&mut Command::new("true")).is_ok());
    }

    #[test]
    fn every_line_is_seen_even_when_the_program_fails() {
        let mut seen = Vec::new();
        let mut program = Command::new("sh");
        program.args(["-c", "echo a line; echo another; exit 3"]);
        let fine = watch(&mut program, |line| seen.push(line.to_owned())).unwrap();
        assert!(!fine);
        assert_eq!(seen, ["a line", "another"]);
    }

    #[test]
    fn a_program_is_found_on_the_path_or_not_at_all() {
        assert!(find("sh").is_some());
        assert!(find("no-such-program-anywhere").is_none());
    }
}
