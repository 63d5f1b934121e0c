//! Styles, scripts and fonts, built only when their sources changed.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::shell::{find, heading, output, program, root, run};

const FRONTEND: &str = "crates/web/frontend";
const LEAST_NODE: u32 = 20;

/// Builds the assets that the binary embeds, unless they are up to date.
pub(crate) fn build() -> Result<()> {
    need_node()?;
    let folder = root().join(FRONTEND);
    let stamp = folder.join("node_modules/.built");
    let now = fingerprint(&folder)?;
    let built = fs::read_to_string(&stamp).is_ok_and(|then| then == now);
    if built && folder.join("dist/manifest.json").is_file() {
        return Ok(());
    }
    heading("assets");
    install(FRONTEND)?;
    run(program("npm", FRONTEND).args(["run", "build"]))?;
    fs::write(stamp, now).context("cannot write the stamp of the assets")
}

/// Type-checks the scripts; their tests are counted by the caller.
pub(crate) fn check() -> Result<()> {
    run(program("npm", FRONTEND).args(["run", "check"]))
}

/// The folder of the frontend, below the root.
pub(crate) fn folder() -> &'static str {
    FRONTEND
}

/// Installs the packages of `folder` exactly as locked, unless they are there.
pub(crate) fn install(folder: &str) -> Result<()> {
    let packages = root().join(folder).join("node_modules");
    let stamp = packages.join(".installed");
    let lock = fs::read_to_string(root().join(folder).join("package-lock.json"))
        .with_context(|| format!("cannot read {folder}/package-lock.json"))?;
    if fs::read_to_string(&stamp).is_ok_and(|then| then == lock) {
        return Ok(());
    }
    run(program("npm", folder).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]))?;
    fs::create_dir_all(&packages)?;
    fs::write(stamp, lock).context("cannot write the stamp of the packages")
}

/// Fails with a plain word when Node is missing or too old.
fn need_node() -> Result<()> {
    if find("npm").is_none() {
        bail!("npm is needed, which comes with Node.js");
    }
    let said =
        output(program("node", ".").arg("--version")).context("Node.js 20 or newer is needed")?;
    match major(&said) {
        Some(version) if version >= LEAST_NODE => Ok(()),
        Some(_) | None => bail!(
            "Node.js {LEAST_NODE} or newer is needed, this is {}",
            said.trim()
        ),
    }
}

fn major(version: &str) -> Option<u32> {
    version
        .trim()
        .strip_prefix('v')?
        .split('.')
        .next()?
        .parse()
        .ok()
}

/// A value that changes when a source does: every file's name and content, but for what is built.
fn fingerprint(folder: &Path) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for file in sources(folder)? {
        file.strip_prefix(folder)?.hash(&mut hasher);
        fs::read(&file)?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("no {}", folder.display()))? {
        let path = entry?.path();
        if path.ends_with("node_modules") || path.ends_with("dist") {
            continue;
        }
        if path.is_dir() {
            found.extend(sources(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_and_nonsense_is_not() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("20"), None);
        assert_eq!(major("vNext"), None);
    }

    #[test]
    fn the_fingerprint_follows_sources_and_ignores_what_is_built() {
        let folder = std::env::temp_dir().join(format!("motcua-assets-{}", std::process::id()));
        fs::create_dir_all(folder.join("dist")).unwrap();
        fs::write(folder.join("look.scss"), "a").unwrap();
        let first = fingerprint(&folder).unwrap();
        fs::write(folder.join("dist/look.css"), "built").unwrap();
        assert_eq!(fingerprint(&folder).unwrap(), first);
        fs::write(folder.join("look.scss"), "b").unwrap();
        assert_ne!(fingerprint(&folder).unwrap(), first);
        fs::remove_dir_all(folder).unwrap();
    }
}
