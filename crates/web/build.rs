//! Stops the build with a clear word when the front end has not been built.

use std::io::{self, Write as _};
use std::path::Path;

fn main() -> io::Result<()> {
    let mut out = io::stdout();
    writeln!(out, "cargo::rerun-if-changed=frontend/dist/manifest.json")?;
    if !Path::new("frontend/dist/manifest.json").exists() {
        writeln!(
            out,
            "cargo::error=The front end is not built. Run `cargo xtask demo` or `cargo xtask test`, \
             or `npm ci --ignore-scripts && npm run build` in crates/web/frontend."
        )?;
    }
    Ok(())
}
