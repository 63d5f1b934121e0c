//! `cargo xtask golden`: the tests write what they would compare.

use anyhow::Result;

use crate::shell::{self, cargo, heading};
use crate::test::postgres::Cluster;
use crate::{assets, test};

/// Rewrites every golden file, on both engines, so that none differs between them.
pub(crate) fn run() -> Result<()> {
    assets::build()?;
    test::needs::install_or_name()?;
    let cluster = Cluster::start()?;
    heading("golden files");
    shell::run(
        cargo()
            .args(["test", "--workspace", "--locked", "--no-fail-fast"])
            .env("UPDATE_GOLDEN", "1")
            .env("MOTCUA_TEST_POSTGRES", cluster.address()),
    )?;
    shell::run(shell::program("git", ".").args(["status", "--short"]))
}
