//! A service that says what a test has written down for it, in this order.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use async_trait::async_trait;
use jiff::SignedDuration;

use super::{Ask, Asks, Given, LaidOut, RemoteKeys, Reply, Terms};
use crate::certificates::Signer;
use crate::ports::PortError;
use crate::signing::testing::Words;
use crate::signing::{SignError, ToSign};

/// What unlocks the key at the service.
pub(crate) const PIN: &str = "13579";

/// What the service says next.
pub(crate) type Said = Result<Reply, PortError>;

thread_local! {
    static TERMS: Cell<(Asks, usize)> = const { Cell::new((Asks::Phone, 2)) };
    static SILENT: Cell<Option<&'static str>> = const { Cell::new(None) };
    static SAYS: RefCell<VecDeque<Said>> = const { RefCell::new(VecDeque::new()) };
    static ASKED: RefCell<Vec<Ask>> = const { RefCell::new(Vec::new()) };
    static FINISHED: Cell<u32> = const { Cell::new(0) };
}

/// Its terms from now on.
pub(crate) fn asks(how: Asks, most: usize) {
    TERMS.set((how, most));
}

/// What it says to the next questions; after that it signs.
pub(crate) fn says(said: impl IntoIterator<Item = Said>) {
    SAYS.with_borrow_mut(|says| says.extend(said));
}

/// Which question it takes and never answers, `terms` or `begin`; none when it answers.
pub(crate) fn silent(question: Option<&'static str>) {
    SILENT.set(question);
}

async fn answers(question: &'static str) {
    if SILENT.get() == Some(question) {
        std::future::pending::<()>().await;
    }
}

/// What it was asked so far.
pub(crate) fn asked() -> Vec<Ask> {
    ASKED.with_borrow(Clone::clone)
}

/// Into how many documents it has put its signature so far.
pub(crate) fn finished() -> u32 {
    FINISHED.get()
}

fn next(ask: &Ask) -> Said {
    let signed = || Ok(Reply::Signed(ask.documents.iter().map(piece).collect()));
    SAYS.with_borrow_mut(VecDeque::pop_front)
        .unwrap_or_else(signed)
}

fn piece(one: &super::AskedFor) -> Vec<u8> {
    [b" signed ".as_slice(), &one.asked].concat()
}

#[async_trait]
impl RemoteKeys for Words {
    async fn terms(&self, _: &Signer) -> Result<Terms, PortError> {
        answers("terms").await;
        let (asks, most) = TERMS.get();
        Ok(Terms {
            asks,
            most,
            every: SignedDuration::from_secs(10),
            times: 3,
            patience: SignedDuration::from_secs(30),
            whole: false,
        })
    }

    async fn send_code(&self, _: &Signer) -> Result<(), PortError> {
        Ok(())
    }

    async fn lay_out(&self, _: &Signer, what: ToSign) -> Result<LaidOut, SignError> {
        Ok(LaidOut {
            asked: what.document.iter().rev().take(8).copied().collect(),
            unfinished: what.document,
        })
    }

    async fn begin(&self, _: &Signer, ask: Ask, given: Given) -> Result<Reply, PortError> {
        ASKED.with_borrow_mut(|asked| asked.push(ask.clone()));
        answers("begin").await;
        match given {
            Given::Typed { pin, .. } if pin.reveal() != PIN => {
                Err(PortError::Fail("remote.pin".to_owned()))
            }
            Given::Typed { .. } | Given::OnPhone => next(&ask),
        }
    }

    async fn poll(&self, _: &Signer, ask: Ask, waiting: &str) -> Result<Reply, PortError> {
        assert_eq!(waiting, "w-1");
        next(&ask)
    }

    async fn finish(
        &self,
        _: &Signer,
        unfinished: Vec<u8>,
        piece: Vec<u8>,
    ) -> Result<Vec<u8>, SignError> {
        FINISHED.set(FINISHED.get() + 1);
        Ok([unfinished, piece].concat())
    }
}
