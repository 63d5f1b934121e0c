//! Tokens of services, by whose they are. One at a time asks for a new one; who comes meanwhile gets what
//! that one gets, its failure as well, so that a slow service is not asked once more by each. Who has a
//! token that is good waits for nobody.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use app::ports::PortError;

use super::secret::Secret;

/// A token in force.
struct Token {
    word: Secret,
    until: Instant,
}

/// Who asks for somebody's token now, and how that went before.
type Turn = Arc<tokio::sync::Mutex<Last>>;

#[derive(Default)]
struct Last {
    failed: Option<(Instant, PortError)>,
}

/// The tokens of one service.
#[derive(Default)]
pub(super) struct Tokens {
    held: Mutex<BTreeMap<String, Token>>,
    turns: Mutex<BTreeMap<String, Turn>>,
}

/// What a service gives: a token, and for how long it is used.
pub(super) type Given = (Secret, Duration);

impl Tokens {
    /// The token in force; a new one when there is none, or when `stale` is the one we have.
    pub(super) async fn token(
        &self,
        whose: &str,
        stale: Option<&Secret>,
        ask: impl AsyncFnOnce() -> Result<Given, PortError>,
    ) -> Result<Secret, PortError> {
        if let Some(word) = self.good(whose, stale) {
            return Ok(word);
        }
        let came = Instant::now();
        let turn = Arc::clone(held(&self.turns).entry(whose.to_owned()).or_default());
        let mut last = turn.lock().await;
        if let Some(word) = self.good(whose, stale) {
            return Ok(word);
        }
        if let Some((at, failed)) = last.failed.as_ref().filter(|(at, _)| *at >= came) {
            tracing::debug!(ago = ?at.elapsed(), "A service was asked for a token by another, in vain");
            return Err(failed.clone());
        }
        let (word, life) = match ask().await {
            Ok(given) => given,
            Err(failed) => {
                last.failed = Some((Instant::now(), failed.clone()));
                return Err(failed);
            }
        };
        last.failed = None;
        let token = Token {
            word: word.clone(),
            until: Instant::now() + life,
        };
        held(&self.held).insert(whose.to_owned(), token);
        self.tidy();
        Ok(word)
    }

    fn good(&self, whose: &str, stale: Option<&Secret>) -> Option<Secret> {
        let tokens = held(&self.held);
        let token = tokens.get(whose)?;
        let good = token.until > Instant::now() && stale != Some(&token.word);
        good.then(|| token.word.clone())
    }

    /// Forgets what is over, and the turns that nobody waits for.
    fn tidy(&self) {
        held(&self.held).retain(|_, token| token.until > Instant::now());
        held(&self.turns).retain(|_, turn| Arc::strong_count(turn) > 1);
    }
}

/// Held for as long as a look takes, never while a service is asked.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    async fn slowly(asked: &AtomicU32, given: Result<&str, PortError>) -> Result<Given, PortError> {
        asked.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(50)).await;
        given.map(|word| (Secret::new(word), HOUR))
    }

    #[tokio::test]
    async fn who_comes_while_a_token_is_asked_for_gets_what_comes_of_it() {
        let (tokens, asked) = (Tokens::default(), AtomicU32::new(0));
        let down = || Err(PortError::Retry("no_answer".to_owned()));
        let ask = || tokens.token("one", None, async || slowly(&asked, down()).await);
        let (a, b, c) = tokio::join!(ask(), ask(), ask());
        assert!(a.is_err() && b.is_err() && c.is_err());
        assert_eq!(asked.load(Ordering::SeqCst), 1, "one asked for all");
        assert!(ask().await.is_err());
        assert_eq!(asked.load(Ordering::SeqCst), 2, "later it is asked again");
        let ask = || tokens.token("one", None, async || slowly(&asked, Ok("word")).await);
        let (a, b) = tokio::join!(ask(), ask());
        assert!(a.is_ok() && a == b);
        assert_eq!(asked.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn a_slow_login_of_one_holds_up_nobody_else() {
        let (tokens, asked) = (Tokens::default(), AtomicU32::new(0));
        let quick = async || Ok((Secret::new("a"), HOUR));
        let first = tokens.token("one", None, quick).await.unwrap();
        // The one of `two` never comes; `one` has a good token, and `three` gets one.
        let silent = tokens.token("two", None, async || {
            asked.fetch_add(1, Ordering::SeqCst);
            std::future::pending().await
        });
        let others = async {
            let again = tokens
                .token("one", None, async || panic!("it is good"))
                .await;
            assert_eq!(again.unwrap(), first);
            let third = tokens.token("three", None, async || Ok((Secret::new("c"), HOUR)));
            assert_eq!(third.await.unwrap(), Secret::new("c"));
        };
        tokio::select! {
            biased;
            _ = silent => panic!("it never comes"),
            () = others => {}
        }
        assert_eq!(asked.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_token_that_is_no_longer_good_is_asked_for_anew() {
        let tokens = Tokens::default();
        let give = |word: &'static str, life| async move || Ok((Secret::new(word), life));
        let first = tokens.token("one", None, give("a", HOUR)).await.unwrap();
        let second = tokens.token("one", Some(&first), give("b", HOUR)).await;
        let second = second.unwrap();
        assert_eq!(second, Secret::new("b"));
        // Who found the first one stale, too, gets the second.
        let same = tokens.token("one", Some(&first), give("c", HOUR)).await;
        assert_eq!(same.unwrap(), second);
        let ended = tokens
            .token("two", None, give("d", Duration::ZERO))
            .await
            .unwrap();
        let next = tokens.token("two", None, give("e", HOUR)).await.unwrap();
        assert!(ended != next);
    }
}
