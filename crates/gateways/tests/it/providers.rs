//! Providers of messages, as the simulators speak for them: taken, refused, busy, slow, dead, and an
//! answer that was lost.

use std::time::Duration;

use app::ports::{Notifier, Outgoing, PortError};
use gateways::notify::{SmsAccount, SmsNotifier, ZnsAccount, ZnsNotifier};
use http::Request;
use http_body_util::BodyExt as _;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use simulators::{Running, messages};

const PATIENCE: Duration = Duration::from_secs(1);

async fn simulator() -> Running {
    Running::start(messages::site(), 0).await.unwrap()
}

async fn ask(running: &Running, path: &str, body: Option<Value>) -> Value {
    let client = Client::builder(TokioExecutor::new()).build_http::<String>();
    let url = format!("http://{}{path}", running.address);
    let request = match body {
        Some(body) => Request::post(url)
            .header("content-type", "application/json")
            .body(body.to_string()),
        None => Request::get(url).body(String::new()),
    };
    let answer = client.request(request.unwrap()).await.unwrap();
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    serde_json::from_slice(&bytes).unwrap_or(Value::Null)
}

async fn faults(running: &Running, faults: &[&str]) {
    ask(running, "/_sim/faults", Some(json!(faults))).await;
}

async fn taken(running: &Running) -> Vec<Value> {
    let log = ask(running, "/_sim/log", None).await;
    log.as_array().unwrap().clone()
}

fn sms(running: &Running) -> SmsNotifier {
    let account = json!({
        "label": "1", "contract_type": "1", "contract": "2", "template": "3", "agent": "4",
        "user": "u", "password": "p", "customer": "motcua",
        "refused": ["3"], "repeated": ["15"],
    });
    let account = SmsAccount::parse(&account.to_string()).unwrap();
    let url = format!("http://{}/sms", running.address);
    SmsNotifier::open(&url, account, PATIENCE).unwrap()
}

fn notice(code: &str) -> Outgoing {
    Outgoing {
        code: code.to_owned(),
        to: "0912 345 678".to_owned(),
        subject: "100001".to_owned(),
        body: "ma_ho_so=H56\ntrang_thai=Đã tiếp nhận".to_owned(),
    }
}

fn retry(reason: &str) -> Result<String, PortError> {
    Err(PortError::Retry(reason.to_owned()))
}

#[tokio::test]
async fn every_answer_of_a_provider_of_text_messages_is_told_apart() {
    let running = simulator().await;
    let sms = sms(&running);
    assert!(sms.send(&notice("a")).await.is_ok());
    let log = taken(&running).await;
    assert_eq!(
        (&log[0]["to"], &log[0]["code"]),
        (&json!("84912345678"), &json!("a"))
    );
    faults(&running, &["refuse", "busy", "dead", "slow"]).await;
    let refused = PortError::Fail("3 number not reached".to_owned());
    assert_eq!(sms.send(&notice("b")).await, Err(refused));
    assert_eq!(sms.send(&notice("b")).await, retry("99 busy"));
    assert_eq!(sms.send(&notice("b")).await, retry("HTTP 503"));
    assert_eq!(sms.send(&notice("b")).await, retry("no_answer"));
    let nobody = Outgoing {
        to: "12".to_owned(),
        ..notice("c")
    };
    let bad = Err(PortError::Fail("bad_address".to_owned()));
    assert_eq!(sms.send(&nobody).await, bad);
    assert_eq!(taken(&running).await.len(), 1);
    drop(running);
    assert_eq!(sms.send(&notice("d")).await, retry("no_connection"));
}

#[tokio::test]
async fn a_message_whose_answer_was_lost_is_sent_once() {
    let running = simulator().await;
    let sms = sms(&running);
    faults(&running, &["lost"]).await;
    assert_eq!(sms.send(&notice("a")).await, retry("no_answer"));
    assert!(sms.send(&notice("a")).await.is_ok(), "taken before");
    assert_eq!(taken(&running).await.len(), 1);
}

#[tokio::test]
async fn an_access_token_is_refreshed_once_and_kept() {
    let running = simulator().await;
    let folder = std::env::temp_dir().join(format!("motcua-zns-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("tokens.json");
    let old = json!({"access_token": "old", "refresh_token": "refresh-0"});
    std::fs::write(&file, old.to_string()).unwrap();
    let base = format!("http://{}", running.address);
    let account = json!({
        "app_id": "1", "secret_key": "s", "token_file": file,
        "url": base, "oauth_url": base,
    });
    let account = ZnsAccount::parse(&account.to_string()).unwrap();
    let zns = ZnsNotifier::open(account.clone(), PATIENCE).unwrap();
    let (first, second) = (notice("a"), notice("b"));
    let (a, b) = tokio::join!(zns.send(&first), zns.send(&second));
    assert_eq!((a.unwrap().as_str(), b.unwrap().as_str()), ("m-a", "m-b"));
    let kept: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(kept["refresh_token"], "refresh-1");
    // Another start goes on with the pair on disk.
    let zns = ZnsNotifier::open(account, PATIENCE).unwrap();
    faults(&running, &["lost", "refuse", "busy", "token"]).await;
    assert_eq!(zns.send(&notice("c")).await, retry("no_answer"));
    let refused = PortError::Fail("-118 Account not existed".to_owned());
    assert_eq!(zns.send(&notice("c")).await, Err(refused));
    assert_eq!(zns.send(&notice("c")).await, retry("-100 Unknown error"));
    assert!(zns.send(&notice("c")).await.is_ok(), "refreshed on the way");
    let log = taken(&running).await;
    assert_eq!(log.len(), 3, "{log:?}");
    let text: Value = serde_json::from_str(log[0]["text"].as_str().unwrap()).unwrap();
    assert_eq!(text["trang_thai"], "Đã tiếp nhận");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn an_account_that_lacks_something_is_named() {
    let no = SmsAccount::parse("{\"label\":\"1\"}").unwrap_err();
    assert!(
        no.to_string()
            .starts_with("MOTCUA_SMS_ACCOUNT: missing field")
    );
    let no = ZnsAccount::parse("{\"unknown\":1}").unwrap_err();
    assert_eq!(no.variable, "MOTCUA_ZNS_ACCOUNT");
}
