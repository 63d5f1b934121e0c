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

const PATIENCE: Duration = Duration::from_secs(20);
/// With whoever never answers.
const SHORT: Duration = Duration::from_secs(1);

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
    sms_within(running, PATIENCE)
}

fn sms_within(running: &Running, patience: Duration) -> SmsNotifier {
    let account = json!({
        "label": "1", "contract_type": "1", "contract": "2", "template": "3", "agent": "4",
        "user": "u", "password": "p", "customer": "motcua",
        "refused": ["3"], "repeated": ["15"],
    });
    let account = SmsAccount::parse(&account.to_string()).unwrap();
    let url = format!("http://{}/sms", running.address);
    SmsNotifier::open(&url, account, patience).unwrap()
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
    let impatient = sms_within(&running, SHORT);
    assert_eq!(impatient.send(&notice("b")).await, retry("no_answer"));
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
    let impatient = sms_within(&running, SHORT);
    assert_eq!(impatient.send(&notice("a")).await, retry("no_answer"));
    assert!(sms.send(&notice("a")).await.is_ok(), "taken before");
    assert_eq!(taken(&running).await.len(), 1);
}

/// A folder of its own with a pair of tokens that is no longer good.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("motcua-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let old = json!({"access_token": "old", "refresh_token": "refresh-0"});
        std::fs::write(folder.join("tokens.json"), old.to_string()).unwrap();
        Self(folder)
    }

    fn tokens(&self) -> Value {
        serde_json::from_slice(&std::fs::read(self.0.join("tokens.json")).unwrap()).unwrap()
    }

    fn account(&self, running: &Running) -> ZnsAccount {
        let base = format!("http://{}", running.address);
        let account = json!({
            "app_id": "1", "secret_key": "s", "token_file": self.0.join("tokens.json"),
            "url": base, "oauth_url": base,
        });
        ZnsAccount::parse(&account.to_string()).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

#[tokio::test]
async fn a_pair_that_cannot_be_written_is_used_and_written_later() {
    let running = simulator().await;
    let folder = Folder::new("unwritten");
    let zns = ZnsNotifier::open(folder.account(&running), PATIENCE).unwrap();
    // The folder is away: nothing can be written beside the file.
    let away = folder.0.with_extension("away");
    std::fs::rename(&folder.0, &away).unwrap();
    assert_eq!(zns.send(&notice("a")).await.unwrap(), "m-a");
    // The spent pair is not used again: the next refresh goes on from the new one.
    faults(&running, &["token"]).await;
    assert_eq!(zns.send(&notice("b")).await.unwrap(), "m-b");
    std::fs::rename(&away, &folder.0).unwrap();
    assert_eq!(folder.tokens()["refresh_token"], "refresh-0");
    assert_eq!(zns.send(&notice("c")).await.unwrap(), "m-c");
    assert_eq!(folder.tokens()["refresh_token"], "refresh-2");
}

#[tokio::test]
async fn a_second_node_goes_on_with_the_pair_that_the_first_has_fetched() {
    let running = simulator().await;
    let folder = Folder::new("two-nodes");
    let node = || ZnsNotifier::open(folder.account(&running), PATIENCE).unwrap();
    let (first, second) = (node(), node());
    assert_eq!(first.send(&notice("a")).await.unwrap(), "m-a");
    // The second still has the spent pair in memory, and reads the file.
    assert_eq!(second.send(&notice("b")).await.unwrap(), "m-b");
    assert_eq!(folder.tokens()["refresh_token"], "refresh-1");
    // What is on disk may be as old: then it asks for a new pair.
    faults(&running, &["token"]).await;
    assert_eq!(second.send(&notice("c")).await.unwrap(), "m-c");
    assert_eq!(first.send(&notice("d")).await.unwrap(), "m-d");
    assert_eq!(folder.tokens()["refresh_token"], "refresh-2");
    // Both at once: one refreshes, the other finds its pair.
    faults(&running, &["token", "token"]).await;
    let (e, f) = (notice("e"), notice("f"));
    let (a, b) = tokio::join!(first.send(&e), second.send(&f));
    assert_eq!((a.unwrap().as_str(), b.unwrap().as_str()), ("m-e", "m-f"));
}

#[tokio::test]
async fn a_provider_tells_whether_a_text_is_approved_and_what_it_takes() {
    let running = simulator().await;
    let folder = Folder::new("approved");
    let zns = ZnsNotifier::open(folder.account(&running), PATIENCE).unwrap();
    let approved = zns.approved("100001").await.unwrap().unwrap();
    assert!(approved.enabled);
    let unit = approved.parameters.iter().find(|one| one.name == "co_quan");
    assert_eq!(unit.unwrap().longest, Some(200));
    assert!(!zns.approved("100002").await.unwrap().unwrap().enabled);
    let unknown = zns.approved("9").await.unwrap_err();
    assert!(matches!(unknown, PortError::Fail(_)), "{unknown:?}");
    faults(&running, &["busy"]).await;
    let busy = zns.approved("100001").await.unwrap_err();
    assert!(matches!(busy, PortError::Retry(_)), "{busy:?}");
    assert_eq!(sms(&running).approved("1").await, Ok(None));
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
    let zns = ZnsNotifier::open(account.clone(), PATIENCE).unwrap();
    let impatient = ZnsNotifier::open(account, SHORT).unwrap();
    faults(&running, &["lost", "refuse", "busy", "token"]).await;
    assert_eq!(impatient.send(&notice("c")).await, retry("no_answer"));
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
