//! The simulators as a program of their own, for the demonstration:
//! `motcua-simulators PORT FOLDER TOKEN_PORT TOKEN_NAME`. With a folder, where the keys of the test
//! authority stay, the signing services run as well; the last two say where the local service of a
//! token listens and whose the token is.

use std::io::Write as _;
use std::path::Path;

use simulators::{Running, demonstration, messages};

/// Where everything listens, unless the first argument names another port.
const PORT: u16 = 8090;
/// Where the local service of a token listens, unless the third argument names another port.
const TOKEN_PORT: u16 = 8987;
/// Whose token it is, unless the fourth argument names somebody else.
const TOKEN_NAME: &str = "Trần Văn Ký Số";

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let named = arguments.next().and_then(|port| port.parse().ok());
    let port: u16 = named.unwrap_or(PORT);
    let mut site = messages::site();
    let mut token = None;
    if let Some(folder) = arguments.next() {
        let address = format!("http://127.0.0.1:{port}");
        let named = arguments.next().and_then(|port| port.parse().ok());
        let token_port = named.unwrap_or(TOKEN_PORT);
        let whose = arguments.next().unwrap_or_else(|| TOKEN_NAME.to_owned());
        let services = demonstration::open(Path::new(&folder), &address, &whose)?;
        site = site.merge(services.site);
        // Somebody's real service may hold the port; the demonstration goes on without ours.
        token = services.token.start(token_port).await.ok();
    }
    let running = Running::start(site, port).await?;
    let mut out = std::io::stdout();
    writeln!(out, "Simulators: http://{}", running.address)?;
    if let Some(token) = &token {
        writeln!(out, "Local service of a token: ws://{}", token.address)?;
    }
    running.forever().await;
    Ok(())
}
