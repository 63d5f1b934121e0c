//! Accounts, locks, one-time codes, sessions.

use domain::office::Role;
use jiff::civil::date;
use store::{AccountChange, Lock, NewAccount, NewSession, SignInChange, StepUse, Store, TokenHash};

use crate::samples::{at, audit, office, post, staff_id};

async fn account(store: &Store) {
    office(store).await;
    let account = NewAccount {
        login: "An.Le".to_owned(),
        staff: staff_id("an"),
        password_hash: "$argon2id$1".to_owned(),
        totp_sealed: Some(vec![1, 2, 3]),
    };
    store
        .save_account(account, at(0), audit("account.saved"))
        .await
        .unwrap();
}

fn session(number: u8, staff: &str, minutes: i64) -> NewSession {
    NewSession {
        token: TokenHash([number; 32]),
        staff: staff_id(staff),
        csrf: "csrf".to_owned(),
        language: "vi".to_owned(),
        at: at(0),
        expires_at: at(minutes),
    }
}

async fn open(store: &Store, session: NewSession) {
    store
        .open_session(session, audit("session.opened"))
        .await
        .unwrap();
}

pub(crate) async fn an_account_is_found_whatever_the_case(store: &Store) {
    account(store).await;
    let found = store.find_account(" AN.LE ").await.unwrap().unwrap();
    assert_eq!(
        (found.login.as_str(), found.name.as_str()),
        ("an.le", "Lê Thị An")
    );
    assert_eq!(found.totp_sealed, Some(vec![1, 2, 3]));
    assert_eq!((found.failures, found.locked_until), (0, None));
    assert_eq!(store.find_account("nobody").await.unwrap(), None);
}

pub(crate) async fn of_twenty_failures_at_once_each_is_counted(store: &Store) {
    account(store).await;
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                store
                    .record_failure("an.le", 5, at(0), at(15))
                    .await
                    .unwrap()
                    .unwrap()
            })
        })
        .collect();
    let mut counts = Vec::new();
    for task in tasks {
        let failures = task.await.unwrap();
        assert_eq!(failures.locked_until.is_some(), failures.count >= 5);
        counts.push(failures.count);
    }
    counts.sort_unstable();
    assert_eq!(counts, (1..=20).collect::<Vec<u32>>());
    let found = store.find_account("an.le").await.unwrap().unwrap();
    assert_eq!((found.failures, found.locked_until), (20, Some(at(15))));
    assert_eq!(
        store
            .record_failure("nobody", 5, at(0), at(15))
            .await
            .unwrap(),
        None
    );

    assert_eq!(
        store.record_success("an.le", None).await.unwrap(),
        StepUse::Fresh
    );
    let found = store.find_account("an.le").await.unwrap().unwrap();
    assert_eq!((found.failures, found.locked_until), (0, None));
}

pub(crate) async fn after_a_lock_failures_are_counted_anew(store: &Store) {
    account(store).await;
    let fail = async |now, until| {
        let failures = store.record_failure("an.le", 3, at(now), at(until)).await;
        let failures = failures.unwrap().unwrap();
        (failures.count, failures.locked_until)
    };
    assert_eq!(fail(0, 15).await, (1, None));
    assert_eq!(fail(0, 15).await, (2, None));
    assert_eq!(fail(0, 15).await, (3, Some(at(15))));
    assert_eq!(fail(14, 29).await, (4, Some(at(29))), "still locked");
    assert_eq!(fail(29, 44).await, (1, None), "the lock has expired");
    assert_eq!(fail(30, 45).await, (2, None));
    assert_eq!(fail(31, 46).await, (3, Some(at(46))));
}

pub(crate) async fn of_ten_uses_of_one_code_one_is_fresh(store: &Store) {
    account(store).await;
    let tasks: Vec<_> = (0..10)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.record_success("an.le", Some(1_000)).await.unwrap() })
        })
        .collect();
    let mut fresh = 0;
    for task in tasks {
        fresh += usize::from(task.await.unwrap() == StepUse::Fresh);
    }
    assert_eq!(fresh, 1);
    assert_eq!(
        store.record_success("an.le", Some(999)).await.unwrap(),
        StepUse::Replayed
    );
    assert_eq!(
        store.record_success("an.le", Some(1_001)).await.unwrap(),
        StepUse::Fresh
    );
    assert_eq!(
        store.record_success("nobody", None).await.unwrap(),
        StepUse::Replayed
    );
}

pub(crate) async fn a_session_says_who_and_which_posts_today(store: &Store) {
    account(store).await;
    let mut ended = post("an", "H56.113", Role::Leader);
    ended.post.valid_to = Some(date(2026, 11, 23));
    for new in [
        post("an", "H56.112", Role::ReceptionClerk),
        post("an", "H56.112", Role::CaseOfficer),
        ended,
        post("binh", "H56.112", Role::Leader),
    ] {
        store
            .give_post(new, at(0), audit("post.given"))
            .await
            .unwrap();
    }
    open(store, session(1, "an", 60)).await;
    open(store, session(2, "chi", 60)).await;

    let found = store
        .session(TokenHash([1; 32]), at(59))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (found.staff, found.name.as_str()),
        (staff_id("an"), "Lê Thị An")
    );
    assert_eq!(
        (found.csrf.as_str(), found.language.as_str()),
        ("csrf", "vi")
    );
    let roles: Vec<Role> = found.posts.iter().map(|post| post.role).collect();
    assert_eq!(roles, [Role::CaseOfficer, Role::ReceptionClerk]);
    let postless = store
        .session(TokenHash([2; 32]), at(59))
        .await
        .unwrap()
        .unwrap();
    assert!(postless.posts.is_empty());
    assert_eq!(
        store.session(TokenHash([1; 32]), at(60)).await.unwrap(),
        None,
        "it has ended"
    );
    assert_eq!(
        store.session(TokenHash([9; 32]), at(0)).await.unwrap(),
        None
    );
}

pub(crate) async fn a_session_lives_on_while_it_is_used(store: &Store) {
    account(store).await;
    open(store, session(1, "an", 60)).await;
    let token = TokenHash([1; 32]);
    store.touch_session(token, at(50), at(110)).await.unwrap();
    store.settle_session(token, "en".to_owned()).await.unwrap();
    let found = store.session(token, at(100)).await.unwrap().unwrap();
    assert_eq!(
        (found.created_at, found.seen_at, found.expires_at),
        (at(0), at(50), at(110))
    );
    assert_eq!(found.language, "en");
    store.close_session(token).await.unwrap();
    store.close_session(token).await.unwrap();
    assert_eq!(store.session(token, at(100)).await.unwrap(), None);
}

pub(crate) async fn sessions_end_together_by_order_by_time_and_with_the_password(store: &Store) {
    account(store).await;
    for (number, staff, minutes) in [(1, "an", 60), (2, "an", 60), (3, "chi", 60), (4, "chi", 10)] {
        open(store, session(number, staff, minutes)).await;
    }
    let password = SignInChange::Password("$argon2id$1".to_owned());
    change(store, password, Some(TokenHash([2; 32]))).await;
    let kept = store.session(TokenHash([2; 32]), at(2)).await.unwrap();
    assert!(kept.is_some());
    let ended = store.session(TokenHash([1; 32]), at(2)).await.unwrap();
    assert_eq!(ended, None);
    assert_eq!(store.purge_sessions(at(10)).await.unwrap(), 1);
    assert!(
        store
            .session(TokenHash([3; 32]), at(10))
            .await
            .unwrap()
            .is_some()
    );

    open(store, session(5, "an", 60)).await;
    store
        .record_failure("an.le", 1, at(0), at(15))
        .await
        .unwrap();
    let changed = NewAccount {
        login: "an.le".to_owned(),
        staff: staff_id("an"),
        password_hash: "$argon2id$2".to_owned(),
        totp_sealed: None,
    };
    store
        .save_account(changed, at(2), audit("account.saved"))
        .await
        .unwrap();
    assert_eq!(
        store.session(TokenHash([5; 32]), at(10)).await.unwrap(),
        None
    );
    let found = store.find_account("an.le").await.unwrap().unwrap();
    assert_eq!(
        (found.password_hash.as_str(), found.totp_sealed),
        ("$argon2id$2", None)
    );
    assert_eq!((found.failures, found.locked_until), (0, None));
}

async fn change(store: &Store, to: SignInChange, keep: Option<TokenHash>) {
    let change = AccountChange {
        staff: staff_id("an"),
        to,
        keep,
    };
    let line = audit("account.changed");
    assert!(store.change_account(change, at(2), line).await.unwrap());
}

pub(crate) async fn a_changed_secret_counts_and_a_used_code_does_not(store: &Store) {
    account(store).await;
    open(store, session(1, "an", 60)).await;
    change(store, SignInChange::Totp(Some((vec![7], 40))), None).await;
    let token = TokenHash([1; 32]);
    assert_eq!(store.session(token, at(3)).await.unwrap(), None);
    let found = store.find_account("an.le").await.unwrap().unwrap();
    assert_eq!(found.totp_sealed, Some(vec![7]));
    let replayed = store.record_success("an.le", Some(40)).await.unwrap();
    assert_eq!(replayed, StepUse::Replayed);
    change(store, SignInChange::Totp(None), None).await;
    let asked = [staff_id("nobody"), staff_id("an")];
    let [found] = &store.accounts_of(&asked).await.unwrap()[..] else {
        panic!("one of them has an account");
    };
    assert_eq!(found.totp_sealed, None);
    let nobody = AccountChange {
        staff: staff_id("nobody"),
        to: SignInChange::Totp(None),
        keep: None,
    };
    let line = audit("account.changed");
    assert!(!store.change_account(nobody, at(3), line).await.unwrap());
}

pub(crate) async fn a_locked_account_stays_so_until_it_is_unlocked(store: &Store) {
    account(store).await;
    open(store, session(1, "an", 60)).await;
    let lock = async |lock: Lock| {
        let line = audit("account.locked");
        store.lock_account(staff_id("an"), lock, at(1), line).await
    };
    assert!(lock(Lock::Closed).await.unwrap());
    let token = TokenHash([1; 32]);
    assert_eq!(store.session(token, at(2)).await.unwrap(), None);
    // Whoever was signing in when it was locked neither opens it nor shortens the lock.
    let success = store.record_success("an.le", None).await.unwrap();
    assert_eq!(success, StepUse::Replayed);
    store
        .record_failure("an.le", 1, at(2), at(17))
        .await
        .unwrap();
    let until = async || {
        let found = store.find_account("an.le").await.unwrap();
        found.unwrap().locked_until
    };
    assert_eq!(until().await, Some(jiff::civil::DateTime::MAX));
    assert!(lock(Lock::Open).await.unwrap());
    assert_eq!(until().await, None);
    let success = store.record_success("an.le", None).await.unwrap();
    assert_eq!(success, StepUse::Fresh);
    let nobody = staff_id("nobody");
    let line = audit("account.locked");
    let there = store.lock_account(nobody, Lock::Open, at(1), line).await;
    assert!(!there.unwrap());
}

pub(crate) async fn a_member_of_staff_has_one_account(store: &Store) {
    account(store).await;
    let second = NewAccount {
        login: "another".to_owned(),
        staff: staff_id("an"),
        password_hash: "$argon2id$3".to_owned(),
        totp_sealed: None,
    };
    assert!(
        store
            .save_account(second, at(1), audit("account.saved"))
            .await
            .is_err()
    );
    assert_eq!(store.find_account("another").await.unwrap(), None);
}

pub(crate) async fn every_change_of_rights_leaves_an_audit_line(store: &Store) {
    account(store).await;
    let new = post("an", "H56.112", Role::Leader);
    store
        .give_post(new, at(1), audit("post.given"))
        .await
        .unwrap();
    open(store, session(1, "an", 60)).await;
    let line = audit("account.locked");
    let locked = store.lock_account(staff_id("an"), Lock::Closed, at(2), line);
    assert!(locked.await.unwrap());
    let lines = store.audited("register").await.unwrap();
    let actions: Vec<&str> = lines.iter().map(|line| line.line.action.as_str()).collect();
    assert_eq!(
        actions,
        [
            "units.saved",
            "account.saved",
            "post.given",
            "session.opened",
            "account.locked"
        ]
    );
    assert_eq!(lines.last().map(|line| line.at), Some(at(2)));
    // What is refused leaves none.
    let nobody = post("nobody", "H56.112", Role::Leader);
    assert!(
        store
            .give_post(nobody, at(3), audit("post.given"))
            .await
            .is_err()
    );
    assert_eq!(store.audited("register").await.unwrap().len(), 5);
}
