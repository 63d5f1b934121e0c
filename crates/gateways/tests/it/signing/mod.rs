//! Signatures as pyHanko and poppler judge them.

mod attachments;
mod brought;
mod copies;
mod faults;
mod fields;
mod forged;
mod held;
mod outside;
mod profiles;
mod proof;
mod results;
mod seen;
mod tokens;

use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use app::clock::{Clock as _, SystemClock, VIET_NAM};
use gateways::sign::{Algorithm, Key, Moments, Order, SoftKey, Standing, TimeStamps, prepare};
use gateways::slips::Press;
use jiff::civil::{DateTime, datetime};
use serde_json::Value;

use crate::authority::{Authority, Issued, Kind, Term, Told};
use crate::judge::{pdfsig, pyhanko, structure};
use crate::{samples, tools};

const PATIENCE: Duration = Duration::from_secs(20);

/// Names a process that runs one test apart from the others.
const APART: &str = "MOTCUA_TEST_APART";

/// One authority for the tests that do not revoke, in each process.
static AUTHORITY: LazyLock<Authority> = LazyLock::new(|| {
    let apart = std::env::var(APART).unwrap_or_default();
    Authority::new(&format!("signing{apart}"))
});

/// A paper as the typesetter makes it, PDF/A-2a.
static PAPER: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let (_, slip) = samples::all().into_iter().next().unwrap();
    Press::new().render(&slip).unwrap()
});

fn at() -> DateTime {
    datetime(2026, 11, 22, 9, 30, 15, 0)
}

/// The authority's clock is the machine's.
fn now() -> Moments {
    let now = VIET_NAM.to_timestamp(SystemClock.now()).unwrap();
    Moments { then: now, now }
}

fn signer(name: &str, kind: Kind) -> Issued {
    AUTHORITY.issue(name, kind, Term::Now, Told::ByList)
}

fn algorithm(kind: Kind) -> Algorithm {
    match kind {
        Kind::Rsa => Algorithm::RsaSha256,
        Kind::Ec => Algorithm::EcdsaP256Sha256,
    }
}

fn order(field: &str, issued: &Issued, kind: Kind) -> Order {
    Order {
        chain: issued.chain.clone(),
        algorithm: algorithm(kind),
        field: field.to_owned(),
        fill: Vec::new(),
        appearance: None,
        reason: "Phê duyệt kết quả giải quyết".to_owned(),
        at: at(),
        standing: Standing::Approves,
        lock: Vec::new(),
        stamp_room: 0,
    }
}

fn sign(document: &[u8], order: &Order, issued: &Issued) -> Vec<u8> {
    let key = SoftKey::parse(&issued.key).unwrap();
    let prepared = prepare(document, order).unwrap();
    let signature = key.sign(prepared.attributes()).unwrap();
    prepared.finish(&signature, None).unwrap()
}

async fn sign_stamped(document: &[u8], order: Order, issued: &Issued) -> Vec<u8> {
    let order = Order {
        stamp_room: Order::STAMP_ROOM,
        ..order
    };
    let key = SoftKey::parse(&issued.key).unwrap();
    let prepared = prepare(document, &order).unwrap();
    let signature = key.sign(prepared.attributes()).unwrap();
    let stamp = authority().stamp(&signature).await.unwrap();
    prepared.finish(&signature, Some(&stamp)).unwrap()
}

fn authority() -> TimeStamps {
    TimeStamps::new(&AUTHORITY.stamps(), PATIENCE)
}

fn keep(name: &str, pdf: &[u8]) -> PathBuf {
    tools::keep(&format!("signed-{name}"), pdf)
}

/// Both judges find every signature valid, trusted, and later changes allowed.
fn all_valid(name: &str, pdf: &[u8], signatures: usize) -> Vec<Value> {
    let file = keep(name, pdf);
    structure(&file);
    let said = pyhanko(&AUTHORITY.roots(), &file);
    assert_eq!(said.len(), signatures, "{name}: {said:#?}");
    for one in &said {
        assert_eq!(one["bottom_line"], true, "{name}: {one:#}");
        assert_eq!(one["allowed"], true, "{name}: {one:#}");
    }
    let last = said.last().unwrap();
    assert_eq!(last["coverage"], "ENTIRE_FILE", "{name}: {last:#}");
    let poppler = pdfsig(&file);
    assert_eq!(poppler.len(), signatures, "{name}: {poppler:?}");
    // Poppler knows no time stamps of documents; it says which bytes they cover, no more. It goes by the
    // order of the fields.
    let valid = "Signature Validation: Signature is Valid.";
    let valid = poppler.iter().filter(|(validity, _)| validity == valid);
    let signed = said.iter().filter(|one| one["kind"] == "/Sig");
    assert_eq!(valid.count(), signed.count(), "{name}: {poppler:?}");
    let whole = |(_, covers): &(String, String)| covers == "Total document signed";
    assert!(poppler.iter().any(whole), "{name}: {poppler:?}");
    said
}
