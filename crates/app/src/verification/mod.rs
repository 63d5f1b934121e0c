//! Whether a paper is what it claims to be: the public page behind the code on every paper, and what
//! is known of the signatures of every PDF on file.

mod compare;
mod keep;
mod paper;
mod picture;
mod port;
mod results;
mod said;
mod token;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use compare::{Compared, MOST, Sameness, compare};
pub use keep::{Found, check_again};
pub(crate) use keep::{found_of, is_pdf, note, put_on_file, readable, signable};
pub(crate) use paper::is_result;
pub use paper::{Lasting, Paper, Standing, paper};
pub(crate) use port::VALID;
pub use port::{Ask, Refusal, Signature, SignatureKind, Validator, Verdict};
pub use results::{Archive, Bad, ResultsReport, check_results};
pub use said::{said, signature_said};
pub use token::{PaperKind, address};
