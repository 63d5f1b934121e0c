//! Hashing passwords without letting it take the machine: two at a time, in memory that is kept.

use std::sync::{Mutex, PoisonError};

use argon2::password_hash::phc::{Output, PasswordHash};
use argon2::{Algorithm, Argon2, Block, Params, PasswordHasher as _, Version};
use tokio::sync::Semaphore;

use crate::no::No;

/// Hashing takes 19 MiB and a core for a moment; so many at a time leave the rest to the counters.
static HASHING: Semaphore = Semaphore::const_new(2);

/// The memory of the hashes, used again: whichever thread gave 19 MiB back, the allocator would keep
/// them for it, and the program would grow by as much for each thread that ever hashed.
static MEMORY: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());

/// Verified in place of a hash when there is no account, so that both cases take the same time.
pub(super) const NO_ACCOUNT: &str = "$argon2id$v=19$m=19456,t=2,p=1$bW90Y3VhLW5vLWFjY291bnQ$\
    ZkJf7wZ5l5rqVqk2r1m2m4O1yqfK0mVxJ4m1bqk0p2E";

/// Runs `work` on the thread pool for long work, when its turn comes.
async fn hashing<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, No> {
    let turn = HASHING.acquire().await;
    let _turn = turn.expect("the semaphore is never closed");
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|fault| No::Broken(Box::new(fault)))
}

/// The shortest password that somebody may choose, in characters.
pub const SHORTEST_PASSWORD: usize = 12;

/// The hash of a password that was chosen (PHC text).
pub(super) async fn hashed(password: String) -> Result<String, No> {
    let hash = move || {
        let hashed = Argon2::default().hash_password(password.as_bytes());
        hashed.map(|hash| hash.to_string())
    };
    let hashed = hashing(hash).await?;
    hashed.map_err(|fault| No::Broken(fault.to_string().into()))
}

/// Whether `password` has this hash.
pub(super) async fn verified(hash: String, password: String) -> Result<bool, No> {
    hashing(move || verifies(&hash, password.as_bytes()).unwrap_or(false)).await
}

/// Whether `password` has this hash; none when the text is no hash that we make.
fn verifies(hash: &str, password: &[u8]) -> Option<bool> {
    let hash = PasswordHash::new(hash).ok()?;
    let (salt, expected) = (hash.salt?, hash.hash?);
    let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
    let version = Version::try_from(hash.version?).ok()?;
    let params = Params::try_from(&hash).ok()?;
    let blocks = params.block_count();
    let argon = Argon2::new(algorithm, version, params);
    let memory = || MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
    let mut used = memory().pop().unwrap_or_default();
    used.resize(blocks, Block::new());
    let mut found = vec![0; expected.len()];
    let hashed = argon.hash_password_into_with_memory(password, &salt, &mut found, &mut used);
    memory().push(used);
    hashed.ok()?;
    // Outputs are compared in a time that does not depend on where they differ.
    Some(Output::new(&found).ok()? == expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_has_its_hash_and_no_other_whatever_the_memory_held() {
        let hash = Argon2::default().hash_password(b"motcua-2026").unwrap();
        let hash = hash.to_string();
        for _ in 0..2 {
            assert_eq!(verifies(&hash, b"motcua-2026"), Some(true));
            assert_eq!(verifies(&hash, b"motcua-2027"), Some(false));
        }
        assert_eq!(verifies(NO_ACCOUNT, b""), Some(false));
        assert_eq!(verifies("motcua-2026", b"motcua-2026"), None);
    }
}
