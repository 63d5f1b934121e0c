//! Templates, lengths, hours.

use jiff::civil::date;

use super::*;

fn sms(body: &str) -> Template {
    Template {
        kind: Kind::Received,
        channel: Channel::Sms,
        subject: String::new(),
        body: body.to_owned(),
    }
}

const GOOD: &str = "{don_vi}: ho so {ma_ho_so} da tiep nhan, hen tra {hen_tra}.";

fn faults(template: &Template) -> Vec<(usize, Fault)> {
    let found = check(template).into_iter();
    found.map(|found| (found.at, found.fault)).collect()
}

#[test]
fn a_good_template_has_no_fault_and_is_filled() {
    let template = sms(GOOD);
    assert_eq!(check(&template), []);
    let values = Values::from([
        (Placeholder::Code, "H56.14-261123-0007".to_owned()),
        (Placeholder::Unit, "Phường Hạc Thành".to_owned()),
        (Placeholder::Due, "17:00 27/11/2026".to_owned()),
    ]);
    let (_, text) = render(&template, &values);
    assert_eq!(
        text,
        "Phuong Hac Thanh: ho so H56.14-261123-0007 da tiep nhan, hen tra 17:00 27/11/2026."
    );
    let marked = sms("Hồ sơ {ma_ho_so}: {don_vi}, {hen_tra}");
    assert!(
        render(&marked, &values)
            .1
            .ends_with("Phường Hạc Thành, 17:00 27/11/2026")
    );
}

#[test]
fn a_place_that_is_unknown_or_open_is_named_where_it_stands() {
    let found = faults(&sms(&format!("{GOOD} Ông {{ho_ten}}")));
    let at = GOOD.chars().count() + 6;
    assert_eq!(found, [(at, Fault::UnknownPlace("ho_ten".to_owned()))]);
    let found = faults(&sms(&format!("{GOOD} {{ma_ho_so")));
    assert_eq!(found, [(GOOD.chars().count() + 2, Fault::LooseBrace)]);
    let other = faults(&sms(&format!("{GOOD} {{han_bo_sung}}")));
    assert!(matches!(&other[..], [(_, Fault::UnknownPlace(name))] if name == "han_bo_sung"));
}

#[test]
fn what_the_kind_must_say_is_missed() {
    let found = faults(&sms("{don_vi}: ho so {ma_ho_so}"));
    assert_eq!(found, [(0, Fault::MissingPlace(Placeholder::Due))]);
    assert_eq!(faults(&sms("  ")), [(0, Fault::Empty)]);
    for kind in Kind::ALL {
        for channel in Channel::ALL {
            for place in Placeholder::required_by(*kind, channel) {
                assert!(place.is_known_to(*kind), "{kind:?} {place:?}");
            }
        }
    }
}

#[test]
fn sensitive_content_is_refused_at_its_place() {
    let fault = |words: &str| {
        let found = faults(&sms(&format!("{words} {GOOD}")));
        found
            .into_iter()
            .map(|(_, fault)| fault)
            .collect::<Vec<_>>()
    };
    assert_eq!(fault("Xem https://a.vn"), [Fault::ForeignLink]);
    assert_eq!(fault("Xem www.a.vn"), [Fault::ForeignLink]);
    assert_eq!(fault("Thu an@noi.vn"), [Fault::MailAddress]);
    assert_eq!(fault("So 038199000017"), [Fault::LongNumber]);
    assert_eq!(fault("So 0381 9900 0017"), [Fault::LongNumber]);
    assert_eq!(fault("Nop 15.000 đồng"), [Fault::Amount]);
    assert_eq!(fault("Nop 15000VND"), [Fault::Amount]);
    assert_eq!(fault("Goi 0237 123 4567"), []);
    assert_eq!(fault("Truoc 3 ngay"), []);
}

#[test]
fn a_text_message_is_measured_in_parts() {
    let length = |text: &str| {
        let length = measure(text);
        (length.characters, length.unicode, length.parts)
    };
    assert_eq!(length(&"a".repeat(160)), (160, false, 1));
    assert_eq!(length(&"a".repeat(161)), (161, false, 2));
    assert_eq!(length(&"a".repeat(307)), (307, false, 3));
    assert_eq!(length(&"ă".repeat(70)), (70, true, 1));
    assert_eq!(length(&"ă".repeat(71)), (71, true, 2));
    assert_eq!(length(&"ă".repeat(135)), (135, true, 3));
    assert_eq!(length("[a]"), (5, false, 1));
    let long = faults(&sms(&format!("{GOOD} {}", "x".repeat(400))));
    assert!(
        matches!(&long[..], [(0, Fault::TooManyParts { limit: 3, .. })]),
        "{long:?}"
    );
}

#[test]
fn a_mail_has_a_subject_of_one_line_and_a_limit() {
    let mail = |subject: &str, body: String| Template {
        channel: Channel::Mail,
        subject: subject.to_owned(),
        ..sms(&body)
    };
    let whole = format!("{GOOD} {{co_quan}}, {{nguoi_xu_ly}}, {{tiep_nhan}}");
    assert_eq!(check(&mail("Hồ sơ {ma_ho_so}", whole.clone())), []);
    let bare = check(&mail("Hồ sơ {ma_ho_so}", GOOD.to_owned()));
    let missing = |place| Fault::MissingPlace(place);
    assert_eq!(
        bare.into_iter()
            .map(|found| found.fault)
            .collect::<Vec<_>>(),
        [
            missing(Placeholder::Agency),
            missing(Placeholder::Handler),
            missing(Placeholder::ReceivedAt)
        ]
    );
    let found = check(&mail("a\nb", whole.clone()));
    assert_eq!((found[0].field, found[0].at), (Field::Subject, 2));
    assert_eq!(found[0].fault, Fault::LineBreak);
    assert_eq!(check(&mail("", whole.clone()))[0].fault, Fault::Empty);
    let long = check(&mail(
        &"a".repeat(151),
        format!("{whole}{}", "b ".repeat(2_100)),
    ));
    assert!(
        long.iter()
            .all(|f| matches!(f.fault, Fault::TooLong { .. }))
    );
    assert_eq!(long.len(), 2);
}

#[test]
fn a_social_network_takes_parameters_of_an_approved_text() {
    let social = |subject: &str, body: &str| Template {
        channel: Channel::Social,
        subject: subject.to_owned(),
        ..sms(body)
    };
    let body = "ma_ho_so={ma_ho_so}\nco_quan={don_vi}\nngay_hen_tra={hen_tra}";
    assert_eq!(check(&social("100001", body)), []);
    assert_eq!(check(&social("", body))[0].fault, Fault::NoApprovedText);
    let found = check(&social("100001", &format!("{body}\nkhông phải")));
    assert_eq!(found[0].fault, Fault::NoParameter);
    assert_eq!(found[0].at, body.chars().count() + 2);
}

#[test]
fn at_night_a_notice_waits_until_the_morning() {
    let night = QuietHours::default();
    let day = date(2026, 11, 23);
    assert_eq!(night.after(day.at(10, 0, 0, 0)), day.at(10, 0, 0, 0));
    assert_eq!(night.after(day.at(20, 59, 59, 0)), day.at(20, 59, 59, 0));
    assert_eq!(
        night.after(day.at(21, 0, 0, 0)),
        date(2026, 11, 24).at(7, 0, 0, 0)
    );
    assert_eq!(night.after(day.at(3, 0, 0, 0)), day.at(7, 0, 0, 0));
    assert_eq!(night.after(day.at(7, 0, 0, 0)), day.at(7, 0, 0, 0));
    let noon = QuietHours {
        from: jiff::civil::time(11, 0, 0, 0),
        to: jiff::civil::time(13, 0, 0, 0),
    };
    assert_eq!(noon.after(day.at(12, 0, 0, 0)), day.at(13, 0, 0, 0));
    assert_eq!(noon.after(day.at(22, 0, 0, 0)), day.at(22, 0, 0, 0));
    let never = QuietHours {
        from: noon.to,
        to: noon.to,
    };
    assert_eq!(never.after(day.at(13, 0, 0, 0)), day.at(13, 0, 0, 0));
}

#[test]
fn pauses_grow_and_end() {
    let pauses: Vec<i64> = (1..=11).map(pause).collect();
    assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]);
}

#[test]
fn names_on_disk_are_read_back() {
    for kind in Kind::ALL {
        assert_eq!(Kind::parse(kind.as_str()), Some(*kind));
        let json = serde_json::to_string(kind).unwrap();
        assert_eq!(json, format!("\"{}\"", kind.as_str()));
    }
    for channel in Channel::ALL {
        assert_eq!(Channel::parse(channel.as_str()), Some(channel));
    }
}

#[test]
fn quiet_hours_leave_the_day_and_half_of_it() {
    let hours = |from: i8, to: i8| {
        let time = |hour| jiff::civil::time(hour, 0, 0, 0);
        QuietHours {
            from: time(from),
            to: time(to),
        }
        .checked()
        .map(|hours| (hours.from.hour(), hours.to.hour()))
    };
    assert!(QuietHours::default().checked().is_ok());
    assert_eq!(hours(20, 8), Ok((20, 8)));
    assert_eq!(hours(6, 8), Ok((6, 8)));
    assert_eq!(hours(9, 9), Ok((9, 9)));
    assert_eq!(hours(19, 8), Err(BadHours::TooLong));
    assert_eq!(hours(17, 8), Err(BadHours::TooLong));
    for (from, to) in [(0, 23), (8, 7), (16, 20), (21, 9), (11, 13), (1, 0)] {
        assert_eq!(hours(from, to), Err(BadHours::ByDay), "{from} to {to}");
    }
}

#[test]
fn a_text_fits_what_the_provider_approved() {
    let template = Template {
        channel: Channel::Social,
        subject: "100001".to_owned(),
        ..sms("ma_ho_so={ma_ho_so}\nco_quan={don_vi}\nngay_hen_tra={hen_tra}")
    };
    let parameter = |name: &str, required, longest| Parameter {
        name: name.to_owned(),
        required,
        longest,
    };
    let faults = |approved: &Approved| {
        let found = fits(&template, approved).into_iter();
        found.map(|found| found.fault).collect::<Vec<_>>()
    };
    let mut approved = Approved {
        enabled: true,
        parameters: vec![
            parameter("ma_ho_so", true, Some(30)),
            parameter("co_quan", true, Some(200)),
            parameter("ngay_hen_tra", true, None),
            parameter("ghi_chu", false, Some(5)),
        ],
    };
    assert_eq!(faults(&approved), []);
    approved.parameters[1].longest = Some(30);
    approved.parameters[2].name = "hen".to_owned();
    let long = Fault::ParameterTooLong {
        name: "co_quan".to_owned(),
        characters: 50,
        limit: 30,
    };
    let (unknown, missing) = ("ngay_hen_tra".to_owned(), "hen".to_owned());
    assert_eq!(
        faults(&approved),
        [
            long,
            Fault::UnknownParameter(unknown),
            Fault::MissingParameter(missing)
        ]
    );
    approved.enabled = false;
    assert_eq!(faults(&approved), [Fault::NotEnabled]);
    let unnamed = Approved {
        enabled: true,
        parameters: Vec::new(),
    };
    assert_eq!(faults(&unnamed), []);
}
