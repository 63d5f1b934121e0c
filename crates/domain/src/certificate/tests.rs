use jiff::civil::date;

use super::*;

fn noon() -> DateTime {
    date(2026, 11, 23).at(12, 0, 0, 0)
}

fn staff(name: &str) -> StaffId {
    StaffId::parse(name).unwrap()
}

fn unit(id: &str) -> UnitId {
    UnitId::parse(id).unwrap()
}

/// Bình leads the ward all year.
fn post() -> Post {
    Post {
        staff: staff("binh"),
        unit: unit("H56.102"),
        role: Role::Leader,
        valid_from: date(2026, 1, 1),
        valid_to: None,
    }
}

/// His certificate, from the summer of 2025 on for two years.
fn certificate() -> Certificate {
    Certificate {
        id: CertificateId::parse("c1").unwrap(),
        unit: unit("H56.102"),
        holder: Holder::Person {
            staff: staff("binh"),
            role: Role::Leader,
        },
        subject: "CN=Nguyễn Văn Bình".to_owned(),
        issuer: "Cơ quan chứng thực".to_owned(),
        serial: "0a".to_owned(),
        valid_from: date(2025, 7, 1).at(9, 0, 0, 0),
        valid_to: date(2027, 7, 1).at(9, 0, 0, 0),
        key: KeyAt::Token {
            token: "motcua".to_owned(),
            key: "01".to_owned(),
        },
        ended: None,
    }
}

fn seal() -> Certificate {
    Certificate {
        holder: Holder::Agency,
        ..certificate()
    }
}

fn seal_clerk() -> Post {
    Post {
        staff: staff("ha"),
        role: Role::SealClerk,
        ..post()
    }
}

fn signs(one: &Certificate, post: &Post) -> Result<(), NotSigning> {
    may_sign(one, post, noon(), Keys::Guarded)
}

fn refused(one: &Certificate, post: &Post) -> (Rule, &'static str) {
    let why = signs(one, post).unwrap_err();
    (why.rule(), why.key())
}

#[test]
fn ck_01_allows_a_certificate_from_its_first_to_its_last_moment() {
    let (first, last) = (certificate().valid_from, certificate().valid_to);
    let held = Post {
        valid_from: date(2025, 1, 1),
        ..post()
    };
    for now in [first, noon(), last] {
        let may = may_sign(&certificate(), &held, now, Keys::Guarded);
        assert_eq!(may, Ok(()), "{now}");
    }
    let later = Certificate {
        ended: Some(Ended {
            from: noon().saturating_add(1.second()),
            why: EndReason::Replaced,
        }),
        ..certificate()
    };
    assert_eq!(signs(&later, &post()), Ok(()), "it ends a second later");
}

#[test]
fn ck_01_refuses_a_certificate_before_and_after_its_time_and_once_it_was_ended() {
    let valid = Rule::CertificateValid;
    let to_come = Certificate {
        valid_from: noon().saturating_add(1.second()),
        ..certificate()
    };
    assert_eq!(refused(&to_come, &post()), (valid, "not_yet"));
    let over = Certificate {
        valid_to: noon().saturating_sub(1.second()),
        ..certificate()
    };
    assert_eq!(refused(&over, &post()), (valid, "expired"));
    for why in EndReason::ALL {
        let ended = Some(Ended { from: noon(), why });
        let ended = Certificate {
            ended,
            ..certificate()
        };
        assert_eq!(refused(&ended, &post()), (valid, "ended"), "{why:?}");
    }
}

#[test]
fn ck_02_allows_the_holder_on_each_day_of_the_post() {
    let today = noon().date();
    let one_day = Post {
        valid_from: today,
        valid_to: Some(today),
        ..post()
    };
    assert_eq!(signs(&certificate(), &one_day), Ok(()));
}

#[test]
fn ck_02_refuses_who_left_the_post_has_another_or_is_somebody_else() {
    let (today, of_post) = (noon().date(), Rule::CertificateOfPost);
    let left = Post {
        valid_to: today.yesterday().ok(),
        ..post()
    };
    assert_eq!(refused(&certificate(), &left), (of_post, "post_ended"));
    let coming = Post {
        valid_from: today.tomorrow().unwrap(),
        ..post()
    };
    assert_eq!(refused(&certificate(), &coming), (of_post, "post_to_come"));
    let others = [
        Post {
            unit: unit("H56.103"),
            ..post()
        },
        Post {
            role: Role::CentreDirector,
            ..post()
        },
        Post {
            staff: staff("an"),
            ..post()
        },
    ];
    for other in others {
        let no = refused(&certificate(), &other);
        assert_eq!(no, (of_post, "other_post"), "{other:?}");
    }
}

#[test]
fn ck_03_allows_the_seal_to_who_keeps_it_at_the_agency() {
    assert_eq!(signs(&seal(), &seal_clerk()), Ok(()));
}

#[test]
fn ck_03_refuses_the_seal_to_leaders_and_to_seal_clerks_of_other_agencies() {
    let no = (Rule::SealKept, "not_seal_clerk");
    assert_eq!(refused(&seal(), &post()), no);
    let elsewhere = Post {
        unit: unit("H56.103"),
        ..seal_clerk()
    };
    assert_eq!(refused(&seal(), &elsewhere), no);
}

#[test]
fn ck_04_allows_keys_on_devices_and_at_services_and_files_in_a_demonstration() {
    let remote = KeyAt::Remote {
        service: "smartca".to_owned(),
        credential: "1".to_owned(),
    };
    for key in [certificate().key, remote, KeyAt::LocalToken] {
        let one = Certificate {
            key,
            ..certificate()
        };
        assert_eq!(signs(&one, &post()), Ok(()), "{:?}", one.key);
    }
    let soft = Certificate {
        key: KeyAt::Soft,
        ..certificate()
    };
    let shown = may_sign(&soft, &post(), noon(), Keys::Demonstration);
    assert_eq!(shown, Ok(()));
}

#[test]
fn ck_04_refuses_a_key_in_a_file_outside_a_demonstration() {
    let soft = Certificate {
        key: KeyAt::Soft,
        ..certificate()
    };
    assert_eq!(refused(&soft, &post()), (Rule::KeyGuarded, "soft_key"));
}

#[test]
fn of_several_certificates_the_one_that_lasts_longest_signs() {
    let older = Certificate {
        id: CertificateId::parse("c0").unwrap(),
        valid_to: date(2026, 12, 1).at(9, 0, 0, 0),
        ..certificate()
    };
    let all = [older.clone(), certificate(), seal()];
    let chosen = |all: &[Certificate], post: &Post| {
        let found = to_sign_with(all, post, noon(), Keys::Guarded);
        found.map(|one| (one.id.to_string(), one.holder.clone()))
    };
    let found = chosen(&all, &post()).unwrap();
    assert_eq!(found, ("c1".to_owned(), certificate().holder));
    let sealing = chosen(&all, &seal_clerk()).unwrap();
    assert_eq!(sealing.1, Holder::Agency);
    let ended = Certificate {
        ended: Some(Ended {
            from: noon(),
            why: EndReason::Revoked,
        }),
        ..certificate()
    };
    let found = chosen(&[ended.clone(), older], &post()).unwrap();
    assert_eq!(
        found.0, "c0",
        "what still signs goes before what lasts longer"
    );
    let why = chosen(&[ended], &post()).unwrap_err();
    assert_eq!(why.key(), "ended");
    assert_eq!(chosen(&[seal()], &post()), Err(NotSigning::None));
    assert_eq!(NotSigning::None.rule(), Rule::CertificateValid);
}

#[test]
fn a_certificate_is_nearly_over_from_the_warning_on() {
    let stage = |now: DateTime| certificate().stage(true, now, 30);
    let last = certificate().valid_to;
    assert_eq!(stage(noon()), Stage::Valid);
    let warned = last.saturating_sub(30.days());
    assert_eq!(stage(warned.saturating_sub(1.second())), Stage::Valid);
    assert_eq!(stage(warned), Stage::Expiring);
    assert_eq!(stage(last), Stage::Expiring);
    assert_eq!(stage(last.saturating_add(1.second())), Stage::Expired);
    let before = certificate().valid_from.saturating_sub(1.second());
    assert_eq!(stage(before), Stage::ToCome);
    assert_eq!(certificate().stage(false, noon(), 30), Stage::NoPost);
    assert_eq!(seal().stage(false, noon(), 30), Stage::Valid);
    let all = [
        Stage::ToCome,
        Stage::Valid,
        Stage::Expiring,
        Stage::Expired,
        Stage::NoPost,
        Stage::Ended,
    ];
    let signing: Vec<&str> = all
        .into_iter()
        .filter(|one| one.signs())
        .map(Stage::as_str)
        .collect();
    assert_eq!(signing, ["valid", "expiring"]);
}
