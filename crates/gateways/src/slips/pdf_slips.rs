//! The port: slips drawn off the async threads, few at a time.

use std::fmt::Display;
use std::sync::LazyLock;

use app::ports::{PortError, Slips};
use async_trait::async_trait;
use domain::slip::Slip;
use tokio::sync::Semaphore;

use super::drawing::redrawn;
use super::press::{Press, pages};

/// Slips drawn at once; more would only take memory from each other.
static TURNS: Semaphore = Semaphore::const_new(2);

/// Faces and templates are the same for the whole program, and parsed with the first slip, so that
/// a command that prints nothing does not pay for them.
static PRESS: LazyLock<Press> = LazyLock::new(Press::new);

/// Draws slips in this process.
#[derive(Debug, Clone, Copy, Default)]
pub struct PdfSlips;

#[async_trait]
impl Slips for PdfSlips {
    async fn render(&self, slip: Slip) -> Result<Vec<u8>, PortError> {
        in_turn(move || PRESS.render(&slip)).await
    }

    async fn join(&self, papers: Vec<Vec<u8>>) -> Result<Vec<u8>, PortError> {
        in_turn(move || PRESS.join(papers)).await
    }

    async fn copy(&self, document: Vec<u8>, form: Vec<u8>) -> Result<Vec<u8>, PortError> {
        in_turn(move || PRESS.paper_copy(&document, form)).await
    }

    async fn pages(&self, document: Vec<u8>) -> Result<u16, PortError> {
        in_turn(move || pages(document)).await
    }

    async fn drawing(&self, picture: Vec<u8>) -> Result<Vec<u8>, PortError> {
        in_turn(move || redrawn(&picture)).await
    }
}

async fn in_turn<T: Send + 'static, E: Display + Send + 'static>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, PortError> {
    let turn = TURNS.acquire().await.expect("nobody closes the turns");
    let drawn = tokio::task::spawn_blocking(move || {
        let drawn = work();
        drop(turn);
        drawn
    });
    // A panic in the typesetter must not take the worker with it; the same slip would panic
    // again, so it is not tried again.
    let drawn = drawn
        .await
        .map_err(|panic| PortError::Fail(panic.to_string()))?;
    drawn.map_err(|error| PortError::Fail(error.to_string()))
}
