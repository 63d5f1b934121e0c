//! The local service of a token: a page's messages, the signed document as poppler sees it.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use simulators::Running;
use simulators::authority::{Authority, KeyKind, Purpose, Subject};
use simulators::token::{RunningToken, Token};
use simulators::token_door::Door;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use tokio_tungstenite::tungstenite::Message;

use crate::tools::{document, folder, said};

type Kept = Arc<Mutex<Vec<(String, Vec<u8>)>>>;

/// A system that hands out one document and takes signed ones with the right one-time word.
async fn office(kept: &Kept) -> Running {
    async fn take(
        State(kept): State<Kept>,
        axum::extract::Path(word): axum::extract::Path<String>,
        mut form: Multipart,
    ) -> Result<String, StatusCode> {
        if word != "once" {
            return Err(StatusCode::UNAUTHORIZED);
        }
        let field = form.next_field().await.unwrap().unwrap();
        assert_eq!(field.name(), Some("uploadfile"));
        let name = field.file_name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.unwrap().to_vec();
        kept.lock().unwrap().push((name, bytes));
        Ok(json!({"Status": true, "FileServer": "kept"}).to_string())
    }
    let site = Router::new()
        .route("/files/result.pdf", get(async || document()))
        .route("/upload/{word}", post(take))
        .with_state(kept.clone());
    Running::start(site, 0).await.unwrap()
}

async fn say(token: &RunningToken, function: &str, message: &str) -> Value {
    let stream = TcpStream::connect(token.address).await.unwrap();
    let url = format!("ws://{}/{function}", token.address);
    let (mut socket, _) = tokio_tungstenite::client_async(url, stream).await.unwrap();
    socket.send(Message::Text(message.into())).await.unwrap();
    let Some(Ok(Message::Text(answer))) = socket.next().await else {
        panic!("no answer to {function}");
    };
    serde_json::from_str(answer.as_str()).unwrap()
}

#[tokio::test]
async fn a_page_has_documents_signed_and_hears_when_they_are_not() {
    let authority = Authority::generate("Test authority", None).unwrap();
    let subject = Subject::new("Tran Van Ky", Purpose::Signature);
    let token = Arc::new(Token::new(
        authority.issue(&subject, &KeyKind::P256).unwrap(),
    ));
    let desk = token.desk.clone();
    let token = token.start(0).await.unwrap();
    let kept = Kept::default();
    let office = office(&kept).await;
    let at = format!("http://{}", office.address);
    assert_eq!(say(&token, "GetVersion", "version").await["Status"], 0);
    let asked = |word: &str| {
        let upload = format!("{at}/upload/{word}");
        let file = format!("{at}/files/result.pdf");
        json!({"FileUploadHandler": upload, "SessionId": "", "FileName": file, "DocNumber": "12"})
    };
    let done = say(&token, "SignApproved", &asked("once").to_string()).await;
    assert_eq!(
        (&done["Status"], &done["DocumentNumber"]),
        (&json!(0), &json!("12"))
    );
    let told: Value = serde_json::from_str(done["FileServer"].as_str().unwrap()).unwrap();
    assert_eq!(told["FileServer"], "kept");
    let stale = say(&token, "SignApproved", &asked("stale").to_string()).await;
    assert_eq!(
        (&stale["Status"], &stale["Message"]),
        (&json!(2), &json!("HTTP 401"))
    );
    for (fault, status) in [("cancelled", 1), ("expired", 10)] {
        desk.plan(fault);
        let said = say(&token, "SignIssued", &asked("once").to_string()).await;
        assert_eq!(said["Status"], status, "{said}");
    }
    let file = json!({"FileID": "a", "FileName": "a.pdf", "URL": format!("{at}/files/result.pdf")});
    let upload = format!("{at}/upload/once");
    let many = json!({"FileUploadHandler": upload, "SessionId": "", "Files": [file]});
    let done = say(&token, "SignFiles", &many.to_string()).await;
    assert_eq!(done["Files"][0]["FileID"], "a");

    let kept = kept.lock().unwrap().clone();
    assert_eq!(
        kept.iter().map(|one| one.0.as_str()).collect::<Vec<_>>(),
        ["result.pdf", "a.pdf"]
    );
    let folder = folder("token");
    std::fs::write(folder.join("signed.pdf"), &kept[0].1).unwrap();
    let (_, words) = said(&folder, "pdfsig -nocert signed.pdf");
    assert!(
        words.contains("Signature is Valid") && words.contains("Total document signed"),
        "{words}"
    );
    assert!(words.contains("Tran Van Ky"), "{words}");
}

/// What a browser does that was told to trust the key of the door.
#[tokio::test]
async fn the_door_speaks_tls_under_a_key_that_stays() {
    let place = folder("door");
    let (first, door) = (Door::kept(&place).unwrap(), Door::kept(&place).unwrap());
    assert_eq!(first.fingerprint, door.fingerprint);
    let authority = Authority::generate("Test authority", None).unwrap();
    let subject = Subject::new("Tran Van Ky", Purpose::Signature);
    let token = Arc::new(Token::new(
        authority.issue(&subject, &KeyKind::P256).unwrap(),
    ));
    let mut trusted = RootCertStore::empty();
    trusted.add(door.certificate.clone().into()).unwrap();
    let running = token.start_behind(door, 0).await.unwrap();
    let settings = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(trusted)
        .with_no_client_auth();
    let stream = TcpStream::connect(running.address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let stream = TlsConnector::from(Arc::new(settings)).connect(name, stream);
    let url = format!("wss://localhost:{}/GetVersion", running.address.port());
    let stream = stream.await.unwrap();
    let (mut socket, _) = tokio_tungstenite::client_async(url, stream).await.unwrap();
    let asked = Message::Text("version".into());
    socket.send(asked).await.unwrap();
    let Some(Ok(Message::Text(answer))) = socket.next().await else {
        panic!("no answer")
    };
    let answer: Value = serde_json::from_str(answer.as_str()).unwrap();
    assert_eq!(answer["Status"], 0);
    std::fs::remove_dir_all(place).unwrap();
}
