//! Who may sign in, and who is signed in. Passwords come hashed, secrets sealed, tokens as hashes:
//! nothing here opens a door by being read.

mod account;
mod session;

pub use account::{Account, AccountChange, Failures, Lock, NewAccount, SignInChange, StepUse};
pub(crate) use session::hexed;
pub use session::{NewSession, SignedIn, StandsIn, TokenHash};
