//! What people and scanners type, and files and addresses of ours say: what is read is written, and
//! read again as the same.
#![no_main]

use std::fmt::{Debug, Display};
use std::str::FromStr;

use app::clock::Ids;
use app::keys::Keyring;
use app::office::DigestHours;
use domain::calendar::Calendar;
use domain::deadline::{Limit, OpeningHours};
use domain::ids::{DossierCode, DossierId, ProcedureCode, ResultCode, UnitId};
use domain::money::Dong;
use domain::notice::{Channel, Kind, Template, check, measure};
use domain::party::{Birth, CardScan, CitizenNumber, Sex, mask, phone_number};
use domain::text::{fold, tidy};
use store::views::{Key, TaskKey};
use store::{OnceKey, Position};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    words(text);
    card(text);
    numbers(text);
    again::<Limit>(text);
    again::<OpeningHours>(text);
    again::<DigestHours>(text);
    again::<Position>(text);
    again::<Key>(text);
    again::<TaskKey>(text);
    days(text);
    codes(text);
    notice(text);
    keys(text);
});

fn again<T: FromStr + Display + PartialEq + Debug>(text: &str) {
    if let Ok(read) = text.parse::<T>() {
        let written = read.to_string();
        assert_eq!(written.parse::<T>().ok(), Some(read), "{written}");
    }
}

fn words(text: &str) {
    let tidied = tidy(text);
    assert_eq!(tidy(&tidied), tidied);
    let folded = fold(text);
    assert_eq!(fold(&tidied), folded);
    assert_eq!(fold(&folded), folded);
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == ' ';
    assert!(folded.chars().all(plain) && folded.trim() == folded && !folded.contains("  "));
    let masked = mask(text);
    assert!(masked.chars().count() <= 12);
    assert!(text.contains('*') || masked != text);
}

fn card(text: &str) {
    let Ok(card) = CardScan::parse(text) else {
        return;
    };
    let sex = match card.sex {
        Some(Sex::Male) => "Nam",
        Some(Sex::Female) => "Nữ",
        None => "",
    };
    let birth = card.birth.map(Birth::written).unwrap_or_default();
    let issued = card.issued.map(|day| Birth::Day(day).written());
    let issued = issued.unwrap_or_default();
    let (number, name, address) = (card.number.as_str(), &card.name, &card.address);
    let written = format!("{number}||{name}|{birth}|{sex}|{address}|{issued}");
    assert_eq!(CardScan::parse(&written), Ok(card), "{written}");
}

fn numbers(text: &str) {
    if let Ok(number) = CitizenNumber::parse(text) {
        assert_eq!(number.as_str().len(), 12);
        assert_eq!(CitizenNumber::parse(number.as_str()), Ok(number));
    }
    if let Ok(Some(birth)) = Birth::parse(text) {
        assert_eq!(Birth::parse(&birth.written()), Ok(Some(birth)));
    }
    if let Some(phone) = phone_number(text) {
        assert_eq!(phone_number(&phone).as_ref(), Some(&phone));
    }
    if let Some(sum) = Dong::typed(text) {
        let written = sum.written();
        let bare = written.strip_suffix(" đ").expect("sums are in đồng");
        assert_eq!(Dong::typed(bare), Some(sum));
    }
}

fn days(text: &str) {
    if let Ok(calendar) = Calendar::parse(text) {
        let written = calendar.to_string();
        assert_eq!(Calendar::parse(&written), Ok(calendar), "{written}");
    }
    if let Ok((label, days)) = Calendar::parse_overrides(text) {
        let laid = Calendar::national().with_overrides(&label, days.clone());
        if let Ok(laid) = laid {
            assert!(
                days.iter()
                    .all(|(date, day)| laid.special_day(*date) == Some(day))
            );
        }
    }
}

fn codes(text: &str) {
    if let Ok(code) = DossierCode::parse(text) {
        assert_eq!(format!("{}{}", code.head(), code.order()), text);
        assert_eq!(DossierCode::parse(code.as_str()), Ok(code));
    }
    if let Ok(unit) = UnitId::parse(text) {
        let code = DossierCode::new(&unit, jiff::civil::date(2026, 11, 22), 18);
        assert_eq!(DossierCode::parse(code.as_str()), Ok(code));
    }
    if let Ok(id) = DossierId::parse(text) {
        assert!(id.as_str() == text && text.is_ascii());
    }
    let upright = |c: char| c.is_ascii_alphanumeric() || c == '.';
    let coded = ProcedureCode::parse(text).is_ok() || ResultCode::parse(text).is_ok();
    assert!(!coded || text.chars().all(upright), "{text}");
    if let Ok(once) = OnceKey::parse(text) {
        assert!(once.as_str() == text && text.is_ascii());
    }
}

fn notice(text: &str) {
    let (subject, body) = text.split_once('\u{1}').unwrap_or(("", text));
    for channel in Channel::ALL {
        for kind in [Kind::Received, Kind::SupplementAsked, Kind::ResultReady] {
            let template = Template {
                kind,
                channel,
                subject: subject.to_owned(),
                body: body.to_owned(),
            };
            let (said, shown) = template.example();
            if !check(&template).is_empty() {
                continue;
            }
            assert!(
                !said.contains(['{', '}']) && !shown.contains(['{', '}']),
                "{shown}"
            );
            assert!(channel == Channel::Mail || shown.chars().count() <= 1_000);
            assert!(channel != Channel::Sms || measure(&shown).parts <= 3);
        }
    }
}

fn keys(text: &str) {
    let Ok(ring) = Keyring::parse(text) else {
        return;
    };
    let sealed = ring.seal("about", &"content");
    let more = Keyring::with_new_key(text, &Ids::default()).expect("it is a key file");
    let more_keys = Keyring::parse(&more).expect("so is this");
    let opened: Option<String> = more_keys.open("about", &sealed).ok();
    assert_eq!(opened.as_deref(), Some("content"));
    assert_eq!(ring.file_name("hash"), more_keys.file_name("hash"));
    let newest = Keyring::with_newest_alone(&more).expect("so is this");
    let newest = Keyring::parse(&newest).expect("so is this");
    assert!(newest.open::<String>("about", &sealed).is_err());
    assert_eq!(ring.file_name("hash"), newest.file_name("hash"));
}
