//! The `motcua` binary.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use server::commands::{Cli, run};

fn main() -> ExitCode {
    gateways::prepare();
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let done = runtime
        .map_err(anyhow::Error::from)
        .and_then(|rt| rt.block_on(run(cli)));
    match done {
        Ok(code) => code,
        Err(error) => {
            let mut text = format!("motcua: {error}");
            for cause in error.chain().skip(1) {
                write!(text, ": {cause}").ok();
            }
            server::commands::complain(&text);
            ExitCode::FAILURE
        }
    }
}
