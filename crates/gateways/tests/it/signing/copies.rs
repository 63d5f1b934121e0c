//! Copies: the scan of a paper under the agency's seal, and an electronic result printed with the form
//! of a copy.

use std::sync::Arc;

use app::clock::{Clock as _, SystemClock};
use app::ports::Slips as _;
use app::signing::{
    Hand, Pin, Proof, Proofs as _, SignError, Signatures as _, SigningAct, Sure, ToSign,
};
use gateways::sign::{Reach, Revocation, TimeStamps};
use gateways::slips::{PdfSlips, Press};
use gateways::verify::{Anchor, Evidence, Overall, Profile, Root, Trust, validate};
use gateways::{Authorities, PdfSignatures, SigningParts, SoftKeys};
use hex::encode;
use jiff::civil::DateTime;
use ring::digest::{SHA256, digest};

use super::results::{PIN, issued, letter, registered};
use super::{AUTHORITY, PATIENCE, all_valid, keep, now};
use crate::authority::{Issued, Kind, Term, Told};
use crate::judge::{pdfsig, pyhanko};
use crate::{samples, tools};

const AGENCY: &str = "Ủy ban nhân dân phường Hạc Thành";

fn trust() -> Trust {
    let anchor = Anchor {
        name: "test".to_owned(),
        root: Root::Other,
        certificate: AUTHORITY.root().to_vec(),
    };
    Trust {
        anchors: vec![anchor],
    }
}

fn signatures(name: &str, agency: &Issued) -> PdfSignatures {
    let folder = tools::folder(name);
    let named = encode(digest(&SHA256, agency.certificate()));
    std::fs::write(folder.join(format!("{named}.p8")), &agency.key).unwrap();
    let asks = Revocation::new(Reach::Everywhere, PATIENCE);
    PdfSignatures::new(SigningParts {
        stamps: Some(TimeStamps::new(&AUTHORITY.stamps(), PATIENCE)),
        soft: Some(SoftKeys {
            folder,
            pin: PIN.to_owned(),
        }),
        authorities: Some(Authorities::new(asks, &trust())),
        ..SigningParts::default()
    })
}

/// A paper of two pages as a scanner gives it: pictures and no letter.
fn scan() -> Vec<u8> {
    let printed = keep(
        "copy-paper",
        &Press::new().render(&samples::result()).unwrap(),
    );
    let stem = printed.with_extension("");
    tools::run(
        "pdftoppm",
        &[
            "-r",
            "60",
            "-gray",
            tools::path(&printed),
            tools::path(&stem),
        ],
    );
    let mut pages: Vec<_> = std::fs::read_dir(printed.parent().unwrap())
        .unwrap()
        .map(|one| one.unwrap().path())
        .filter(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let picture = path.extension().is_some_and(|end| end == "pgm");
            name.starts_with("signed-copy-paper-") && picture
        })
        .collect();
    pages.sort();
    pictures(
        &pages
            .iter()
            .map(|page| std::fs::read(page).unwrap())
            .collect::<Vec<_>>(),
    )
}

/// Pictures in shades of grey as the pages of a PDF.
fn pictures(pages: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    let mut object = |bytes: &mut Vec<u8>, body: Vec<u8>| {
        offsets.push(bytes.len());
        let number = offsets.len();
        bytes.extend(format!("{number} 0 obj\n").into_bytes());
        bytes.extend(body);
        bytes.extend(b"\nendobj\n");
    };
    let kids: Vec<String> = (0..pages.len())
        .map(|nth| format!("{} 0 R", 3 + nth * 3))
        .collect();
    object(&mut bytes, b"<< /Type /Catalog /Pages 2 0 R >>".to_vec());
    let tree = format!(
        "<< /Type /Pages /Kids [{}] /Count {} >>",
        kids.join(" "),
        pages.len()
    );
    object(&mut bytes, tree.into_bytes());
    for (nth, page) in pages.iter().enumerate() {
        let own = 3 + nth * 3;
        let mut head = page.splitn(5, u8::is_ascii_whitespace).skip(1);
        let mut number = || -> usize {
            String::from_utf8_lossy(head.next().unwrap())
                .parse()
                .unwrap()
        };
        let (width, height) = (number(), number());
        let pixels = &page[page.len() - width * height..];
        let (draw, image) = (own + 1, own + 2);
        let sheet = format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {draw} 0 R \
             /Resources << /XObject << /Im {image} 0 R >> >> >>"
        );
        object(&mut bytes, sheet.into_bytes());
        let content = "q 595 0 0 842 0 0 cm /Im Do Q";
        let draw = format!(
            "<< /Length {} >>\nstream\n{content}\nendstream",
            content.len()
        );
        object(&mut bytes, draw.into_bytes());
        let mut image = format!(
            "<< /Type /XObject /Subtype /Image /Width {width} /Height {height} \
             /ColorSpace /DeviceGray /BitsPerComponent 8 /Length {} >>\nstream\n",
            pixels.len()
        )
        .into_bytes();
        image.extend(pixels);
        image.extend(b"\nendstream");
        object(&mut bytes, image);
    }
    let at = bytes.len();
    let count = offsets.len() + 1;
    bytes.extend(format!("xref\n0 {count}\n0000000000 65535 f \n").into_bytes());
    for offset in offsets {
        bytes.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    let end = format!("trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n");
    bytes.extend(end.into_bytes());
    bytes
}

async fn seal(signatures: &PdfSignatures, agency: &Issued) -> Arc<dyn Hand> {
    let pin = Pin::new(PIN);
    signatures
        .seal(&registered(agency), (&pin, Sure::Yes))
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_scan_of_a_paper_is_sealed_at_its_corner_and_proves_itself_to_other_judges() {
    let agency = AUTHORITY.issue("UBND", Kind::Rsa, Term::Now, Told::ByList);
    let signatures = signatures("copy", &agency);
    let scanned = scan();
    signatures.attachable(scanned.clone()).await.unwrap();
    let at = SystemClock.now();
    let act = SigningAct::Copy {
        form: "SAO Y".to_owned(),
        agency: AGENCY.to_owned(),
    };
    let hand = seal(&signatures, &agency).await;
    let sealed = hand
        .sign(ToSign {
            document: scanned.clone(),
            act,
            at,
        })
        .await
        .unwrap();
    assert!(sealed.starts_with(&scanned), "nothing is rewritten");
    let said = all_valid("copy", &sealed, 1);
    assert_eq!(said[0]["stamped"], true, "{said:#?}");

    its_corner_says_the_form(&sealed, at);
    it_proves_itself(&signatures, &agency, (&sealed, at)).await;
    let mut changed = sealed;
    let at = scanned.len() / 2;
    changed[at] ^= 1;
    let said = pyhanko(&AUTHORITY.roots(), &keep("copy-changed", &changed));
    assert_eq!(said[0]["bottom_line"], false, "{said:#?}");
}

fn its_corner_says_the_form(sealed: &[u8], at: DateTime) {
    let text = tools::one_line(&tools::text(&keep("copy", sealed)));
    let time = at.strftime("%d-%m-%Y %H:%M:%S +07:00").to_string();
    assert!(text.contains(&format!("SAO Y: {AGENCY}")), "{text}");
    assert!(text.contains(&time), "{text}");
    // In the upper right quarter of the first page alone: the rest is a picture.
    let file = keep("copy", sealed);
    let corner = |x: &str, y: &str| {
        let area = [
            "-f", "1", "-l", "1", "-x", x, "-y", y, "-W", "298", "-H", "100",
        ];
        let whole = [&area[..], &[tools::path(&file), "-"]].concat();
        tools::one_line(&tools::run("pdftotext", &whole))
    };
    assert!(corner("297", "0").contains(&time), "{}", corner("297", "0"));
    assert!(!corner("0", "0").contains(&time));
}

async fn it_proves_itself(
    signatures: &PdfSignatures,
    agency: &Issued,
    (sealed, at): (&[u8], DateTime),
) {
    let by = vec![app::signing::SignedBy {
        chain: agency.chain.clone(),
        at,
    }];
    let Proof::Carried(proved) = signatures.prove(sealed.to_vec(), by, at).await else {
        panic!("no proof");
    };
    assert!(proved.starts_with(sealed), "nothing is rewritten");
    let file = keep("copy-proved", &proved);
    let said = pyhanko(&AUTHORITY.roots(), &file);
    assert_eq!(said.len(), 1, "{said:#?}");
    assert_eq!(said[0]["bottom_line"], true, "{said:#?}");
    assert_eq!(
        pdfsig(&file)[0].0,
        "Signature Validation: Signature is Valid."
    );
    let verdict = validate(&proved, &trust(), now().now, &Evidence::default());
    let Overall::Signed(_) = verdict.overall else {
        panic!("{verdict:#?}");
    };
    assert_eq!(verdict.signatures[0].profile, Profile::BaselineLt);

    let again = signatures.attachable(proved.clone()).await;
    assert!(
        matches!(again, Err(SignError::Document(_))),
        "a signed file is no scan"
    );
}

#[tokio::test]
async fn a_signed_result_is_printed_as_it_is_seen_with_the_form_of_a_copy_after_it() {
    let sealed = issued("paper-copy", letter(), Kind::Ec).await;
    let form = Press::new().render(&samples::paper_copy()).unwrap();
    let printed = PdfSlips.copy(sealed.clone(), form.clone()).await.unwrap();
    let file = keep("paper-copy-printed", &printed);
    let text = tools::one_line(&tools::text(&file));
    // What stands in fields and signatures is on the printed pages too.
    for seen in [
        "07",
        "ngày 23 tháng 11 năm 2026",
        "Bùi Hữu Nghĩa",
        AGENCY,
        "SAO Y",
        "Số: 05/SY-H56.14",
        "PHÓ CHỦ TỊCH",
    ] {
        assert!(text.contains(seen), "{seen}: {text}");
    }
    let pages = |bytes: &[u8]| tools::info(&keep("paper-copy-pages", bytes), "Pages");
    let (whole, original): (u16, u16) = (
        pages(&printed).parse().unwrap(),
        pages(&sealed).parse().unwrap(),
    );
    assert_eq!(whole, original + 1);
    let verdict = validate(&printed, &trust(), now().now, &Evidence::default());
    assert!(
        verdict.signatures.is_empty(),
        "a print proves nothing by itself"
    );
    assert!(
        PdfSlips
            .copy(b"%PDF-1.7 torn".to_vec(), form)
            .await
            .is_err()
    );
}
