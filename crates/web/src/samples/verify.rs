//! Samples of the page on which the public verifies a paper.

use app::verification::{
    Compared, Found, Lasting, Paper, PaperKind, Sameness, Signature, SignatureKind, Standing,
    Verdict,
};
use app::words::Language;
use askama::Template;
use domain::procedure::Validity;
use domain::reuse::Validness;
use domain::slip::Form;
use jiff::civil::{Date, date};

use crate::pages::samples::VerifyPage;
use crate::session::Visitor;
use crate::words::Words;

use super::page;

const VI: Words = Words(Language::Vi);
const EN: Words = Words(Language::En);

fn visitor(w: Words) -> Visitor {
    Visitor {
        w,
        here: "/xac-thuc/AFpS2dQCk3pF0a9nJ8sOqkzMkT1vYlQ7cQd1b2E".to_owned(),
    }
}

fn shown(name: &str, template: &impl Template) {
    page(name, &template.render().unwrap());
}

fn signed(who: &str, since: &str, at: jiff::civil::DateTime) -> Signature {
    Signature {
        kind: SignatureKind::Signature,
        who: who.to_owned(),
        fingerprint: String::new(),
        issuer: "Một Cửa, test authority".to_owned(),
        root: "other".to_owned(),
        at: Some(at),
        proven: true,
        key: "signature.valid".to_owned(),
        since: since.to_owned(),
    }
}

/// Valid until that day, as asked on 23 November 2026.
fn lasting(last: Date) -> Lasting {
    let (validity, today) = (Some(Validity::Until(last)), date(2026, 11, 23));
    Lasting {
        validity,
        now: Validness::of(validity, today),
        today,
    }
}

fn verified(kind: PaperKind, standing: Standing) -> Paper {
    let at = date(2026, 11, 16).at(10, 42, 0, 0);
    let verdict = Verdict {
        key: "signature.valid".to_owned(),
        signatures: vec![
            signed("Trần Thị Lan", "signature.since.forms", at),
            signed("UBND phường <Hạc Thành>", "signature.since.nothing", at),
        ],
    };
    let result = kind == PaperKind::Result;
    let issued = standing != Standing::Unknown;
    Paper {
        kind,
        standing,
        of_paper: false,
        correcting: false,
        agency: if issued {
            "UBND phường Hạc Thành"
        } else {
            ""
        }
        .to_owned(),
        number: (result && issued).then(|| "12/KQ-UBND".to_owned()),
        day: issued.then(|| at.date()),
        validity: (result && standing == Standing::Authentic).then(|| lasting(date(2027, 5, 16))),
        issues: if result { 1 } else { 2 },
        attachments: 0,
        found: (result && issued).then_some(Found { verdict, at }),
    }
}

#[test]
fn verification() {
    let token = "AFpS2dQCk3pF0a9nJ8sOqkzMkT1vYlQ7cQd1b2E";
    let result = verified(PaperKind::Result, Standing::Authentic);
    for (name, w) in [("verify", VI), ("verify-en", EN)] {
        shown(name, &VerifyPage::of(&visitor(w), token, &result));
    }
    for standing in Standing::ALL {
        for w in [VI, EN] {
            let paper = verified(PaperKind::Form(Form::Supplement), standing);
            let html = VerifyPage::of(&visitor(w), token, &paper).render().unwrap();
            assert_eq!(super::faults(&html), Vec::<String>::new(), "{standing:?}");
        }
    }
    let over = Paper {
        validity: Some(lasting(date(2026, 11, 22))),
        ..result.clone()
    };
    for (name, w) in [("verify-expired", VI), ("verify-expired-en", EN)] {
        shown(name, &VerifyPage::of(&visitor(w), token, &over));
    }
    let copied = Paper {
        of_paper: true,
        ..result.clone()
    };
    for (name, w) in [("verify-of-paper", VI), ("verify-of-paper-en", EN)] {
        shown(name, &VerifyPage::of(&visitor(w), token, &copied));
    }
    let slip = verified(PaperKind::Form(Form::Receipt), Standing::Authentic);
    shown("verify-slip", &VerifyPage::of(&visitor(VI), token, &slip));
    let gone = Paper {
        correcting: true,
        ..verified(PaperKind::Result, Standing::Replaced)
    };
    shown(
        "verify-replaced",
        &VerifyPage::of(&visitor(VI), token, &gone),
    );
    for (name, w) in [("verify-not", VI), ("verify-not-en", EN)] {
        shown(name, &VerifyPage::unknown(&visitor(w)));
    }
    let missing = VerifyPage {
        fault: VI.t("verify.no_file").to_owned(),
        ..VerifyPage::of(&visitor(VI), token, &result)
    };
    shown("verify-fault", &missing);
    for same in Sameness::ALL {
        for (w, end) in [(VI, ""), (EN, "-en")] {
            let compared = Compared {
                paper: result.clone(),
                same,
                attachment: (same == Sameness::Attachment).then_some(1),
                verdict: result.found.clone().map(|found| found.verdict),
            };
            let name = format!("verify-{}{end}", same.as_str());
            shown(&name, &VerifyPage::compared(&visitor(w), token, &compared));
        }
    }
}
