//! Which internal processes may be published.

use super::commands::Given;
use crate::deadline::Limit;
use crate::delegation::SIGNING;
use crate::office::Role;
use crate::process::{Place, Process, ProcessFault, Product};

fn checked(change: impl FnOnce(&mut Process)) -> Result<(), ProcessFault> {
    let mut process = Given::default().world.process;
    change(&mut process);
    process.check(Some(Limit::working_days(5)))
}

#[test]
fn the_usual_process_is_published() {
    assert_eq!(checked(|_| {}), Ok(()));
}

#[test]
fn steps_that_take_longer_than_the_limit_are_not_published() {
    let fault = ProcessFault::TooLong {
        sum: 2_401,
        limit: 2_400,
    };
    assert_eq!(
        checked(|process| process.steps[2].minutes = 1_440),
        Ok(()),
        "exactly the limit"
    );
    assert_eq!(
        checked(|process| process.steps[2].minutes = 1_441),
        Err(fault)
    );
    let mut process = Given::default().world.process;
    process.steps[2].minutes = u32::MAX;
    assert_eq!(
        process.check(None),
        Ok(()),
        "no published limit, nothing to exceed"
    );
}

#[test]
fn a_step_without_time_is_not_published() {
    assert_eq!(
        checked(|process| process.steps[1].minutes = 0),
        Err(ProcessFault::NoTime(2))
    );
}

#[test]
fn a_process_has_its_five_products_once_each_and_in_order() {
    for index in [0, 2, 3, 4, 5] {
        let missing = checked(|process| process.steps[index].product = Product::Work);
        assert_eq!(missing, Err(ProcessFault::Order), "without product {index}");
    }
    assert_eq!(
        checked(|process| process.steps.swap(2, 3)),
        Err(ProcessFault::Order)
    );
    assert_eq!(
        checked(|process| process.steps.clear()),
        Err(ProcessFault::Order)
    );
    let twice = checked(|process| process.steps[1].product = Product::Draft);
    assert_eq!(twice, Err(ProcessFault::Order));
}

#[test]
fn results_are_approved_and_issued_where_somebody_signs_and_seals_for_the_agency() {
    for signs in SIGNING {
        assert_eq!(checked(|process| process.steps[3].role = signs), Ok(()));
    }
    for role in Role::ALL {
        let approves = checked(|process| process.steps[3].role = role);
        let issues = checked(|process| process.steps[4].role = role);
        assert_eq!(approves.is_ok(), SIGNING.contains(&role), "{role:?}");
        assert_eq!(issues.is_ok(), role == Role::SealClerk, "{role:?}");
    }
    assert_eq!(
        checked(|process| process.steps[3].place = Place::Centre),
        Err(ProcessFault::NotSigned(4))
    );
    assert_eq!(
        checked(|process| process.steps[4].place = Place::Centre),
        Err(ProcessFault::NotSealed(5))
    );
}

#[test]
fn nothing_is_worked_on_between_the_result_and_its_return() {
    assert_eq!(
        checked(|process| process.steps.swap(1, 4)),
        Err(ProcessFault::Order)
    );
    let after = checked(|process| {
        let work = process.steps.remove(1);
        process.steps.insert(4, work);
    });
    assert_eq!(after, Err(ProcessFault::Order));
}
