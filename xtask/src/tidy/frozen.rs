//! Samples of events as they were released: from the first tag on they stay, byte for byte, because
//! logs that were written then are read for ever. New ones may come beside them.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Result;

use super::laws::SAMPLES;
use crate::shell::output;

/// How releases are tagged.
const TAGS: &str = "v[0-9]*";

/// What is frozen, and what became of it.
pub(crate) struct Frozen {
    /// The tag compared with, or why there is none, in words.
    pub(crate) said: String,
    /// Samples of that tag that are gone or read otherwise today.
    pub(crate) faults: Vec<String>,
}

/// Compares the samples below `root` with those of the newest release that it descends from. The
/// samples of earlier releases are among them.
pub(crate) fn compare(root: &Path) -> Result<Frozen> {
    let free = |said: &str| Frozen {
        said: format!("samples of events: {said}, they may still change"),
        faults: Vec::new(),
    };
    if !succeeds(git(root).args(["rev-parse", "--verify", "HEAD"])) {
        return Ok(free("no history of commits is here"));
    }
    let tags = [
        "tag",
        "--list",
        TAGS,
        "--merged",
        "HEAD",
        "--sort=-v:refname",
    ];
    let tags = output(git(root).args(tags))?;
    let Some(tag) = tags.lines().next() else {
        return Ok(free("no release is tagged"));
    };
    let changed = ["diff", "--no-renames", "--name-status", tag, "--", SAMPLES];
    let changed = output(git(root).args(changed))?;
    let faults = changed.lines().filter_map(|line| {
        let (status, path) = line.split_once('\t')?;
        (status != "A").then(|| format!("{path}: released with {tag}, it never changes"))
    });
    Ok(Frozen {
        said: format!("samples of events: those of {tag} are frozen"),
        faults: faults.collect(),
    })
}

fn git(root: &Path) -> Command {
    let mut git = Command::new("git");
    git.arg("-C").arg(root);
    git
}

fn succeeds(command: &mut Command) -> bool {
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::*;
    use crate::shell::run;

    /// A repository of its own, gone when it is dropped.
    struct Repository(PathBuf);

    impl Repository {
        fn new(name: &str) -> Self {
            let name = format!("motcua-frozen-{name}-{}", std::process::id());
            let folder = std::env::temp_dir().join(name);
            fs::create_dir_all(folder.join(SAMPLES)).unwrap();
            Self(folder)
        }

        fn git(&self, arguments: &[&str]) {
            let who = ["-c", "user.name=tester", "-c", "user.email=tester@test"];
            let signing = ["-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false"];
            run(git(&self.0).args(who).args(signing).args(arguments)).unwrap();
        }

        fn sample(&self, name: &str) -> PathBuf {
            self.0.join(SAMPLES).join(name)
        }

        fn commits(&self) {
            self.git(&["add", "--all"]);
            self.git(&["commit", "--quiet", "--message", "some"]);
        }
    }

    impl Drop for Repository {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn samples_are_free_before_a_release_and_where_no_history_is() {
        let there = Repository::new("free");
        fs::write(there.sample("a.json"), "{}").unwrap();
        let bare = compare(&there.0).unwrap();
        assert!(bare.said.contains("no history"), "{}", bare.said);
        there.git(&["init", "--quiet"]);
        there.commits();
        there.git(&["tag", "draft"]);
        fs::write(there.sample("a.json"), "{ }").unwrap();
        let untagged = compare(&there.0).unwrap();
        assert!(untagged.said.contains("no release"), "{}", untagged.said);
        assert_eq!(untagged.faults, Vec::<String>::new());
    }

    #[test]
    fn what_a_release_holds_never_changes_and_more_may_come() {
        let there = Repository::new("released");
        there.git(&["init", "--quiet"]);
        for name in ["a.json", "b.json"] {
            fs::write(there.sample(name), "{}").unwrap();
        }
        there.commits();
        there.git(&["tag", "v0.9.0"]);
        fs::write(there.sample("c.json"), "{}").unwrap();
        there.commits();
        there.git(&["tag", "v0.10.0"]);
        fs::write(there.sample("d.json"), "{}").unwrap();
        there.commits();
        let tidy = compare(&there.0).unwrap();
        assert!(tidy.said.contains("v0.10.0"), "{}", tidy.said);
        assert_eq!(tidy.faults, Vec::<String>::new());
        // Changed and not even committed; moved away; and what no release holds yet.
        fs::write(there.sample("c.json"), "{ }").unwrap();
        fs::rename(there.sample("a.json"), there.sample("e.json")).unwrap();
        fs::write(there.sample("d.json"), "{ }").unwrap();
        let faults = compare(&there.0).unwrap().faults;
        let named = |name: &str| {
            let path = format!("{SAMPLES}{name}");
            faults.iter().any(|fault| fault.starts_with(&path))
        };
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(named("a.json") && named("c.json"), "{faults:?}");
    }
}
