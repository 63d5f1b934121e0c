//! Stand-ins for outside systems, on loopback, in memory. They speak the systems' own protocols, so
//! that tests and the demonstration go through the same code as a province.
//!
//! Every simulator takes faults from `POST /_sim/faults` (a JSON list, one used up by each request),
//! tells what it took at `GET /_sim/log`, and forgets at `POST /_sim/reset`.
//!
//! Those of signing do so under a name each: `/_sim/csc/faults` and so on, a fault of one call as
//! `dead@signHash`.
//!
//! This crate stands alone: it must not know ours, nor they it.

pub mod authority;
pub mod control;
pub mod csc;
pub mod demonstration;
pub mod messages;
pub mod my_sign;
mod pdf;
pub mod people;
pub mod public_gateway;
pub mod revocation;
mod signed;
pub mod smart_ca;
pub mod token;
pub mod token_door;
pub mod tsa;

use std::net::SocketAddr;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A simulator that runs in this process; it stops when this is dropped.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

impl Running {
    /// Starts `site` on loopback; port 0 takes any that is free.
    ///
    /// # Errors
    /// When the port is taken.
    pub async fn start(site: Router, port: u16) -> std::io::Result<Self> {
        Self::serve(TcpListener::bind(("127.0.0.1", port)).await?, site)
    }

    /// Serves `site` at a door that is open already.
    ///
    /// # Errors
    /// When the door is closed.
    pub fn serve(listener: TcpListener, site: Router) -> std::io::Result<Self> {
        let address = listener.local_addr()?;
        let task = tokio::spawn(async move {
            axum::serve(listener, site).await.ok();
        });
        Ok(Self { address, task })
    }

    /// Runs until the process ends.
    pub async fn forever(mut self) {
        (&mut self.task).await.ok();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}
