//! The simulators as a program of their own, for the demonstration.

use std::io::Write as _;

use simulators::{Running, messages};

/// Where providers of messages listen, unless the first argument names another port.
const PORT: u16 = 8090;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let named = std::env::args().nth(1).and_then(|port| port.parse().ok());
    let running = Running::start(messages::site(), named.unwrap_or(PORT)).await?;
    writeln!(
        std::io::stdout(),
        "Providers of messages: http://{}",
        running.address
    )?;
    running.forever().await;
    Ok(())
}
