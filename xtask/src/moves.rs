//! `cargo xtask moves`: writes the table of moves, rules and tests.

use std::fs;

use anyhow::{Context, Result};

use crate::shell::{root, say};
use crate::tidy::moves::{TABLE, table};
use crate::tidy::tree::Tree;

pub(crate) fn run() -> Result<()> {
    let text = table(&Tree::read(root())?);
    fs::write(root().join(TABLE), text).with_context(|| format!("cannot write {TABLE}"))?;
    say(format!(
        "{TABLE} is written; `cargo xtask tidy` says what it lacks"
    ));
    Ok(())
}
