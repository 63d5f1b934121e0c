//! The simulators as a program of their own, for the demonstration:
//! `motcua-simulators PORT FOLDER TOKEN_PORT TOKEN_NAME`. With a folder, where the keys of the test
//! authority stay, the signing services run as well; the last two say where the local service of a
//! token listens and whose the token is.

use std::io::Write as _;
use std::path::Path;

use simulators::token_door::Door;
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
        let folder = Path::new(&folder);
        let services = demonstration::open(folder, &address, &whose)?;
        site = site.merge(services.site);
        let door = Door::kept(folder)?;
        let fingerprint = door.fingerprint.clone();
        // Somebody's real service may hold the port; the demonstration goes on without ours.
        let started = services.token.start_behind(door, token_port).await.ok();
        token = started.map(|started| (started, fingerprint));
    }
    let running = Running::start(site, port).await?;
    let mut out = std::io::stdout();
    writeln!(out, "Simulators: http://{}", running.address)?;
    if let Some((token, fingerprint)) = &token {
        let address = token.address;
        writeln!(
            out,
            "Local service of a token: wss://{address} {fingerprint}"
        )?;
    }
    running.forever().await;
    Ok(())
}
