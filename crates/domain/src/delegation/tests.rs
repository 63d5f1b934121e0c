use jiff::civil::date;
use proptest::prelude::*;

use super::*;

fn staff(id: &str) -> StaffId {
    StaffId::parse(id).unwrap()
}

fn unit(id: &str) -> UnitId {
    UnitId::parse(id).unwrap()
}

fn ward() -> UnitId {
    unit("H56.112")
}

fn post(who: &str, at: &UnitId, role: Role) -> Post {
    Post {
        staff: staff(who),
        unit: at.clone(),
        role,
        valid_from: date(2025, 7, 1),
        valid_to: None,
    }
}

/// The chairman is away from Monday to Friday; the director of the ward's centre stands in.
fn leave() -> Delegation {
    Delegation {
        from: staff("chairman"),
        to: Some(staff("director")),
        unit: ward(),
        role: Role::Leader,
        first: date(2026, 11, 23),
        last: date(2026, 11, 27),
        signing: true,
    }
}

struct Ward {
    absent: Vec<Post>,
    delegate: Vec<Post>,
    others: Vec<Delegation>,
}

fn office() -> Ward {
    Ward {
        absent: vec![post("chairman", &ward(), Role::Leader)],
        delegate: vec![post("director", &ward(), Role::CentreDirector)],
        others: Vec::new(),
    }
}

impl Ward {
    fn judge(&self, asked: &Delegation) -> Result<(), NotDelegated> {
        self.judge_by(&asked.from, asked)
    }

    fn judge_by(&self, by: &StaffId, asked: &Delegation) -> Result<(), NotDelegated> {
        let line = [asked.unit.clone(), unit("H56")];
        asked.judge(&DelegationFacts {
            today: date(2026, 11, 23),
            by,
            most_days: 30,
            absent: &self.absent,
            delegate: &self.delegate,
            line: &line,
            others: &self.others,
        })
    }

    fn refuses(&self, asked: &Delegation, why: NotDelegated, rule: Rule) {
        assert_eq!(self.judge(asked), Err(why));
        assert_eq!(why.rule(), rule);
    }
}

#[test]
fn uq_01_allows_days_to_come_within_the_limit() {
    let month = Delegation {
        last: date(2026, 12, 22),
        ..leave()
    };
    assert_eq!(office().judge(&leave()), Ok(()));
    assert_eq!(office().judge(&month), Ok(()), "30 days, both ends counted");
}

#[test]
fn uq_01_refuses_days_that_are_past_turned_round_or_too_many() {
    let rule = Rule::DelegationDated;
    let round = Delegation {
        last: date(2026, 11, 22),
        ..leave()
    };
    office().refuses(&round, NotDelegated::EndsBeforeItBegins, rule);
    let past = Delegation {
        first: date(2026, 11, 22),
        ..leave()
    };
    office().refuses(&past, NotDelegated::Past, rule);
    let long = Delegation {
        last: date(2026, 12, 23),
        ..leave()
    };
    office().refuses(&long, NotDelegated::TooLong { most: 30 }, rule);
}

#[test]
fn uq_02_allows_a_post_that_is_held_on_all_days() {
    let mut ward = office();
    // A new appointment to the same post on the Wednesday leaves no day out.
    ward.absent[0].valid_to = Some(date(2026, 11, 24));
    let renewed = Post {
        valid_from: date(2026, 11, 25),
        valid_to: None,
        ..ward.absent[0].clone()
    };
    ward.absent.push(renewed);
    assert_eq!(ward.judge(&leave()), Ok(()));
}

#[test]
fn uq_02_refuses_what_is_not_ones_own_on_each_day() {
    let rule = Rule::DelegationOfOwnPost;
    let mut ending = office();
    ending.absent[0].valid_to = Some(date(2026, 11, 26));
    ending.refuses(&leave(), NotDelegated::NotOwnPost, rule);
    // The director stands in for the chairman, and does not pass that on.
    let onwards = Delegation {
        from: staff("director"),
        to: Some(staff("officer")),
        ..leave()
    };
    let director = Ward {
        absent: office().delegate,
        delegate: vec![post("officer", &ward(), Role::CaseOfficer)],
        others: vec![leave()],
    };
    director.refuses(&onwards, NotDelegated::NotOwnPost, rule);
    let mut keeper = office();
    keeper.absent[0].role = Role::Administrator;
    let accounts = Delegation {
        role: Role::Administrator,
        ..leave()
    };
    keeper.refuses(&accounts, NotDelegated::NotDelegable, rule);
}

#[test]
fn uq_03_allows_somebody_of_the_unit_or_above() {
    let mut above = office();
    above.delegate = vec![post("director", &unit("H56"), Role::Leader)];
    assert_eq!(above.judge(&leave()), Ok(()));
}

#[test]
fn uq_03_refuses_oneself_strangers_and_who_leaves_before_the_end() {
    let rule = Rule::DelegateFits;
    let own = Delegation {
        to: Some(staff("chairman")),
        ..leave()
    };
    office().refuses(&own, NotDelegated::Oneself, rule);
    let mut elsewhere = office();
    elsewhere.delegate = vec![post("director", &unit("H56.113"), Role::Leader)];
    elsewhere.refuses(&leave(), NotDelegated::Stranger, rule);
    let mut leaving = office();
    leaving.delegate[0].valid_to = Some(date(2026, 11, 26));
    leaving.refuses(&leave(), NotDelegated::Stranger, rule);
    let mut helper = office();
    helper.delegate[0].role = Role::Volunteer;
    helper.refuses(&leave(), NotDelegated::Stranger, rule);
}

#[test]
fn uq_04_allows_who_was_away_before_or_will_be_after() {
    let mut ward = office();
    ward.others.push(Delegation {
        from: staff("director"),
        to: Some(staff("officer")),
        role: Role::CentreDirector,
        first: date(2026, 11, 28),
        last: date(2026, 11, 30),
        signing: false,
        unit: unit("H56.112"),
    });
    assert_eq!(ward.judge(&leave()), Ok(()));
}

#[test]
fn uq_04_refuses_a_delegate_who_is_away_and_an_absent_person_who_stands_in() {
    let rule = Rule::DelegatePresent;
    let last = date(2026, 11, 23);
    let away = Delegation {
        from: staff("director"),
        to: Some(staff("chairman")),
        role: Role::CentreDirector,
        last,
        ..leave()
    };
    let mut circle = office();
    circle.others.push(away.clone());
    circle.refuses(&leave(), NotDelegated::DelegateAway { last }, rule);
    let mut chain = office();
    chain.others.push(Delegation {
        from: staff("officer"),
        to: Some(staff("chairman")),
        ..away
    });
    chain.refuses(&leave(), NotDelegated::StandsIn { last }, rule);
}

#[test]
fn uq_05_allows_another_post_of_the_same_person_and_the_same_post_later() {
    let mut ward = office();
    ward.others.push(Delegation {
        to: Some(staff("officer")),
        role: Role::CentreDirector,
        ..leave()
    });
    ward.others.push(Delegation {
        to: Some(staff("officer")),
        first: date(2026, 11, 28),
        last: date(2026, 11, 30),
        ..leave()
    });
    assert_eq!(ward.judge(&leave()), Ok(()));
}

#[test]
fn uq_05_refuses_two_delegates_of_one_post_on_one_day() {
    let mut ward = office();
    let last = date(2026, 11, 23);
    ward.others.push(Delegation {
        to: Some(staff("officer")),
        last,
        ..leave()
    });
    ward.refuses(&leave(), NotDelegated::Taken { last }, Rule::OneDelegate);
}

#[test]
fn uq_06_allows_work_without_signing_to_an_officer_and_signing_to_who_signs() {
    let unsigned = Delegation {
        signing: false,
        ..leave()
    };
    let mut ward = office();
    ward.delegate[0].role = Role::CaseOfficer;
    assert_eq!(ward.judge(&unsigned), Ok(()));
    assert_eq!(office().judge(&leave()), Ok(()));
}

#[test]
fn uq_06_refuses_signing_to_who_does_not_sign_and_of_what_is_not_signed() {
    let rule = Rule::SigningStated;
    let mut ward = office();
    ward.delegate[0].role = Role::CaseOfficer;
    ward.refuses(&leave(), NotDelegated::MayNotSign, rule);
    let mut clerk = office();
    clerk.absent[0].role = Role::ReceptionClerk;
    let counter = Delegation {
        role: Role::ReceptionClerk,
        ..leave()
    };
    clerk.refuses(&counter, NotDelegated::NothingToSign, rule);
}

#[test]
fn uq_06_refuses_signing_that_its_holder_did_not_give() {
    let ward = office();
    let other = staff("another-leader");
    let no = ward.judge_by(&other, &leave());
    assert_eq!(no, Err(NotDelegated::SigningOfAnother));
    assert_eq!(NotDelegated::SigningOfAnother.rule(), Rule::SigningStated);
    let unsigned = Delegation {
        signing: false,
        ..leave()
    };
    assert_eq!(ward.judge_by(&other, &unsigned), Ok(()));
}

/// Nobody stands in for the chairman.
fn away() -> Delegation {
    Delegation {
        to: None,
        signing: false,
        ..leave()
    }
}

#[test]
fn uq_05_allows_an_absence_without_a_delegate_and_a_delegate_later() {
    let mut ward = office();
    ward.delegate.clear();
    let year = Delegation {
        last: date(2027, 11, 22),
        ..away()
    };
    assert_eq!(ward.judge(&year), Ok(()), "nothing is passed on");
    let found = Ward {
        others: vec![year],
        ..office()
    };
    assert_eq!(found.judge(&leave()), Ok(()));
}

#[test]
fn uq_05_refuses_an_absence_that_is_recorded_or_stood_in_for() {
    let (rule, last) = (Rule::OneDelegate, leave().last);
    let mut ward = office();
    ward.others.push(away());
    ward.refuses(&away(), NotDelegated::Recorded { last }, rule);
    ward.others.push(leave());
    ward.refuses(&away(), NotDelegated::Taken { last }, rule);
}

#[test]
fn who_is_away_with_nobody_in_her_place_stands_in_for_nobody_and_nobody_signs_for_her() {
    let last = leave().last;
    let mut ward = office();
    ward.others.push(Delegation {
        from: staff("director"),
        role: Role::CentreDirector,
        ..away()
    });
    let rule = Rule::DelegatePresent;
    ward.refuses(&leave(), NotDelegated::DelegateAway { last }, rule);
    let mut standing = office();
    standing.others.push(Delegation {
        from: staff("officer"),
        to: Some(staff("chairman")),
        ..leave()
    });
    standing.refuses(&away(), NotDelegated::StandsIn { last }, rule);
    let signed = Delegation {
        signing: true,
        ..away()
    };
    office().refuses(&signed, NotDelegated::MayNotSign, Rule::SigningStated);
}

proptest! {
    /// Whatever is asked of three people, on each day nobody is away and stands in, so no circle
    /// closes, and every post has one delegate.
    #[test]
    fn no_history_of_delegations_has_a_chain(
        asked in prop::collection::vec((0..3_usize, 0..3_usize, 0..20_i64, 0..6_i64), 0..40)
    ) {
        let names = ["chairman", "director", "officer"];
        let first = date(2026, 11, 23);
        let mut given: Vec<Delegation> = Vec::new();
        for (from, to, start, length) in asked {
            let asked = Delegation {
                from: staff(names[from]),
                to: Some(staff(names[to])),
                first: first.saturating_add(start.days()),
                last: first.saturating_add((start + length).days()),
                ..leave()
            };
            let ward = Ward {
                absent: vec![post(names[from], &ward(), Role::Leader)],
                delegate: vec![post(names[to], &ward(), Role::Leader)],
                others: given.clone(),
            };
            if ward.judge(&asked).is_ok() {
                given.push(asked);
            }
        }
        for day in first.series(1.day()).take(30) {
            let running: Vec<&Delegation> = given.iter().filter(|one| one.runs(day)).collect();
            for one in &running {
                prop_assert!(running.iter().all(|other| Some(&other.from) != one.to.as_ref()));
                let same = running.iter().filter(|other| other.from == one.from);
                prop_assert_eq!(same.count(), 1);
            }
        }
    }
}
