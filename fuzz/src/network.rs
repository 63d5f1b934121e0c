//! Whoever is asked over the network answers what the fuzzer says, in its order.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// A status and a body.
pub type Answer = (u16, Vec<u8>);

thread_local! {
    static ANSWERS: RefCell<VecDeque<Answer>> = const { RefCell::new(VecDeque::new()) };
}

/// What comes of the work when its questions are answered so; nobody answers after the last.
///
/// # Panics
/// When the work waits for anything else.
pub fn answered<T>(answers: Vec<Answer>, work: impl Future<Output = T>) -> T {
    ANSWERS.set(answers.into());
    let mut work = pin!(work);
    // Whoever gives up its turn gets another.
    for _ in 0..10_000 {
        if let Poll::Ready(done) = work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return done;
        }
    }
    panic!("it waits for nothing that comes")
}

/// The next answer.
pub(crate) fn next() -> Option<Answer> {
    ANSWERS.with_borrow_mut(VecDeque::pop_front)
}
