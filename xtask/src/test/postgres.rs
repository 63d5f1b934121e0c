//! A PostgreSQL cluster of our own: made for one run, durable like a real one, gone afterwards.

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use super::needs::is_root;
use crate::shell::find;

/// Starts the cluster and stops it when our end of its input closes: on success, failure,
/// interruption or a kill alike. With `KEEP` its files stay for the next time.
const KEEPER: &str = r#"
if [ "$KEEP" ]; then
  trap '"$BIN/pg_ctl" -D "$DIR/data" -m fast stop >/dev/null 2>&1' EXIT
else
  trap '"$BIN/pg_ctl" -D "$DIR/data" -m immediate stop >/dev/null 2>&1; rm -rf "$DIR"' EXIT
fi
[ -e "$DIR/data/PG_VERSION" ] \
  || "$BIN/initdb" -D "$DIR/data" -U motcua -A trust -E UTF8 --locale=C.UTF-8 >"$DIR/initdb.log" 2>&1 \
  || { cat "$DIR/initdb.log" >&2; exit 1; }
"$BIN/pg_ctl" -D "$DIR/data" -l "$DIR/server.log" -w -t 600 \
  -o "-p $PORT -k $DIR -h 127.0.0.1 -N 300 $SETTINGS" start >/dev/null \
  || { cat "$DIR/server.log" >&2; exit 1; }
echo ready
cat >/dev/null
"#;

/// A running cluster; dropping it stops it and removes its files.
pub(crate) struct Cluster {
    keeper: Child,
    port: u16,
}

impl Cluster {
    /// Starts a cluster whose files are gone with it.
    pub(crate) fn start() -> Result<Self> {
        let name = format!("motcua-postgres-{}", std::process::id());
        Self::begin(&std::env::temp_dir().join(name), ("", ""))
    }

    /// Starts the cluster of `folder`, made when it is not there, with `settings` of its own.
    pub(crate) fn kept(folder: &Path, settings: &str) -> Result<Self> {
        Self::begin(folder, ("keep", settings))
    }

    fn begin(folder: &Path, (keep, settings): (&str, &str)) -> Result<Self> {
        let programs = programs().context("PostgreSQL is not installed")?;
        fs::create_dir_all(folder)?;
        let port = free_port()?;
        let mut keeper = unprivileged(folder)?
            .args(["sh", "-c", KEEPER])
            .current_dir(folder)
            .env("BIN", programs)
            .env("DIR", folder)
            .env("KEEP", keep)
            .env("SETTINGS", settings)
            .env("PORT", port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // An interrupt from the terminal is for us; the keeper learns of it by its input.
            .process_group(0)
            .spawn()
            .context("cannot start the keeper of PostgreSQL")?;
        let stdout = keeper.stdout.take().expect("stdout was asked for");
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        if line.trim() != "ready" {
            bail!("PostgreSQL did not start: {}", keeper.wait()?);
        }
        Ok(Self { keeper, port })
    }

    /// Where tests connect.
    pub(crate) fn address(&self) -> String {
        format!("postgres://motcua@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // Nothing to do about a keeper that cannot be waited for: it stops by itself.
        let _ = self.keeper.wait();
    }
}

/// The folder of `initdb` and `pg_ctl`: the newest that Debian installed, or the one on the path.
pub(crate) fn programs() -> Option<PathBuf> {
    newest(Path::new("/usr/lib/postgresql"))
        .or_else(|| find("initdb").and_then(|file| file.parent().map(Path::to_path_buf)))
}

fn newest(versions: &Path) -> Option<PathBuf> {
    let folders = fs::read_dir(versions)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()));
    let version = |folder: &PathBuf| folder.file_name()?.to_str()?.parse::<u32>().ok();
    folders
        .filter(|folder| folder.join("bin/initdb").is_file())
        .max_by_key(version)
        .map(|folder| folder.join("bin"))
}

/// PostgreSQL refuses to run as root: then it runs as the user that its package made.
fn unprivileged(folder: &Path) -> Result<Command> {
    if !is_root() {
        return Ok(Command::new("env"));
    }
    let owner: [OsString; 2] = ["postgres".into(), folder.into()];
    crate::shell::run(Command::new("chown").args(owner))?;
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]);
    Ok(command)
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_counts_as_a_number() {
        let folder = std::env::temp_dir().join(format!("motcua-versions-{}", std::process::id()));
        for version in ["9", "15"] {
            fs::create_dir_all(folder.join(version).join("bin")).unwrap();
            fs::write(folder.join(version).join("bin/initdb"), "").unwrap();
        }
        fs::create_dir_all(folder.join("99/bin")).unwrap();
        assert_eq!(newest(&folder), Some(folder.join("15/bin")));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_cluster_answers_while_it_is_held_and_leaves_nothing() {
        if programs().is_none() {
            assert!(
                std::env::var_os("CI").is_none(),
                "PostgreSQL is needed in CI"
            );
            return;
        }
        let cluster = Cluster::start().unwrap();
        let folder = std::env::temp_dir().join(format!("motcua-postgres-{}", std::process::id()));
        assert!(std::net::TcpStream::connect(("127.0.0.1", cluster.port)).is_ok());
        assert!(folder.join("data").is_dir());
        let port = cluster.port;
        drop(cluster);
        assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
        assert!(!folder.exists());
    }
}
