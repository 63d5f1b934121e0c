//! The signing services of the demonstration, with keys that stay in a folder between starts.

use std::io;
use std::path::Path;
use std::sync::Arc;

use axum::Router;

use crate::authority::{Authority, Purpose, Subject};
use crate::control::controlled;
use crate::csc::{self, Csc};
use crate::my_sign::{self, MySign};
use crate::people::Person;
use crate::public_gateway::{self, PublicGateway};
use crate::revocation::{self, Responder};
use crate::smart_ca::{self, SmartCa};
use crate::token::Token;
use crate::tsa::{self, TimeStamps};

/// Personal number of the person whose key is at every service.
pub const PERSON: &str = "038080000011";
/// Her key's number.
const CREDENTIAL: &str = "demo-1";
/// How often a request is asked for before she has approved.
const PENDING: u32 = 1;

/// The services, and the local service of a token.
#[derive(Debug)]
pub struct Demonstration {
    /// Every service that speaks HTTP.
    pub site: Router,
    /// The local service of a token.
    pub token: Arc<Token>,
}

/// Opens them with the keys kept in `folder`, which are made when it has none. They are reached at
/// `address`, as `http://127.0.0.1:8090`; the token is `whose`.
///
/// Beside the authority's own files the folder then has `person`, `seal`, `token`, `stamps` and
/// `responder`, each as `NAME.pem` (certificates) and `NAME.key`.
///
/// # Errors
/// When the folder cannot be read or written.
pub fn open(folder: &Path, address: &str, whose: &str) -> io::Result<Demonstration> {
    let authority = Authority::open(folder, "Test authority of Mot Cua", Some(address))?;
    let kept = |file: &str, name: &str, purpose: Purpose| {
        let mut subject = Subject::new(name, purpose);
        if file == "person" {
            PERSON.clone_into(&mut subject.number);
        }
        authority.kept(folder, file, &subject)
    };
    let person = Arc::new(kept("person", "Nguyễn Thị Lãnh Đạo", Purpose::Signature)?);
    kept("seal", "Cơ quan trình diễn", Purpose::Signature)?;
    let token = kept("token", whose, Purpose::Signature)?;
    let token = Arc::new(Token::new(token));
    let stamps = kept("stamps", "Time stamps of Mot Cua", Purpose::TimeStamps)?;
    let responder = kept("responder", "Responder of Mot Cua", Purpose::Revocation)?;
    let stamps = Arc::new(TimeStamps::new(stamps));
    let responder = Responder::new(Arc::new(authority), responder);
    let of = |user: String| vec![Person::new(&user, CREDENTIAL, person.clone())];
    let (own, card) = (PERSON.to_owned(), format!("CMT_{PERSON}"));
    let csc = Arc::new(Csc::new(of(own.clone()), stamps.clone()));
    let smart_ca = Arc::new(SmartCa::new(of(own.clone()), PENDING));
    let my_sign = Arc::new(MySign::new(of(card), PENDING));
    let gateway = Arc::new(PublicGateway::new(of(own)));
    let site = Router::new()
        .merge(csc::site(&csc))
        .merge(smart_ca::site(&smart_ca))
        .merge(my_sign::site(&my_sign))
        .merge(public_gateway::site(&gateway))
        .merge(tsa::site(&stamps))
        .merge(revocation::site(&Arc::new(responder)))
        .merge(controlled("token", &token.desk, Router::new()));
    Ok(Demonstration { site, token })
}
