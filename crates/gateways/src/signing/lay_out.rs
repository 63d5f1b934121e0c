//! What a signature says and shows, by whose it is.

use app::signing::{SignError, SigningAct, ToSign};
use domain::ids::FileHash;
use jiff::civil::DateTime;

use super::elsewhere::STAMP;
use super::told;
use crate::pdf;
use crate::sign::{
    Algorithm, Appearance, Face, Order, Prepared, SignFault, Standing, empty_places, places,
    prepare, prepare_stamp, takes, unsigned_fields,
};
use crate::slips::{AGENCY, DAY, NUMBER, PERSON, WHOLE};

/// The field of the agency's signature on an attachment.
const ATTACHMENT: &str = "attachment";

/// The field of the agency's signature on an electronic copy.
const COPY: &str = "copy";

/// The document with a place for the signature.
pub(super) fn laid_out(
    what: &ToSign,
    (chain, algorithm): (&[Vec<u8>], Algorithm),
    stamped: bool,
) -> Result<Prepared, SignError> {
    ordered(what, |order| {
        let order = Order {
            chain: chain.to_vec(),
            algorithm,
            stamp_room: if stamped { Order::STAMP_ROOM } else { 0 },
            ..order
        };
        prepare(&what.document, &order)
    })
}

/// Hands on the order that asks for the number as the document does.
fn ordered<T>(what: &ToSign, lay: impl Fn(Order) -> Result<T, SignFault>) -> Result<T, SignError> {
    let lay = |asks| lay(Said::of(what, asks)?.order(what.at));
    let laid = match lay(Asks::Number) {
        // A document made elsewhere has no words before its number.
        Err(SignFault::Field { name, .. }) if name == NUMBER => lay(Asks::Whole),
        laid => laid,
    };
    laid.map_err(|fault| told(&fault))
}

/// Whether a document takes a signature in that way, whoever signs: what would fail then fails now.
fn taken(document: &[u8], act: SigningAct) -> Result<(), SignError> {
    let what = ToSign {
        document: document.to_vec(),
        act,
        at: DateTime::default(),
    };
    ordered(&what, |order| takes(&what.document, &order))
}

/// A seal as any other.
fn any_seal() -> SigningAct {
    SigningAct::Seal {
        agency: "UBND".to_owned(),
        number: "1".to_owned(),
        symbol: "QĐ".to_owned(),
        day: "1".to_owned(),
    }
}

/// Whether a document that got places for number, day and signatures can be signed and sealed there.
pub(super) fn usable(document: &[u8]) -> Result<(), SignError> {
    let person = SigningAct::Person {
        name: "A".to_owned(),
        attachments: Vec::new(),
    };
    taken(document, person)?;
    taken(document, any_seal())?;
    // What she signs elsewhere is stamped here.
    let stamped = prepare_stamp(document, STAMP);
    stamped.map(drop).map_err(|fault| told(&fault))
}

/// Whether a document from outside can be sealed as an attachment: harmless, signed by nobody, with a
/// first page that has a corner.
pub(super) fn attachable(document: &[u8]) -> Result<(), SignError> {
    pdf::open(document).map_err(|refused| SignError::Document(refused.to_string()))?;
    let fields = unsigned_fields(document).map_err(|fault| told(&fault))?;
    if fields
        .iter()
        .any(|field| field == ATTACHMENT || field == COPY)
    {
        let why = "a field of it has the name of the seal's".to_owned();
        return Err(SignError::Document(why));
    }
    let act = SigningAct::Attachment {
        agency: "UBND".to_owned(),
        belongs: "A".to_owned(),
    };
    taken(document, act)
}

/// Whether number, day and the agency's signature still have their places on a document, and can be put
/// there.
pub(super) fn sealable(document: &[u8]) -> Result<(), SignError> {
    let (texts, signatures) = empty_places(document).map_err(|fault| told(&fault))?;
    let has = |names: &[String], wanted: &str| names.iter().any(|name| name == wanted);
    let number = has(&texts, NUMBER) || has(&texts, WHOLE);
    if number && has(&texts, DAY) && has(&signatures, AGENCY) {
        return taken(document, any_seal());
    }
    let why = "it has no place left for number, day or seal".to_owned();
    Err(SignError::Document(why))
}

/// What the place of the number asks for.
#[derive(Debug, Clone, Copy)]
enum Asks {
    /// The number alone: the words around it are printed.
    Number,
    /// The number with its word and its symbol.
    Whole,
}

/// What a signature fills in, says and shows.
struct Said {
    field: &'static str,
    fill: Vec<(String, String)>,
    standing: Standing,
    reason: String,
    appearance: Appearance,
    lock: Vec<String>,
}

impl Said {
    /// The person certifies what she signed: number and day may be filled in and the seal put on it,
    /// nothing else. The agency closes it: no field is filled or signed any more. An attachment, or the copy of a
    /// paper, is closed by the agency alone.
    fn of(what: &ToSign, asks: Asks) -> Result<Self, SignFault> {
        let time = what.at.strftime("%d-%m-%Y %H:%M:%S +07:00").to_string();
        Ok(match &what.act {
            SigningAct::Person { name, attachments } => Self {
                field: PERSON,
                fill: Vec::new(),
                standing: Standing::Certifies,
                reason: approval(attachments),
                appearance: placed(places().persons_face(None, vec![name.clone(), time])),
                lock: Vec::new(),
            },
            SigningAct::Seal {
                agency,
                number,
                symbol,
                day,
            } => {
                let number = match asks {
                    Asks::Number => (NUMBER.to_owned(), number.clone()),
                    Asks::Whole => (WHOLE.to_owned(), format!("Số: {number}/{symbol}")),
                };
                let fill = vec![number, (DAY.to_owned(), day.clone())];
                Self {
                    field: AGENCY,
                    lock: Vec::new(),
                    fill,
                    standing: Standing::Closes,
                    reason: "Phát hành".to_owned(),
                    appearance: placed(places().agencys_face(None, vec![agency.clone(), time])),
                }
            }
            SigningAct::Copy { form, agency } => Self {
                field: COPY,
                fill: Vec::new(),
                standing: Standing::Certifies,
                reason: form.clone(),
                appearance: places().corner(
                    &what.document,
                    (&format!("{form}: {agency}"), &[]),
                    what.at,
                )?,
                lock: unsigned_fields(&what.document)?,
            },
            SigningAct::Attachment { agency, belongs } => Self {
                field: ATTACHMENT,
                fill: Vec::new(),
                standing: Standing::Certifies,
                reason: belongs.clone(),
                appearance: places().corner(
                    &what.document,
                    (agency, std::slice::from_ref(belongs)),
                    what.at,
                )?,
                lock: unsigned_fields(&what.document)?,
            },
        })
    }
}

impl Said {
    /// The order, whoever signs.
    fn order(self, at: DateTime) -> Order {
        Order {
            chain: Vec::new(),
            algorithm: Algorithm::RsaSha256,
            field: self.field.to_owned(),
            fill: self.fill,
            appearance: Some(self.appearance),
            reason: self.reason,
            at,
            standing: self.standing,
            lock: self.lock,
            stamp_room: 0,
        }
    }
}

/// A face in a field that has a place of its own; this one is not used.
fn placed(face: Face) -> Appearance {
    Appearance {
        place: places().person(1, (0.0, 0.0)),
        face,
    }
}

/// Why a person signs. The attachments in files of their own are named by their hashes, which the
/// signature covers: another file in the place of one is no more what she approved.
fn approval(attachments: &[FileHash]) -> String {
    let mut reason = "Phê duyệt".to_owned();
    for (nth, hash) in attachments.iter().enumerate() {
        let number = nth.saturating_add(1);
        reason.extend([
            "; phụ lục ",
            &number.to_string(),
            ", SHA-256: ",
            hash.as_str(),
        ]);
    }
    reason
}
