//! A scanned identity card fills the applicant in, in one stroke.

use domain::party::{BadCard, BadNumber, CardScan, Party, PartyKind, Sex};
use domain::text::fold;

use crate::forms::Typed;
use crate::no::Fault;

/// Fills the applicant's fields from the text that a hand scanner typed into `card`.
///
/// # Errors
/// The fault of the scan, at the field `card`; nothing else changes.
pub fn scan(typed: &mut Typed) -> Result<(), Fault> {
    let card = CardScan::parse(typed.get("card")).map_err(|bad| fault(&bad))?;
    typed.set("kind", "citizen");
    typed.set("name", card.name);
    typed.set("number", card.number.as_str());
    typed.set(
        "birth",
        card.birth
            .map(domain::party::Birth::written)
            .unwrap_or_default(),
    );
    let sex = match card.sex {
        Some(Sex::Male) => "male",
        Some(Sex::Female) => "female",
        None => "",
    };
    typed.set("sex", sex);
    typed.set("address", card.address);
    typed.set("card", "");
    Ok(())
}

/// Whether the text of a scanned card is this person's: only then is a new name hers, whatever was
/// typed after the scan.
pub(super) fn says(card: &str, party: &Party) -> bool {
    let Ok(card) = CardScan::parse(card) else {
        return false;
    };
    party.kind == PartyKind::Citizen
        && party.number.as_deref() == Some(card.number.as_str())
        && fold(&party.name) == fold(&card.name)
}

fn fault(bad: &BadCard) -> Fault {
    match bad {
        BadCard::Fields(there) => Fault::new("card", "fault.card_fields").with("there", there),
        BadCard::Number(BadNumber::Length(there)) => {
            Fault::new("card", "fault.card_number").with("there", there)
        }
        BadCard::Number(BadNumber::NotDigits) | BadCard::Name => {
            Fault::new("card", "fault.card_garbled")
        }
        BadCard::Date(_) => Fault::new("card", "fault.card_date"),
    }
}
