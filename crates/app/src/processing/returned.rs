//! A result handed out: who came, what was seen of that, which papers went back, how the receipt was
//! signed. Names, figures and numbers become sealed texts.

use domain::dossier::{Command, Compared, Handing, ReceiptSigned, Receiver, Record, Seen, SeenBy};
use domain::ids::{FileHash, TextId};
use domain::party::{Party, PartyKind};
use store::{Loaded, NewText};

use crate::facts::World;
use crate::intake::{Recorded, person};
use crate::no::{Denied, Fault, No};
use crate::people::party;
use crate::ports::PortError;
use crate::state::App;

use super::order::{Collector, Handout};
use super::prepare::{Prepared, capped};

/// How many figures of a number are compared, and kept.
const FIGURES: usize = 4;
/// Figures of a personal identification number.
const CITIZEN_FIGURES: usize = 12;

pub(super) async fn returned(
    app: &App,
    (world, loaded): (&World, &Loaded),
    (collector, told): (Collector, Handout),
) -> Result<Prepared, No> {
    let record = loaded.dossier.record().ok_or(Denied::Unseen)?;
    let came = came(app, record, &collector).await?;
    let (receiver, recorded) = receiver(app, world, collector).await?;
    let mut kept = Kept {
        app,
        loaded,
        texts: Vec::new(),
    };
    let seen = match &came {
        Some(came) => kept.seen(came, &told)?,
        None => None,
    };
    let drawing = if told.signature.is_empty() {
        None
    } else {
        Some(drawn(app, told.signature).await?)
    };
    let handing = Handing {
        seen,
        given_back: told.given_back,
        kept: Vec::new(),
        kept_reason: kept.text("kept_reason", &told.kept_reason)?,
        wish: kept.text("wish", &told.wish)?,
        receipt: Some(signed(drawing.as_ref().map(|drawing| &drawing.0))),
    };
    let changed = recorded.as_ref().and_then(Recorded::changed);
    Ok(Prepared {
        texts: kept.texts,
        changed: changed.into_iter().collect(),
        parties: recorded.into_iter().flat_map(Recorded::written).collect(),
        files: drawing.into_iter().map(|(_, content)| content).collect(),
        ..Prepared::of(Command::Return { receiver, handing })
    })
}

/// Who may be who comes, and whether a name is needed of whoever does; none where nobody comes.
struct Came {
    people: Vec<Party>,
    unnamed: bool,
}

/// The applicant or owner, or who was authorised.
async fn came(app: &App, record: &Record, collector: &Collector) -> Result<Option<Came>, No> {
    let filed = &record.filed;
    let people = match collector {
        Collector::Post | Collector::Electronic => return Ok(None),
        Collector::Authorised { party, .. } => vec![Party::clone(party)],
        Collector::Applicant => {
            let applicant = party(app, &filed.applicant).await?;
            vec![applicant, party(app, &filed.owner).await?]
        }
    };
    let unnamed = people
        .first()
        .is_some_and(|who| who.kind != PartyKind::Citizen);
    Ok(Some(Came { people, unnamed }))
}

async fn receiver(
    app: &App,
    world: &World,
    collector: Collector,
) -> Result<(Receiver, Option<Recorded>), No> {
    Ok(match collector {
        Collector::Applicant => (Receiver::Applicant, None),
        Collector::Post => (Receiver::Post, None),
        Collector::Electronic => (Receiver::Electronic, None),
        Collector::Authorised { party, shown, card } => {
            let recorded = person(app, &party, &card, world.now).await?;
            let party = recorded.row.id.clone();
            (Receiver::Authorised { party, shown }, Some(recorded))
        }
    })
}

/// Words that become sealed texts of the dossier.
struct Kept<'a> {
    app: &'a App,
    loaded: &'a Loaded,
    texts: Vec<NewText>,
}

impl Kept<'_> {
    fn text(&mut self, field: &'static str, typed: &str) -> Result<Option<TextId>, No> {
        let (id, texts) = capped(self.app, &self.loaded.id, (field, typed))?;
        self.texts.extend(texts);
        Ok(id)
    }

    /// What was seen of who came; none where nothing was.
    fn seen(&mut self, came: &Came, told: &Handout) -> Result<Option<Seen>, No> {
        let Some(by) = told.seen else {
            return Ok(None);
        };
        let mut faults = Vec::new();
        let figures = figures(&told.digits).or_else(|| of_authorised(came, &told.digits));
        if figures.is_none() {
            faults.push(Fault::new("digits", "fault.digits"));
        }
        if came.unnamed && told.name.trim().is_empty() {
            faults.push(Fault::new("receiver_name", "fault.receiver_name"));
        }
        let Some(figures) = figures.filter(|_| faults.is_empty()) else {
            return Err(No::Invalid(faults));
        };
        Ok(Some(Seen {
            by,
            compared: compared(&came.people, by, &figures),
            digits: self.text("digits", &figures)?,
            name: self.text("receiver_name", &told.name)?,
            phone: self.text("receiver_phone", &told.phone)?,
        }))
    }
}

/// The last figures of what was typed: of the whole number, or these alone.
fn figures(typed: &str) -> Option<String> {
    let all: Vec<char> = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let last = all.len().checked_sub(FIGURES)?;
    let last = all.get(last..)?;
    let plain = last.iter().all(char::is_ascii_alphanumeric);
    plain.then(|| last.iter().collect::<String>().to_ascii_uppercase())
}

/// Whose number was typed in full a moment ago needs no second look at it.
fn of_authorised(came: &Came, typed: &str) -> Option<String> {
    let [only] = came.people.as_slice() else {
        return None;
    };
    let number = only.number.as_deref().filter(|_| typed.trim().is_empty());
    number.and_then(figures)
}

/// The figures against the numbers on file of the kind that the paper says.
fn compared(people: &[Party], by: SeenBy, figures: &str) -> Compared {
    let is_citizen = |number: &&str| {
        number.len() == CITIZEN_FIGURES && number.bytes().all(|byte| byte.is_ascii_digit())
    };
    let persons = people.iter().filter(|who| who.kind == PartyKind::Citizen);
    let numbers = persons.filter_map(|who| who.number.as_deref());
    let numbers = numbers.filter(|number| is_citizen(number) == by.says_citizen_number());
    let numbers: Vec<String> = numbers.map(str::to_ascii_uppercase).collect();
    if numbers.is_empty() {
        return Compared::ByName;
    }
    if numbers.iter().any(|number| number.ends_with(figures)) {
        Compared::Same
    } else {
        Compared::Other
    }
}

/// The signature that was drawn, opened and drawn anew, so that nothing but lines is kept.
async fn drawn(app: &App, posted: Vec<u8>) -> Result<(FileHash, Vec<u8>), No> {
    match app.slips().drawing(posted).await {
        Ok(content) => Ok((app.files().name(&content), content)),
        Err(PortError::Fail(_)) => Err(No::Invalid(vec![Fault::new(
            "signature",
            "fault.signature",
        )])),
        Err(error) => Err(No::Broken(Box::new(error))),
    }
}

fn signed(drawing: Option<&FileHash>) -> ReceiptSigned {
    match drawing {
        Some(file) => ReceiptSigned::Screen { file: file.clone() },
        None => ReceiptSigned::Paper,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(number: Option<&str>) -> Party {
        Party {
            kind: PartyKind::Citizen,
            name: "Nguyễn Thị An".to_owned(),
            number: number.map(str::to_owned),
            birth: None,
            sex: None,
            address: String::new(),
            phone: None,
            email: None,
        }
    }

    #[test]
    fn the_last_figures_are_of_the_whole_number_or_typed_alone() {
        assert_eq!(figures("038199000017").as_deref(), Some("0017"));
        assert_eq!(figures(" 0 0 1 7 ").as_deref(), Some("0017"));
        assert_eq!(figures("b1234567").as_deref(), Some("4567"));
        for bad in ["", "017", "00-7", "ẩẩẩẩ"] {
            assert_eq!(figures(bad), None, "{bad}");
        }
    }

    #[test]
    fn figures_are_compared_with_numbers_of_the_same_kind() {
        let both = [person(Some("038199000017")), person(Some("B1234567"))];
        assert_eq!(compared(&both, SeenBy::Card, "0017"), Compared::Same);
        assert_eq!(compared(&both, SeenBy::Vneid, "4567"), Compared::Other);
        assert_eq!(compared(&both, SeenBy::Passport, "4567"), Compared::Same);
        let card = [person(Some("038199000017"))];
        assert_eq!(compared(&card, SeenBy::Passport, "4567"), Compared::ByName);
        assert_eq!(
            compared(&[person(None)], SeenBy::Chip, "0017"),
            Compared::ByName
        );
        let firm = Party {
            kind: PartyKind::Enterprise,
            ..person(Some("2800000017"))
        };
        assert_eq!(compared(&[firm], SeenBy::Card, "0017"), Compared::ByName);
    }
}
