//! B-B, B-T and B-LT with both kinds of keys, on both kinds of files.

use std::sync::LazyLock;

use gateways::sign::{
    Material, Reach, Revocation, Standing, add_validation, certificates_of_token, prepare_stamp,
};
use lopdf::{Dictionary, Document, Object, dictionary};

use super::{
    AUTHORITY, PAPER, PATIENCE, all_valid, authority, keep, now, order, sign, sign_stamped, signer,
};
use crate::authority::{Kind, Told};
use crate::judge::{pdfsig, pyhanko};
use crate::tools::{self, path};

/// The paper with a table of cross references, and with a stream of them; made once for the tests
/// that run at one time.
static SHAPES: LazyLock<[(&str, Vec<u8>); 3]> = LazyLock::new(|| {
    let made = |name: &str, how: &str| {
        let from = keep("paper", &PAPER);
        let to = from.with_file_name(format!("paper-{name}.pdf"));
        tools::run("qpdf", &[how, path(&from), path(&to)]);
        std::fs::read(to).unwrap()
    };
    [
        ("typeset", PAPER.clone()),
        ("table", made("table", "--object-streams=disable")),
        ("stream", made("stream", "--object-streams=generate")),
    ]
});

#[test]
fn a_plain_signature_is_valid_on_every_shape_of_file() {
    for kind in [Kind::Rsa, Kind::Ec] {
        let issued = signer("Lê Thị Hoà", kind);
        for (shape, paper) in &*SHAPES {
            let signed = sign(paper, &order("person", &issued, kind), &issued);
            assert!(signed.starts_with(paper));
            let said = all_valid(&format!("bb-{shape}-{kind:?}"), &signed, 1);
            assert_eq!(said[0]["format"], "/ETSI.CAdES.detached");
            assert_eq!(said[0]["signer"], "Lê Thị Hoà");
            assert_eq!(said[0]["stamped"], serde_json::Value::Null);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stamped_signature_is_valid_with_its_stamp() {
    for kind in [Kind::Rsa, Kind::Ec] {
        let issued = signer("Trần Văn Bình", kind);
        for (shape, paper) in &*SHAPES {
            let order = order("person", &issued, kind);
            let signed = sign_stamped(paper, order, &issued).await;
            let said = all_valid(&format!("bt-{shape}-{kind:?}"), &signed, 1);
            assert_eq!(said[0]["stamped"], true);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_proves_its_signatures_without_asking_anybody() {
    let revocation = Revocation::new(Reach::Everywhere, PATIENCE);
    for (kind, told) in [(Kind::Rsa, Told::ByList), (Kind::Ec, Told::ByResponder)] {
        let issued = AUTHORITY.issue("Phạm Thu", kind, crate::authority::Term::Now, told);
        for (shape, paper) in &*SHAPES {
            let signed = sign_stamped(paper, order("person", &issued, kind), &issued).await;
            let stamp = authority().stamp(b"anything").await.unwrap();
            let mut certificates = issued.chain.clone();
            certificates.push(AUTHORITY.root().to_vec());
            certificates.extend(certificates_of_token(&stamp).unwrap());
            let material = revocation.gather(&certificates, now()).await.unwrap();
            assert_eq!(material.ocsps.len(), usize::from(told == Told::ByResponder));
            assert_eq!(material.crls.len(), 2);
            let proved = add_validation(&signed, &material).unwrap();
            assert!(proved.starts_with(&signed));
            let stamping = prepare_stamp(&proved, "archive").unwrap();
            let token = authority().stamp_digest(stamping.digest()).await.unwrap();
            let stamped = stamping.finish(&token).unwrap();
            let said = all_valid(&format!("blt-{shape}-{kind:?}"), &stamped, 2);
            assert_eq!(said[0]["changed"], "LTA_UPDATES");
            assert_eq!(said[1]["kind"], "/DocTimeStamp");
            // The same again adds nothing but the entry of the new stamp.
            let again = add_validation(&stamped, &material).unwrap();
            let kept = Document::load_mem(&again).unwrap();
            let store = kept.catalog().unwrap().get_deref(b"DSS", &kept).unwrap();
            let store = store.as_dict().unwrap();
            let count = |key: &[u8]| store.get(key).unwrap().as_array().unwrap().len();
            assert_eq!(count(b"Certs"), material.certs.len());
            assert_eq!(store.get(b"VRI").unwrap().as_dict().unwrap().len(), 2);
            let said = pyhanko(
                &AUTHORITY.roots(),
                &keep(&format!("blt2-{shape}-{kind:?}"), &again),
            );
            assert!(
                said.iter().all(|one| one["bottom_line"] == true),
                "{said:#?}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_material_the_judge_would_not_believe() {
    let issued = signer("Phạm Thu", Kind::Ec);
    let signed = sign_stamped(&PAPER, order("person", &issued, Kind::Ec), &issued).await;
    let bare = Material {
        certs: vec![AUTHORITY.root().to_vec()],
        ..Material::default()
    };
    let file = keep("blt-bare", &add_validation(&signed, &bare).unwrap());
    let said = pyhanko(&AUTHORITY.roots(), &file);
    assert_eq!(said[0]["bottom_line"], false, "{said:#?}");
}

/// Form and annotations of a document: absent, direct, or objects of their own.
fn with_form(form: &str) -> Vec<u8> {
    let mut document = Document::load_mem(&PAPER).unwrap();
    let page = document.page_iter().next().unwrap();
    let content = dictionary! { "Fields" => Vec::<Object>::new() };
    let (form, annotations) = match form {
        "direct" => (Object::from(content), Object::Array(Vec::new())),
        "indirect" => {
            let fields = document.add_object(Vec::<Object>::new());
            let form = document.add_object(dictionary! { "Fields" => fields });
            let annotations = document.add_object(Vec::<Object>::new());
            (form.into(), annotations.into())
        }
        _ => return PAPER.clone(),
    };
    document.catalog_mut().unwrap().set("AcroForm", form);
    let page: &mut Dictionary = document.get_dictionary_mut(page).unwrap();
    page.set("Annots", annotations);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn signatures_follow_each_other_on_every_shape_of_form() {
    let (person, agency) = (signer("Người ký", Kind::Ec), signer("Cơ quan", Kind::Rsa));
    for form in ["absent", "direct", "indirect"] {
        let paper = with_form(form);
        let first = sign(&paper, &order("person", &person, Kind::Ec), &person);
        let second = sign(&first, &order("agency", &agency, Kind::Rsa), &agency);
        let third = sign(&second, &order("copy", &agency, Kind::Rsa), &agency);
        assert!(third.starts_with(&second) && second.starts_with(&first));
        let said = all_valid(&format!("form-{form}"), &third, 3);
        assert_eq!(said[0]["field"], "person");
    }
}

#[test]
fn one_changed_byte_is_reported_by_both() {
    let issued = signer("Người ký", Kind::Rsa);
    let order = gateways::sign::Order {
        standing: Standing::Certifies,
        ..order("person", &issued, Kind::Rsa)
    };
    let signed = sign(&PAPER, &order, &issued);
    // In the paper, in the revision that was signed, and behind the signature.
    let reason = signed
        .windows(5)
        .rposition(|bytes| bytes == b"/Prev")
        .unwrap();
    for (name, at) in [("paper", PAPER.len() / 2), ("revision", reason + 1)] {
        let mut changed = signed.clone();
        changed[at] ^= 1;
        let file = keep(&format!("changed-{name}"), &changed);
        let said = pyhanko(&AUTHORITY.roots(), &file);
        assert_eq!(said[0]["intact"], false, "{name}: {said:#?}");
        let (validity, _) = &pdfsig(&file)[0];
        assert_eq!(validity, "Signature Validation: Digest Mismatch.", "{name}");
    }
}
