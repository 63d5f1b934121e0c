//! What the tests need from the system, and how Debian calls it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::postgres;
use crate::shell::{cargo, find, heading, output, root, run, target_folder};

struct Need {
    /// The Debian package.
    package: &'static str,
    present: fn() -> bool,
}

const NEEDS: [Need; 10] = [
    Need {
        package: "postgresql",
        present: || postgres::programs().is_some(),
    },
    Need {
        package: "chromium",
        present: || browser().is_some(),
    },
    Need {
        package: "tesseract-ocr",
        present: || find("tesseract").is_some(),
    },
    Need {
        package: "tesseract-ocr-vie",
        present: reads_vietnamese,
    },
    Need {
        package: "softhsm2",
        present: || find("softhsm2-util").is_some(),
    },
    Need {
        package: "poppler-utils",
        present: || find("pdftotext").is_some(),
    },
    Need {
        package: "zbar-tools",
        present: || find("zbarimg").is_some(),
    },
    Need {
        package: "openssl",
        present: || find("openssl").is_some(),
    },
    Need {
        package: "qpdf",
        present: || find("qpdf").is_some(),
    },
    Need {
        package: "python3-venv",
        present: || imports(Path::new("python3"), "ensurepip"),
    },
];

/// Programs in Python that the tests ask: an SMTP server, a judge of signatures; all pinned.
const PYTHON: &str = "crates/gateways/tests/requirements.txt";

/// Makes a Python with those programs in the target folder, where the tests look for it.
pub(crate) fn install_python() -> Result<()> {
    let place = target_folder()?.join("test-python");
    let python = place.join("bin/python");
    if imports(&python, "aiosmtpd, pyhanko") {
        return Ok(());
    }
    heading("installing what the tests ask in Python");
    run(Command::new("python3").args(["-m", "venv"]).arg(&place))?;
    let list = root().join(PYTHON);
    run(Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "-r"])
        .arg(list))
}

/// The S3 server of the tests on stored files.
const OBJECT_SERVER: &str = "s3s-fs";
const OBJECT_SERVER_VERSION: &str = "0.14.1";

/// Installs the S3 server in the target folder, where the tests look for it.
pub(crate) fn install_object_server() -> Result<()> {
    let place = target_folder()?.join("test-s3");
    if place.join("bin").join(OBJECT_SERVER).exists() {
        return Ok(());
    }
    heading(format!(
        "installing {OBJECT_SERVER} {OBJECT_SERVER_VERSION}"
    ));
    let version = ["--version", OBJECT_SERVER_VERSION];
    let how = ["--locked", "--debug", "--features", "binary"];
    let install = ["install", OBJECT_SERVER];
    run(cargo()
        .args(install)
        .args(version)
        .args(how)
        .arg("--root")
        .arg(&place)
        .arg("--target-dir")
        .arg(place.join("build")))?;
    std::fs::remove_dir_all(place.join("build")).context("cannot remove what was built")
}

/// Whether a Python has a module.
fn imports(python: &Path, module: &str) -> bool {
    let import = format!("import {module}");
    output(Command::new(python).args(["-c", &import])).is_ok()
}

/// Installs what is missing when that is possible here, and otherwise fails with its names.
pub(crate) fn install_or_name() -> Result<()> {
    let missing = missing(&NEEDS);
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if !(find("apt-get").is_some() && is_root()) {
        bail!("the tests need these Debian packages or their like: {list}");
    }
    heading(format!("installing {list}"));
    run(apt().arg("update"))?;
    run(apt()
        .args(["install", "--yes", "--no-install-recommends"])
        .args(&missing))?;
    let still = self::missing(&NEEDS);
    if still.is_empty() {
        Ok(())
    } else {
        bail!("still missing: {}", still.join(" "))
    }
}

/// The browser: the one named by `CHROMIUM`, or the distribution's.
pub(crate) fn chromium() -> Result<PathBuf> {
    browser().context("no Chromium found; name one in CHROMIUM")
}

/// Whether we act as root, who may install packages but may not run a PostgreSQL server.
pub(crate) fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|said| said.trim() == "0")
}

fn missing(needs: &[Need]) -> Vec<&'static str> {
    needs
        .iter()
        .filter(|need| !(need.present)())
        .map(|need| need.package)
        .collect()
}

fn apt() -> Command {
    let mut apt = Command::new("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive").arg("--quiet");
    apt
}

fn browser() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM")
        .map(PathBuf::from)
        .filter(|file| file.is_file());
    named
        .or_else(|| find("chromium"))
        .or_else(|| find("chromium-browser"))
}

fn reads_vietnamese() -> bool {
    output(Command::new("tesseract").arg("--list-langs"))
        .is_ok_and(|said| said.lines().any(|line| line.trim() == "vie"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_is_named_and_what_is_there_is_not() {
        let needs = [
            Need {
                package: "there",
                present: || true,
            },
            Need {
                package: "absent",
                present: || false,
            },
        ];
        assert_eq!(missing(&needs), ["absent"]);
    }
}
