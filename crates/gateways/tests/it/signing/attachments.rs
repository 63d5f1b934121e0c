//! Attachments in files of their own: the agency's seal at the top right corner of the first page.

use std::path::Path;

use app::signing::{Pin, SignError, Signatures as _, SigningAct, Sure, ToSign};
use gateways::pdf;
use gateways::slips::Press;

use super::results::{PIN, letter, registered, signatures};
use super::{AUTHORITY, all_valid, at, keep, signer};
use crate::authority::Kind;
use crate::documents::Pdf;
use crate::judge::pyhanko;
use crate::{samples, tools};

const AGENCY: &str = "Ủy ban nhân dân phường Hạc Thành";
const BELONGS: &str = "Kèm theo Văn bản số 07/KQ-H56.14 ngày 23/11/2026";

/// A drawing whose page is shown turned by that many degrees.
fn turned(degrees: u16) -> Vec<u8> {
    let made = Press::new().render(&samples::result()).unwrap();
    if degrees == 0 {
        return made;
    }
    let file = keep(&format!("attachment-made-{degrees}"), &made);
    let out = file.with_extension("turned.pdf");
    let rotate = format!("--rotate={degrees}:1");
    let args = [rotate.as_str(), tools::path(&file), tools::path(&out)];
    tools::run("qpdf", &args);
    std::fs::read(out).unwrap()
}

/// Where a word ends on the first page as it is shown: from the right, from the top. Poppler gives the
/// size of a page as it is before it is turned.
fn edges(file: &Path, (wanted, lies): (&str, bool)) -> (f32, f32) {
    let words = tools::run("pdftotext", &["-l", "1", "-bbox", tools::path(file), "-"]);
    let edge = |line: &str, name: &str| -> f32 {
        let (_, rest) = line.split_once(&format!("{name}=\"")).unwrap();
        rest.split('"').next().unwrap().parse().unwrap()
    };
    let page = words.lines().find(|line| line.contains("<page")).unwrap();
    let word = words.lines().find(|line| line.contains(wanted));
    let word = word.unwrap_or_else(|| panic!("no {wanted} in {words}"));
    let width = edge(page, if lies { "height" } else { "width" });
    (width - edge(word, "xMax"), edge(word, "yMax"))
}

#[tokio::test]
async fn an_attachment_is_sealed_at_its_seen_corner_and_both_judges_find_it_valid() {
    let agency = signer("UBND", Kind::Ec);
    let signatures = signatures("attachments", &[&agency]);
    let registered = registered(&agency);
    let pin = Pin::new(PIN);
    let hand = signatures.seal(&registered, (&pin, Sure::Yes));
    let hand = hand.await.unwrap();
    for degrees in [0, 90, 180, 270] {
        let document = turned(degrees);
        signatures.attachable(document.clone()).await.unwrap();
        let act = SigningAct::Attachment {
            agency: AGENCY.to_owned(),
            belongs: BELONGS.to_owned(),
        };
        let what = ToSign {
            document: document.clone(),
            act,
            at: at(),
        };
        let sealed = hand.sign(what).await.unwrap();
        assert!(sealed.starts_with(&document), "nothing is rewritten");
        let name = format!("attachment-{degrees}");
        let said = all_valid(&name, &sealed, 1);
        assert_eq!(said[0]["stamped"], true, "{said:#?}");
        let file = keep(&name, &sealed);
        let text = tools::flowing_text(&file);
        for line in [AGENCY, BELONGS, "22-11-2026 09:30:15 +07:00"] {
            assert!(text.contains(line), "{degrees}: {line}: {text}");
        }
        let (right, bottom) = edges(&file, ("+07:00", degrees % 180 == 90));
        assert!((right - 28.3).abs() < 1.5, "{degrees}: {right}");
        assert!(bottom < 80.0, "{degrees}: {bottom}");
        let again = signatures.attachable(sealed).await;
        assert!(matches!(again, Err(SignError::Document(_))), "{again:?}");
    }
    let broken = signatures
        .attachable(b"%PDF-1.7 and no more".to_vec())
        .await;
    assert!(matches!(broken, Err(SignError::Document(_))));
}

/// What cannot be sealed is refused while somebody can still choose another file.
#[tokio::test]
async fn what_the_seal_cannot_be_put_on_is_no_attachment() {
    let agency = signer("UBND", Kind::Ec);
    let signatures = signatures("unfit-attachments", &[&agency]);
    let mut annotations = Pdf::plain();
    annotations.extend(3, "/Annots 99 0 R");
    let mut list = Pdf::plain();
    list.extend(3, "/Annots 7 0 R");
    list.set(7, "/None");
    let mut fields = Pdf::plain();
    fields.extend(1, "/AcroForm<</Fields 99 0 R>>");
    for (name, pdf) in [
        ("annots", annotations),
        ("a list", list),
        ("fields", fields),
    ] {
        pdf::open(&pdf.write()).unwrap();
        let refused = signatures.attachable(pdf.write()).await;
        assert!(matches!(refused, Err(SignError::Document(_))), "{name}");
        let refused = signatures.ready(pdf.write()).await;
        assert!(matches!(refused, Err(SignError::Document(_))), "{name}");
    }
    let mut certified = Pdf::plain();
    certified.extend(1, "/Perms<</UR3 7 0 R>>");
    certified.set(7, "<</Type/Sig>>");
    let mut stamped = Pdf::plain();
    stamped.extend(1, "/AcroForm<</Fields[7 0 R]>>");
    stamped.set(7, "<</T(DauThoiGian)/FT/Tx>>");
    for unusable in [certified, stamped] {
        let refused = signatures.ready(unusable.write()).await;
        assert!(matches!(refused, Err(SignError::Document(_))));
    }
    assert!(signatures.ready(Pdf::plain().write()).await.is_ok());

    // Words like those of a signature harm nothing.
    let mut words = Pdf::plain();
    words.extend(1, "/Words([0 9999999999 9999999999 9999999999] <0000>)");
    signatures.attachable(words.write()).await.unwrap();
    let registered = registered(&agency);
    let pin = Pin::new(PIN);
    let hand = signatures.seal(&registered, (&pin, Sure::Yes));
    let act = SigningAct::Attachment {
        agency: AGENCY.to_owned(),
        belongs: BELONGS.to_owned(),
    };
    let what = ToSign {
        document: words.write(),
        act,
        at: at(),
    };
    let sealed = hand.await.unwrap().sign(what).await.unwrap();
    all_valid("attachment-words", &sealed, 1);
}

#[tokio::test]
async fn the_approver_s_signature_names_the_attachments_by_their_hashes() {
    let leader = signer("Bùi Hữu Nghĩa", Kind::Ec);
    let signatures = signatures("attachments-named", &[&leader]);
    let (registered, pin) = (registered(&leader), Pin::new(PIN));
    let hand = signatures.unlock(&registered, &pin).await.unwrap();
    let hash = domain::ids::FileHash::parse(&"a1".repeat(32)).unwrap();
    let what = ToSign {
        document: letter(),
        act: SigningAct::Person {
            name: "Bùi Hữu Nghĩa".to_owned(),
            attachments: vec![hash.clone()],
        },
        at: at(),
    };
    let signed = hand.sign(what).await.unwrap();
    let said = pyhanko(&AUTHORITY.roots(), &keep("attachments-named", &signed));
    assert_eq!(said[0]["bottom_line"], true, "{said:#?}");
    let words = format!("phụ lục 1, SHA-256: {hash}");
    let written = words.encode_utf16().flat_map(u16::to_be_bytes);
    let written = hex::encode(written.collect::<Vec<u8>>());
    let text = String::from_utf8_lossy(&signed).to_ascii_lowercase();
    assert!(
        text.contains(&written),
        "the reason is not in the signature"
    );
}
