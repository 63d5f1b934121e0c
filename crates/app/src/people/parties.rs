//! The records of persons: sealed at rest, opened for a purpose, every opening logged.

use domain::ids::{DossierId, PartyId};
use domain::party::{Birth, Party, PartyKind, Sex, mask, phone_number};
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use store::views::PartyKey;
use store::{AuditLine, KeyedHash, PartyRow};

use crate::access::Actor;
use crate::keys::Keyring;
use crate::no::{Denied, No};
use crate::state::App;

/// What of a party is sealed.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Sealed {
    number: Option<String>,
    birth: Option<Birth>,
    sex: Option<Sex>,
    address: String,
    phone: Option<String>,
    email: Option<String>,
}

/// A person as a page shows her: numbers masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyView {
    /// What it is.
    pub kind: PartyKind,
    /// Full name.
    pub name: String,
    /// `0381****2028`.
    pub number: String,
    /// Birth as far as known.
    pub birth: Option<Birth>,
    /// Address.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// Electronic mail.
    pub email: String,
}

/// The keyed hash by which a number is found, however it was spelt: `h56. 102` is `H56.102`.
pub(crate) fn number_hash(keys: &Keyring, number: &str) -> KeyedHash {
    keys.look_up("number", &joined(number).to_uppercase())
}

fn joined(text: &str) -> String {
    text.split_whitespace().collect()
}

/// The keyed hash by which a telephone is found.
fn phone_hash(keys: &Keyring, phone: &str) -> KeyedHash {
    keys.look_up("phone", phone)
}

/// Digits from which on a text of digits alone may be somebody's number.
const FEWEST_DIGITS: usize = 6;
/// What stands between the parts of an identifier.
const BETWEEN: [char; 4] = ['-', '.', '/', '_'];

/// By what a typed text may find somebody: as an identity number, tax code, passport or identifier
/// of an agency, and as a telephone. None when it can be neither.
pub(crate) fn party_keys(keys: &Keyring, typed: &str) -> Vec<PartyKey> {
    let joined = joined(typed);
    let digits = joined.bytes().filter(u8::is_ascii_digit).count();
    let plain = |c: char| c.is_alphanumeric() || BETWEEN.contains(&c);
    let fewest = if digits == joined.len() {
        FEWEST_DIGITS
    } else {
        1
    };
    let mut found = Vec::new();
    if digits >= fewest && joined.chars().all(plain) {
        found.push(PartyKey::Number(number_hash(keys, &joined)));
    }
    if let Some(phone) = phone_number(typed) {
        found.push(PartyKey::Phone(phone_hash(keys, &phone)));
    }
    found
}

/// The stored record of `party`.
pub fn party_row(keys: &Keyring, id: &PartyId, party: &Party, now: DateTime) -> PartyRow {
    let sealed = Sealed {
        number: party.number.clone(),
        birth: party.birth,
        sex: party.sex,
        address: party.address.clone(),
        phone: party.phone.clone(),
        email: party.email.clone(),
    };
    PartyRow {
        id: id.clone(),
        kind: party.kind,
        name: party.name.clone(),
        sealed: keys.seal(&about(id), &sealed),
        number_hash: party
            .number
            .as_deref()
            .map(|number| number_hash(keys, number)),
        phone_hash: party.phone.as_deref().map(|phone| phone_hash(keys, phone)),
        updated_at: now,
        erased: false,
        seen: None,
    }
}

fn about(id: &PartyId) -> String {
    format!("party:{id}")
}

/// What a stored record says; of an erased one, that it was there.
pub(crate) fn opened(keys: &Keyring, row: PartyRow) -> Result<Party, No> {
    if row.erased {
        return Ok(Party {
            kind: row.kind,
            name: row.name,
            number: None,
            birth: None,
            sex: None,
            address: String::new(),
            phone: None,
            email: None,
        });
    }
    let sealed: Sealed = keys.open(&about(&row.id), &row.sealed)?;
    Ok(Party {
        kind: row.kind,
        name: row.name,
        number: sealed.number,
        birth: sealed.birth,
        sex: sealed.sex,
        address: sealed.address,
        phone: sealed.phone,
        email: sealed.email,
    })
}

/// Opens a record for the program itself: to print it on a slip of its own dossier.
pub(crate) async fn party(app: &App, id: &PartyId) -> Result<Party, No> {
    let row = app.store().party(id).await?.ok_or(Denied::Unseen)?;
    opened(app.keys(), row)
}

/// Opens a record for a page, masked, and logs who read it for which dossier.
///
/// # Errors
/// [`No::Broken`]; [`No::Denied`] when there is no such record.
pub async fn party_view(
    app: &App,
    actor: &Actor,
    id: &PartyId,
    dossier: &DossierId,
) -> Result<PartyView, No> {
    let party = party(app, id).await?;
    let line = AuditLine {
        actor: actor.staff.to_string(),
        action: "party.read".to_owned(),
        subject: id.to_string(),
        purpose: format!("dossier {dossier}"),
        detail: String::new(),
    };
    app.store().audit(app.clock().now(), vec![line]).await?;
    Ok(view(party))
}

fn view(party: Party) -> PartyView {
    PartyView {
        kind: party.kind,
        name: party.name,
        number: party.number.as_deref().map(mask).unwrap_or_default(),
        birth: party.birth,
        address: party.address,
        phone: party.phone.unwrap_or_default(),
        email: party.email.unwrap_or_default(),
    }
}

/// What the system knows of a person at the counter: telephone and mail given before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Telephone.
    pub phone: String,
    /// Electronic mail.
    pub email: String,
}

/// Looks up what a person with this number gave before, to fill the form in; logged.
///
/// # Errors
/// [`No::Denied`] without a counter, [`No::Broken`].
pub async fn known(app: &App, actor: &Actor, number: &str) -> Result<Option<Known>, No> {
    if actor.counter().is_none() {
        return Err(Denied::Seen.into());
    }
    let rows = app
        .store()
        .parties_by_number(number_hash(app.keys(), number))
        .await?;
    let mut citizens = rows
        .into_iter()
        .filter(|row| row.kind == PartyKind::Citizen);
    let Some(row) = citizens.next() else {
        return Ok(None);
    };
    let line = AuditLine {
        actor: actor.staff.to_string(),
        action: "party.read".to_owned(),
        subject: row.id.to_string(),
        purpose: "intake".to_owned(),
        detail: String::new(),
    };
    app.store().audit(app.clock().now(), vec![line]).await?;
    let party = opened(app.keys(), row)?;
    Ok(Some(Known {
        phone: party.phone.unwrap_or_default(),
        email: party.email.unwrap_or_default(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever form stores, search finds, however either was spelt.
    #[test]
    fn an_identifier_is_found_as_it_is_stored() {
        let keys = Keyring::parse(&"5a".repeat(32)).unwrap();
        for (stored, asked) in [
            ("H56.102", "h56.102"),
            ("000.00.01.H56", "000.00.01.h56"),
            ("QĐ 12/UBND", "QĐ 12/UBND"),
            ("2800123456-001", "2800 123 456-001"),
            ("C1234567", "c1234567"),
        ] {
            let key = PartyKey::Number(number_hash(&keys, stored));
            assert!(party_keys(&keys, asked).contains(&key), "{asked}");
        }
        for none in ["0001", "Nguyễn Thị An", "", "."] {
            assert_eq!(party_keys(&keys, none), [], "{none}");
        }
    }
}
