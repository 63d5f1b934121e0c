//! What authorities answered a moment ago, and which of them are silent. One that is silent makes all
//! wait that would ask it, not each of them for itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::fault::SignFault;

/// The longest pause between two questions to an address that is silent.
const LONGEST: Duration = Duration::from_hours(1);

/// The address that was asked, and what it was asked; nothing for a list.
pub(super) type Asked = (String, Vec<u8>);

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// Somebody who acts on what is said: asks again as soon as answers of a moment ago are old.
    Acting,
    /// What comes back by itself until it is told: waits out the pauses.
    Waiting,
}

/// What was heard.
#[derive(Default)]
pub(super) struct Heard {
    hold: Duration,
    answers: Mutex<BTreeMap<Asked, (Instant, Vec<u8>)>>,
    silent: Mutex<BTreeMap<String, Silence>>,
    refused: Mutex<BTreeSet<String>>,
}

/// Since an address last answered.
struct Silence {
    /// When it was asked last.
    asked: Instant,
    /// When the pause began, and how long it is.
    pause: (Instant, Duration),
}

impl Heard {
    /// Remembers answers for that time, and silence as long at first.
    pub(super) fn holding(hold: Duration) -> Self {
        Self {
            hold,
            ..Self::default()
        }
    }

    /// What was answered a moment ago.
    pub(super) fn answer(&self, asked: &Asked, now: Instant) -> Option<Vec<u8>> {
        let answers = held(&self.answers);
        let (since, answer) = answers.get(asked)?;
        (now.duration_since(*since) < self.hold).then(|| answer.clone())
    }

    /// Whether that address is not asked for now.
    pub(super) fn is_silent(&self, address: &str, who: Who, now: Instant) -> bool {
        let silent = held(&self.silent);
        silent.get(address).is_some_and(|silence| match who {
            Who::Acting => now.duration_since(silence.asked) < self.hold,
            Who::Waiting => now.duration_since(silence.pause.0) < silence.pause.1,
        })
    }

    /// Keeps what was answered.
    pub(super) fn keep(&self, asked: Asked, answer: Vec<u8>, now: Instant) {
        if held(&self.silent).remove(&asked.0).is_some() {
            tracing::info!(address = asked.0, "An authority answers again");
        }
        let mut answers = held(&self.answers);
        answers.retain(|_, (since, _)| now.duration_since(*since) < self.hold);
        if !self.hold.is_zero() {
            answers.insert(asked, (now, answer));
        }
    }

    /// Notes that an address did not answer: the pause doubles with each that it outlasts.
    pub(super) fn nothing(&self, address: &str, fault: &SignFault, now: Instant) {
        if self.hold.is_zero() {
            return;
        }
        let mut silent = held(&self.silent);
        let Some(silence) = silent.get_mut(address) else {
            tracing::warn!(address, %fault, "An authority does not answer: proofs wait for it");
            let (asked, pause) = (now, (now, self.hold));
            silent.insert(address.to_owned(), Silence { asked, pause });
            return;
        };
        silence.asked = now;
        let (since, pause) = silence.pause;
        if now.duration_since(since) >= pause {
            silence.pause = (now, pause.saturating_mul(2).min(LONGEST));
        }
    }

    /// Notes that asking an address is of no use, and says it once.
    pub(super) fn refused(&self, address: &str, fault: &SignFault) {
        if held(&self.refused).insert(address.to_owned()) {
            tracing::warn!(address, %fault, "An authority cannot be asked: results stay without its proof");
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing is left half-done under these locks.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silent_authority_pauses_for_all_and_longer_each_time() {
        let heard = Heard::holding(Duration::from_mins(1));
        let begin = Instant::now();
        let fault = SignFault::Later("no connection".to_owned());
        let at = |minutes| begin + Duration::from_mins(minutes);
        let (own, other) = ("http://ca/", "http://another/");
        assert!(!heard.is_silent(own, Who::Waiting, begin));
        let (mut probed, mut asked) = (Vec::new(), 0);
        for minute in 0..300 {
            if !heard.is_silent(own, Who::Waiting, at(minute)) {
                probed.push(minute);
                heard.nothing(own, &fault, at(minute));
            }
            // Who acts asks each minute, and makes no pause longer by it.
            if !heard.is_silent(own, Who::Acting, at(minute)) {
                asked += 1;
                heard.nothing(own, &fault, at(minute));
            }
        }
        assert_eq!(probed, [0, 1, 3, 7, 15, 31, 63, 123, 183, 243]);
        assert_eq!(asked, 300 - probed.len());
        assert!(!heard.is_silent(other, Who::Waiting, begin));
        let question = (own.to_owned(), b"serial".to_vec());
        heard.keep(question.clone(), b"good".to_vec(), at(300));
        assert!(!heard.is_silent(own, Who::Waiting, at(300)));
        assert_eq!(heard.answer(&question, at(300)), Some(b"good".to_vec()));
        assert_eq!(heard.answer(&question, at(301)), None);
    }
}
