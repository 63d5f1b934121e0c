//! Everything that goes wrong at a service or on its line is told apart, and nothing wrong is taken.

use gateways::remote::{Begun, Progress};

use super::{CODE, House, Key, approval, configured, reason, typed};

const ALL: [&str; 3] = ["csc", "smart_ca", "my_sign"];

#[tokio::test]
async fn a_line_that_fails_is_tried_again_later() {
    let house = House::open(Key::P256, None).await;
    for name in ALL {
        let request = house.request(name, "r-1").await;
        for (fault, said) in [
            ("dead", "later: remote.broken"),
            ("broken", "later: remote.broken"),
            ("garbage", "later: remote.broken"),
            ("slow", "later: remote.no_answer"),
        ] {
            house.desk(name).plan(fault);
            let service = match fault {
                "slow" => &house.impatient.signing[name],
                _ => house.service(name),
            };
            let told = house.signed_by(service, &request).await;
            assert_eq!(told, Err(said.to_owned()), "{name} {fault}");
        }
        assert!(house.signed(name, &request).await.is_ok(), "{name}");
    }
}

#[tokio::test]
async fn a_service_that_is_away_is_tried_again_later() {
    let house = House::open(Key::P256, None).await;
    let services = configured(&house.running, "demo");
    let requests = [
        house.request("csc", "r-1").await,
        house.request("smart_ca", "r-1").await,
        house.request("my_sign", "r-1").await,
    ];
    drop(house);
    for (name, request) in ALL.iter().zip(&requests) {
        let given = approval(request.certificate.asks);
        let told = services.signing[*name].begin(request, &given).await;
        let said = Err("later: remote.no_connection".to_owned());
        assert_eq!(told.map_err(reason), said, "{name}");
    }
}

#[tokio::test]
async fn signatures_are_counted_and_each_is_checked() {
    for key in [Key::Rsa, Key::P256] {
        let house = House::open(key, None).await;
        for name in ALL {
            for (n, (fault, said)) in [
                ("fewer", "remote.count"),
                ("swapped", "remote.signature"),
                ("signature", "remote.signature"),
            ]
            .into_iter()
            .enumerate()
            {
                let request = house.request(name, &format!("r-{n}")).await;
                house.desk(name).plan(fault);
                let told = house.signed(name, &request).await;
                assert_eq!(told, Err(said.to_owned()), "{name} {fault}");
            }
        }
    }
}

#[tokio::test]
async fn who_says_no_and_who_does_not_answer_are_told_apart() {
    let house = House::open(Key::P256, None).await;
    for name in ["smart_ca", "my_sign"] {
        for (n, (fault, said)) in [
            ("rejected", Err("remote.rejected".to_owned())),
            ("expired", Err("expired".to_owned())),
        ]
        .into_iter()
        .enumerate()
        {
            let request = house.request(name, &format!("r-{n}")).await;
            house.desk(name).plan(&format!("{fault}@status"));
            assert_eq!(house.signed(name, &request).await, said, "{name}");
        }
    }
    let request = house.request("csc", "r-1").await;
    house.desk("csc").plan("rejected");
    let told = house.signed("csc", &request).await;
    assert_eq!(told, Err("remote.rejected".to_owned()));
}

#[tokio::test]
async fn a_request_whose_answer_was_lost_is_taken_once() {
    let house = House::open(Key::P256, None).await;
    let request = house.request("smart_ca", "r-1").await;
    house.desk("smart_ca").plan("lost@sign");
    let impatient = &house.impatient.signing["smart_ca"];
    let lost = house.signed_by(impatient, &request).await;
    assert_eq!(lost, Err("later: remote.no_answer".to_owned()));
    assert!(house.signed("smart_ca", &request).await.is_ok());
    let log = house.desk("smart_ca").log();
    assert_eq!(log.len(), 1, "{log:?}");
}

#[tokio::test]
async fn a_question_that_fails_does_not_end_the_waiting() {
    let house = House::open(Key::P256, None).await;
    for name in ["smart_ca", "my_sign"] {
        let request = house.request(name, "r-1").await;
        let service = house.service(name);
        let given = approval(request.certificate.asks);
        let Begun::Waiting(waiting) = service.begin(&request, &given).await.unwrap() else {
            panic!("{name} did not wait");
        };
        for fault in ["dead", "slow", "garbage"] {
            house.desk(name).plan(&format!("{fault}@status"));
            let asked = match fault {
                "slow" => &house.impatient.signing[name],
                _ => service,
            };
            let told = asked.poll(&request, &waiting).await.map_err(reason);
            assert!(told.is_err_and(|said| said.starts_with("later")), "{name}");
        }
        let pending = service.poll(&request, &waiting).await.unwrap();
        assert_eq!(pending, Progress::Pending, "{name}");
        let signed = service.poll(&request, &waiting).await.unwrap();
        assert!(matches!(signed, Progress::Signed(_)), "{name}");
        let unknown = service.poll(&request, "nobody").await.map_err(reason);
        assert!(
            unknown.is_err_and(|said| !said.starts_with("later")),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_token_that_ended_early_is_renewed_once() {
    let house = House::open(Key::P256, None).await;
    for (name, call) in [
        ("csc", "signHash"),
        ("my_sign", "signHash"),
        ("my_sign", "status"),
    ] {
        let request = house.request(name, "r-1").await;
        house.desk(name).plan(&format!("token@{call}"));
        assert!(house.signed(name, &request).await.is_ok(), "{name}");
    }
    let request = house.request("csc", "r-2").await;
    house.desk("csc").plan("token@authorize");
    house.desk("csc").plan("token@authorize");
    let told = house.signed("csc", &request).await;
    assert_eq!(told, Err("remote.account".to_owned()));
}

#[tokio::test]
async fn a_pin_is_tried_once_and_an_approval_renewed_only_with_it() {
    let house = House::open(Key::P256, None).await;
    let request = house.request("csc", "r-1").await;
    let csc = house.service("csc");
    let wrong = csc.begin(&request, &typed("0000", None)).await;
    assert_eq!(wrong.map_err(reason), Err("remote.pin".to_owned()));
    house.desk("csc").plan("sad_expired");
    assert!(house.signed("csc", &request).await.is_ok());
    house.desk("csc").plan("sad_expired");
    house.desk("csc").plan("sad_expired");
    let told = house.signed("csc", &request).await;
    assert_eq!(told, Err("remote.approval".to_owned()));

    let house = House::open(Key::P256, Some(CODE)).await;
    let request = house.request("csc", "r-1").await;
    house.desk("csc").plan("sad_expired");
    let told = house.signed("csc", &request).await;
    assert_eq!(told, Err("remote.approval".to_owned()));
}
