use domain::dossier::Outcome;
use domain::ids::DossierId;
use domain::office::Role;
use domain::slip::Form;
use jiff::ToSpan as _;

use super::keep::of_file;
use super::port::{Ask, Validator as _};
use super::testing::Reader;
use super::{
    Paper, PaperKind, Sameness, Standing, address, check_again, compare, found_of, paper, said,
    signable,
};
use crate::App;
use crate::access::Actor;
use crate::forms::Typed;
use crate::intake::{AtCounter, Ending, receive};
use crate::jobs::work_off;
use crate::no::No;
use crate::people::testing::{audited, clerk, faults, key, printing, typed};
use crate::processing::{Act, Attached, NewScan, Order, act};
use crate::words::Language;

fn form() -> Typed {
    typed(&[
        ("name", "Nguyễn Thị An"),
        ("number", "038199000017"),
        ("procedure", "2.000815"),
        ("c1", "paper"),
        ("pages1", "1"),
    ])
}

async fn filed(app: &App, scans: Vec<NewScan>) -> Result<DossierId, No> {
    let input = AtCounter {
        scans,
        ending: Ending::Receive,
        typed: form(),
        draft: None,
        key: key(),
    };
    let who = clerk(app, "Phường Hạc Thành");
    Ok(receive(app, &who, input).await?.dossier)
}

async fn orders(app: &App, actor: &Actor, id: &DossierId, order: Order) -> Result<(), No> {
    let input = Act {
        dossier: id.clone(),
        version: app.store().load(id).await.unwrap().version,
        key: key(),
        order,
    };
    act(app, actor, input).await.map(drop)
}

fn token(app: &App, id: &DossierId, kind: PaperKind) -> String {
    let whole = address(app, id, kind);
    assert!(whole.starts_with(&format!("{}/xac-thuc/", app.public_address())));
    whole.rsplit('/').next().unwrap().to_owned()
}

async fn shown(app: &App, id: &DossierId, kind: PaperKind) -> Paper {
    paper(app, &token(app, id, kind)).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_form_is_verified_once_it_is_made_and_every_issue_of_it_is_known() {
    let (app, _) = printing().await;
    let id = filed(&app, Vec::new()).await.unwrap();
    let receipt = PaperKind::Form(Form::Receipt);
    let before = shown(&app, &id, receipt).await;
    assert_eq!((before.standing, before.issues), (Standing::Unknown, 0));
    while work_off(&app).await.unwrap() > 0 {}
    let made = shown(&app, &id, receipt).await;
    assert_eq!((made.standing, made.issues), (Standing::Authentic, 1));
    assert_eq!(
        made.agency,
        "Trung tâm Phục vụ hành chính công phường Hạc Thành"
    );
    assert_eq!(made.day, Some(app.clock().now().date()));
    assert_eq!(made.number, None);
    assert_eq!(made.found, None, "forms carry no signature");

    let slips = app.store().slips(&id).await.unwrap();
    let slip = slips.iter().find(|slip| slip.key.form == Form::Receipt);
    let content = app.files().get(&slip.unwrap().file).await.unwrap();
    let said: serde_json::Value = serde_json::from_slice(&content).unwrap();
    assert_eq!(
        said["heading"]["verification"],
        address(&app, &id, receipt),
        "the code on paper leads here"
    );
    let with = async |content: Vec<u8>| {
        let compared = compare(&app, &token(&app, &id, receipt), content).await;
        compared.unwrap().unwrap().same
    };
    assert_eq!(with(content.clone()).await, Sameness::Issued);
    assert_eq!(
        with([content.as_slice(), b"more"].concat()).await,
        Sameness::Changed
    );
    assert_eq!(with(b"another".to_vec()).await, Sameness::Other);
    let broken = b"%PDF-1.7\nsigned by An\naltered".to_vec();
    assert_eq!(with(broken).await, Sameness::Changed);
}

#[tokio::test]
async fn what_comes_from_outside_is_judged_and_kept_with_the_dossier() {
    let (app, clock) = printing().await;
    let scan = |content: &[u8]| {
        vec![NewScan {
            component: 1,
            content: content.to_vec(),
        }]
    };
    let refused = filed(&app, scan(b"%PDF-1.7\nscript")).await.unwrap_err();
    assert_eq!(
        faults(refused),
        [
            ("scan", "fault.scan_pages"),
            ("scan", "pdf.refused.active.script")
        ]
    );
    let signed = b"%PDF-1.7\nsigned by Tr\xe1\xba\xa7n B\xc3\xacnh\n";
    let id = filed(&app, scan(signed)).await.unwrap();
    let loaded = app.store().load(&id).await.unwrap();
    let files = signable(&loaded);
    let found = found_of(&app, &files).await.unwrap();
    let [found] = found.values().collect::<Vec<_>>()[..] else {
        panic!("{found:?}")
    };
    let words = said(Language::Vi, &found.verdict);
    assert_eq!(
        words,
        [
            "Chữ ký hợp lệ, chưa kiểm tra được việc thu hồi chứng thư: Trần Bình; \
          ký lúc 08:00, 23/11/2026 theo người ký; tệp nguyên vẹn từ khi ký"
        ]
    );
    assert!(found.verdict.is_sound() && !found.verdict.is_altered());
    let rows = app.store().validations(&files).await.unwrap();
    let open = String::from_utf8_lossy(&rows[0].sealed).contains("Bình");
    assert!(!open, "names of signers are sealed");

    clock.set(app.clock().now().saturating_add(1.hour()));
    let counter = clerk(&app, "Phường Hạc Thành");
    let again = check_again(&app, &counter, &id).await.unwrap();
    let again = again.values().next().unwrap();
    assert_eq!(again.verdict.key, "signature.valid");
    assert_eq!(again.at, app.clock().now());
    let kept = found_of(&app, &files).await.unwrap();
    assert_eq!(kept.values().next(), Some(again));
    assert!(
        audited(&app, id.as_str())
            .await
            .iter()
            .any(|line| line.contains("signatures.checked"))
    );
    let elsewhere = clerk(&app, "Phường Nguyệt Viên");
    assert!(matches!(
        check_again(&app, &elsewhere, &id).await,
        Err(No::Denied(_))
    ));
}

#[tokio::test]
async fn a_visitor_sees_what_is_known_while_the_authorities_are_asked() {
    let (app, clock) = printing().await;
    let scan = NewScan {
        component: 1,
        content: b"%PDF-1.7\nsigned by An\n".to_vec(),
    };
    let id = filed(&app, vec![scan]).await.unwrap();
    let loaded = app.store().load(&id).await.unwrap();
    let [file] = &signable(&loaded)[..] else {
        panic!("one file is on record")
    };
    let key = async || of_file(&app, file).await.unwrap().verdict.key;
    assert_eq!(key().await, "signature.revocation-unknown");
    assert!(app.asking_now().is_empty(), "it was found just now");

    clock.set(app.clock().now().saturating_add(1.hour()));
    assert_eq!(key().await, "signature.revocation-unknown");
    assert!(app.asking_now().contains(file));
    while !app.asking_now().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(key().await, "signature.valid");
}

#[tokio::test]
async fn a_hostile_document_is_said_at_its_field_and_nothing_is_kept() {
    let (app, _) = printing().await;
    let id = filed(&app, Vec::new()).await.unwrap();
    let counter = clerk(&app, "Phường Hạc Thành");
    orders(&app, &counter, &id, Order::HandOver).await.unwrap();
    let request = b"%PDF-1.7\nscript".to_vec();
    let hash = app.files().name(&request);
    let withdraw = Order::Withdraw { request };
    let refused = orders(&app, &counter, &id, withdraw).await.unwrap_err();
    assert_eq!(faults(refused), [("request", "pdf.refused.active.script")]);
    app.files().get(&hash).await.unwrap_err();
}

#[tokio::test]
async fn the_draft_of_a_result_is_no_result() {
    let (app, _) = printing().await;
    let id = filed(&app, Vec::new()).await.unwrap();
    let counter = clerk(&app, "Phường Hạc Thành");
    orders(&app, &counter, &id, Order::HandOver).await.unwrap();
    let officer = Actor {
        staff: domain::ids::StaffId::parse("chuyenvien-hacthanh").unwrap(),
        posts: vec![(counter.posts[0].0.clone(), Role::CaseOfficer)],
        ..counter
    };
    let draft = Order::DraftResult {
        last_day: None,
        outcome: Outcome::Granted,
        summary: "Đồng ý".to_owned(),
        document: Vec::new(),
        attached: Attached::default(),
    };
    orders(&app, &officer, &id, draft).await.unwrap();
    let paper = shown(&app, &id, PaperKind::Result).await;
    assert_eq!(paper.standing, Standing::Unknown);
    assert_eq!((paper.number, paper.agency.as_str()), (None, ""));
}

#[tokio::test]
async fn no_paper_is_named_without_our_key() {
    let (app, _) = printing().await;
    for wrong in ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        assert_eq!(paper(&app, wrong).await.unwrap(), None);
        assert_eq!(compare(&app, wrong, Vec::new()).await.unwrap(), None);
    }
    let nobody = DossierId::parse("0123456789abcdef0123456789abcdef").unwrap();
    let paper = shown(&app, &nobody, PaperKind::Result).await;
    assert_eq!(paper.standing, Standing::Unknown);
}

#[tokio::test]
async fn every_word_of_a_verdict_is_in_the_catalogue() {
    let at = jiff::civil::date(2026, 11, 23).at(8, 0, 0, 0);
    let text = "%PDF-1.7\nsigned by An\n".as_bytes().to_vec();
    let verdict = Reader.validate(text, at, Ask::Nobody).await.unwrap();
    for language in [Language::Vi, Language::En] {
        for line in said(language, &verdict) {
            assert!(!line.contains("signature."), "{line}");
        }
    }
    for standing in Standing::ALL {
        for part in ["standing", "means"] {
            assert!(crate::words::has(&format!(
                "verify.{part}.{}",
                standing.as_str()
            )));
        }
    }
    for same in Sameness::ALL {
        for part in ["same", "same_text"] {
            assert!(crate::words::has(&format!(
                "verify.{part}.{}",
                same.as_str()
            )));
        }
    }
    for form in Form::ALL {
        let kind = PaperKind::Form(form);
        assert!(crate::words::has(&format!("verify.kind.{}", kind.as_str())));
    }
}
