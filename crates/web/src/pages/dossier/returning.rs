//! The form of a return: what to compare, who takes the result, what was seen of that, which papers
//! go back, how the receipt is signed.

use app::forms::Typed;
use app::no::Fault;
use app::processing::{Collector, DossierPage, Handout, Order};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::dossier::{Delivery, SeenBy};
use domain::party::PartyKind;
use domain::procedure::Component;

use crate::pages::intake::field::{COLLECTOR, Choice, Field, Fields, at, choices};

use super::attach;
use super::files::result;
use super::form::{Collector as CollectorPart, Part, choose, numbered};
use super::orders::collector;
use super::view::{Fact, delivery};

/// What was seen of who comes, what goes back, how the receipt is signed.
#[derive(Debug, Clone)]
pub(crate) struct HandingPart {
    /// Which paper was seen, its figures, a name for an organisation, a telephone.
    pub(crate) identity: Vec<Field>,
    /// The later wish to get it in another way.
    pub(crate) wish: Field,
    /// What was chosen at filing.
    pub(crate) wish_hint: String,
    /// For which ways a wish is needed.
    pub(crate) wish_for: &'static str,
    /// Papers that lie in the dossier.
    pub(crate) papers: Vec<Choice>,
    /// Why those that are not ticked stay.
    pub(crate) kept_reason: Field,
    /// On paper or on the screen.
    pub(crate) receipt: Vec<Choice>,
    /// The drawing, in base64; empty before.
    pub(crate) signature: String,
    pub(crate) signature_error: String,
}

/// Ways of signing, paper first: it needs nothing.
const SIGNED: [(&str, &str); 2] = [
    ("paper", "act.receipt_paper"),
    ("screen", "act.receipt_screen"),
];

pub(super) fn returning(fields: &Fields<'_>, page: &DossierPage) -> Vec<Part> {
    let (w, typed) = (fields.w, fields.typed);
    let issued = page
        .dossier
        .issued()
        .map(|issued| issued.number.clone())
        .unwrap_or_default();
    let compare = [
        Fact::of(w, "dossier.owner", page.owner.name.clone()),
        Fact::of(w, "party.number", page.owner.number.clone()),
        Fact::of(w, "act.compare_result", issued),
        Fact::of(w, "intake.delivery", w.t(delivery(page)).to_owned()),
    ];
    let offered = [
        ("applicant", "act.receiver_applicant"),
        ("authorised", "act.receiver_authorised"),
        ("post", "act.receiver_post"),
        ("electronic", "act.receiver_electronic"),
    ];
    let who = CollectorPart {
        card: typed.get("card").to_owned(),
        card_error: at(fields.mistakes, "card"),
        source: typed.get("collector_source").to_owned(),
        fields: fields.identity(COLLECTOR),
        shown: typed.get("shown") == "yes",
    };
    let compare = Part::Compare(compare.into_iter().flatten().collect());
    let parts = [
        chosen_way(fields, page, &offered),
        Part::Collector(who),
        Part::Handing(Box::new(handing(fields, page))),
    ];
    let paper = result(w, page).map(Part::Paper);
    let attached = attach::lines(w, page);
    let attached = (!attached.is_empty()).then_some(Part::Attached(attached));
    let shown = [compare].into_iter().chain(paper).chain(attached);
    shown.chain(parts).collect()
}

/// Who takes it; the way that was chosen at filing is on.
fn chosen_way(fields: &Fields<'_>, page: &DossierPage, offered: &[(&str, &str)]) -> Part {
    let mut part = choose(fields, ("receiver", "act.receiver"), offered);
    let way = match page.record().filed.delivery {
        Delivery::Centre => return part,
        Delivery::Post => "post",
        Delivery::Electronic => "electronic",
    };
    if let Part::Choose(ticks) = &mut part
        && fields.typed.get("receiver").is_empty()
    {
        for choice in &mut ticks.choices {
            choice.on = choice.value == way;
        }
    }
    part
}

fn handing(fields: &Fields<'_>, page: &DossierPage) -> HandingPart {
    let w = fields.w;
    let filed = &page.record().filed;
    let wish_for = match filed.delivery {
        Delivery::Centre => "for-away",
        Delivery::Post => "for-electronic",
        Delivery::Electronic => "for-post",
    };
    HandingPart {
        identity: identity(fields, page),
        wish: fields.text("wish", "act.wish"),
        wish_hint: w.fill("act.wish_hint", "delivery", w.t(delivery(page))),
        wish_for,
        papers: papers(fields.typed, page),
        kept_reason: fields.text("kept_reason", "act.kept_reason"),
        receipt: choices(w, fields.typed.get("receipt"), &SIGNED),
        signature: fields.typed.get("signature").to_owned(),
        signature_error: at(fields.mistakes, "signature"),
    }
}

fn identity(fields: &Fields<'_>, page: &DossierPage) -> Vec<Field> {
    let kinds = [
        ("", "act.seen_none"),
        ("card", "seen.card"),
        ("chip", "seen.chip"),
        ("vneid", "seen.vneid"),
        ("passport", "seen.passport"),
    ];
    let mut seen = Field {
        class: "w3",
        options: choices(fields.w, fields.typed.get("seen"), &kinds),
        ..fields.text("seen", "act.seen")
    };
    seen.show_choice();
    let digits = Field {
        class: "w2",
        ..fields.text("digits", "act.digits")
    };
    let phone = Field {
        class: "w3",
        mode: "tel",
        optional: true,
        ..fields.text("receiver_phone", "act.receiver_phone")
    };
    let organisation = page.applicant.kind != PartyKind::Citizen;
    let name = organisation.then(|| fields.text("receiver_name", "act.receiver_name"));
    [seen, digits]
        .into_iter()
        .chain(name)
        .chain([phone])
        .collect()
}

/// Papers that lie in the dossier, ticked to be given back until somebody says otherwise.
fn papers(typed: &Typed, page: &DossierPage) -> Vec<Choice> {
    let record = page.record();
    let case = page.procedure.case(record.filed.case);
    let kept = record.filed.handed.iter();
    let kept = kept.filter(|there| there.handed.is_kept_paper());
    let untold = typed.get("papers").is_empty();
    let paper = |component: &Component| {
        let name = format!("b{}", component.number);
        numbered(component, untold || !typed.get(&name).is_empty())
    };
    kept.filter_map(|there| {
        let mut components = case.iter().flat_map(|case| &case.components);
        components.find(|one| one.number == there.component)
    })
    .map(paper)
    .collect()
}

/// The order that the form gives.
pub(super) fn order(typed: &Typed) -> Result<Order, Vec<Fault>> {
    let who = collector(typed);
    let signature = drawn(typed);
    let (Ok(collector), Ok(signature)) = (&who, &signature) else {
        let faults = who.err().into_iter().flatten();
        return Err(faults.chain(signature.err()).collect());
    };
    let words = |name: &str| typed.get(name).to_owned();
    let told = Handout {
        seen: SeenBy::parse(typed.get("seen")),
        digits: words("digits"),
        name: words("receiver_name"),
        phone: words("receiver_phone"),
        given_back: ticked(typed),
        kept_reason: words("kept_reason"),
        wish: words("wish"),
        signature: signature.clone(),
    };
    Ok(Order::Return {
        collector: Collector::clone(collector),
        told,
    })
}

/// `b1`, `b2`, … where something stands in them.
fn ticked(typed: &Typed) -> Vec<u16> {
    let ticked = typed.iter().filter(|(_, value)| !value.is_empty());
    let numbers = ticked.filter_map(|(name, _)| name.strip_prefix('b')?.parse().ok());
    numbers.collect()
}

/// The signature on the screen, where that is how the receipt is signed.
fn drawn(typed: &Typed) -> Result<Vec<u8>, Fault> {
    if typed.get("receipt") != "screen" {
        return Ok(Vec::new());
    }
    let fault = || Fault::new("signature", "fault.signature");
    let drawing = STANDARD.decode(typed.get("signature"));
    let drawing = drawing.map_err(|_| fault())?;
    if drawing.is_empty() {
        return Err(fault());
    }
    Ok(drawing)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(fields: &[(&str, &str)]) -> Result<Handout, Vec<&'static str>> {
        let mut typed = Typed::default();
        for (name, value) in fields {
            typed.set(name, *value);
        }
        match order(&typed) {
            Ok(Order::Return { told, .. }) => Ok(told),
            Ok(other) => panic!("{other:?}"),
            Err(faults) => Err(faults.iter().map(|fault| fault.field).collect()),
        }
    }

    #[test]
    fn what_is_ticked_seen_and_drawn_is_told() {
        let told = told(&[
            ("receiver", "applicant"),
            ("seen", "vneid"),
            ("digits", "0017"),
            ("b1", "yes"),
            ("b3", "yes"),
            ("birth", "1"),
            ("receipt", "screen"),
            ("signature", "bGluZXM="),
        ])
        .unwrap();
        assert_eq!(told.seen, Some(SeenBy::Vneid));
        assert_eq!(told.given_back, [1, 3]);
        assert_eq!(told.signature, b"lines");
    }

    #[test]
    fn on_paper_no_drawing_is_asked_for_and_on_the_screen_one_is() {
        assert_eq!(told(&[("signature", "bGluZXM=")]).unwrap().signature, b"");
        for bad in ["", "not base64!"] {
            let no = told(&[("receipt", "screen"), ("signature", bad)]);
            assert_eq!(no, Err(vec!["signature"]), "{bad}");
        }
        let no = told(&[("receipt", "screen"), ("receiver", "authorised")]);
        assert!(no.unwrap_err().len() > 1, "both are said at once");
    }
}
