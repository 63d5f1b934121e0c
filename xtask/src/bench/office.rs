//! What clients do: the offices they sign in to, and the requests they send.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::http::{Connection, Request, Session};
use super::load::Did;

/// The password of every account of the demonstration.
const PASSWORD: &str = "motcua-2026";
/// Procedures that communes decide, with the components that they need.
const PROCEDURES: [(&str, &[&str]); 4] = [
    ("2.000815", &["c1"]),
    ("1.001193", &["c1", "c2"]),
    ("1.004884", &["c1"]),
    ("1.001612", &["c1"]),
];
/// The transitions of the mix, in order: by the clerk, the officer or the leader.
const TRANSITIONS: [&str; 7] = [
    "hand_over",
    "assign",
    "draft_supplement",
    "approve_supplement",
    "ask_supplement",
    "supply",
    "notice_obligation",
];

/// Tells apart what is sent, in this run and between runs.
static SENT: AtomicU64 = AtomicU64::new(0);

/// A dossier on its way.
#[derive(Debug, Clone)]
struct OnTheWay {
    id: String,
    version: u64,
    step: usize,
}

/// The status of who asked too often.
const TOO_MANY: u16 = 429;

/// A commune with a clerk, an officer and a leader who are signed in.
#[derive(Debug)]
pub(super) struct Office {
    clerk: Session,
    officer: Session,
    officer_staff: String,
    leader: Session,
    received: Mutex<VecDeque<OnTheWay>>,
}

/// Signs in over the interface.
pub(super) fn sign_in(address: SocketAddr, login: &str) -> Result<Session> {
    let body = json!({"login": login, "password": PASSWORD});
    let request = Request {
        path: "/api/v1/sessions",
        session: None,
        post: Some((&key(), &body)),
    };
    let mut reply = Connection::open(address)?.send(&request)?;
    // All come from one address, which may sign in so many times a minute.
    while reply.status == TOO_MANY {
        thread::sleep(Duration::from_secs(5));
        reply = Connection::open(address)?.send(&request)?;
    }
    let cookie = reply.cookie.take();
    let said = reply
        .good()
        .with_context(|| format!("{login} cannot sign in"))?;
    Ok(Session {
        cookie: cookie.context("a session without a cookie")?,
        csrf: text(&said, "csrf")?,
    })
}

impl Office {
    /// Signs all in at the commune whose identifier ends in `place`.
    pub(super) fn open(address: SocketAddr, place: &str) -> Result<Self> {
        Ok(Self {
            clerk: sign_in(address, &format!("tiepnhan.{place}"))?,
            officer: sign_in(address, &format!("chuyenvien.{place}"))?,
            officer_staff: format!("chuyenvien-{place}"),
            leader: sign_in(address, &format!("lanhdao.{place}"))?,
            received: Mutex::default(),
        })
    }

    /// Dossiers that wait to be handed over.
    pub(super) fn waiting(&self) -> usize {
        self.queue(|queue| queue.len())
    }

    fn queue<T>(&self, with: impl FnOnce(&mut VecDeque<OnTheWay>) -> T) -> T {
        with(&mut self.received.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Receives a new dossier at the counter.
    pub(super) fn create(&self, connection: &mut Connection) -> Result<Did> {
        let nth = SENT.fetch_add(1, Ordering::Relaxed);
        let at = usize::try_from(nth).unwrap_or(0) % PROCEDURES.len();
        let (procedure, components) = PROCEDURES.get(at).context("no procedure")?;
        let papers = components.iter().map(|component| (*component, "paper"));
        let number = format!("038{:09}", (started() + nth) % 1_000_000_000);
        let known = [
            ("procedure", *procedure),
            ("name", "Nguyễn Thị An"),
            ("birth", "31/12/1999"),
            ("number", &number),
            ("address", "Thôn 1, Xã Ví Dụ, Tỉnh Thanh Hóa"),
            ("phone", "0912345678"),
            // Where the charge goes by pages, somebody has counted them.
            ("pages1", "1"),
        ];
        let fields: BTreeMap<&str, &str> = known.into_iter().chain(papers).collect();
        let body = json!({"ending": "receive", "fields": fields});
        let said = post(connection, "/api/v1/dossiers", &self.clerk, &body)?;
        ensure!(
            said.get("code").is_some_and(Value::is_string),
            "received without a number"
        );
        let new = OnTheWay {
            id: text(&said, "dossier")?,
            version: 2,
            step: 0,
        };
        self.queue(|queue| queue.push_back(new));
        Ok(Did::One)
    }

    /// Reads the first page of the unit's open work, with its total.
    pub(super) fn first_page(connection: &mut Connection, session: &Session) -> Result<Did> {
        let reply = connection.send(&Request {
            path: "/api/v1/work?scope=unit",
            session: Some(session),
            post: None,
        })?;
        ensure!(reply.status == 200, "status {}", reply.status);
        Ok(Did::One)
    }

    fn transition(&self, connection: &mut Connection, dossier: &mut OnTheWay) -> Result<()> {
        let command = TRANSITIONS
            .get(dossier.step)
            .context("no transition left")?;
        let (session, fields) = match *command {
            "hand_over" | "ask_supplement" => (&self.clerk, json!({})),
            "approve_supplement" => (&self.leader, json!({})),
            "assign" => (&self.officer, json!({"to": self.officer_staff})),
            "draft_supplement" => (
                &self.officer,
                json!({"w1": "Trang 2 mờ.", "reason": "Bản chụp mờ, đề nghị bổ sung bản rõ."}),
            ),
            "supply" => (&self.clerk, json!({"c1": "paper"})),
            _ => (
                &self.officer,
                json!({"notice": "Nộp phí theo thông báo.", "amount": "16000"}),
            ),
        };
        dossier.version = command_of(connection, session, dossier, (command, fields))?;
        dossier.step += 1;
        Ok(())
    }

    /// Drafts the result of the next dossier that was handed over: this lays out a document.
    pub(super) fn draft(&self, connection: &mut Connection) -> Result<Did> {
        let Some(dossier) = self.queue(VecDeque::pop_front) else {
            return Ok(Did::Nothing);
        };
        let summary = json!({"outcome": "granted", "summary": "Đồng ý giải quyết theo đề nghị."});
        command_of(
            connection,
            &self.officer,
            &dossier,
            ("draft_result", summary),
        )?;
        Ok(Did::One)
    }

    /// Hands every waiting dossier over, not measured.
    pub(super) fn hand_all_over(&self, connection: &mut Connection) -> Result<()> {
        let mut all = self.queue(std::mem::take);
        for dossier in &mut all {
            self.transition(connection, dossier)?;
        }
        self.queue(|queue| *queue = all);
        Ok(())
    }

    /// Drops what waits.
    pub(super) fn clear(&self) {
        self.queue(VecDeque::clear);
    }
}

/// A client that leads dossiers of its office through the five transitions, one after the other.
pub(super) struct Mover {
    office: Arc<Office>,
    connection: Connection,
    dossier: Option<OnTheWay>,
}

impl Mover {
    pub(super) fn new(address: SocketAddr, office: &Arc<Office>) -> Result<Self> {
        Ok(Self {
            office: Arc::clone(office),
            connection: Connection::open(address)?,
            dossier: None,
        })
    }

    /// One transition.
    pub(super) fn step(&mut self) -> Result<Did> {
        let fresh = || self.office.queue(VecDeque::pop_front);
        let Some(mut dossier) = self.dossier.take().or_else(fresh) else {
            return Ok(Did::Nothing);
        };
        self.office.transition(&mut self.connection, &mut dossier)?;
        self.dossier = Some(dossier).filter(|dossier| dossier.step < TRANSITIONS.len());
        Ok(Did::One)
    }
}

/// Gives a command; says the dossier's version afterwards.
fn command_of(
    connection: &mut Connection,
    session: &Session,
    dossier: &OnTheWay,
    (command, fields): (&str, Value),
) -> Result<u64> {
    let path = format!("/api/v1/dossiers/{}/commands/{command}", dossier.id);
    let body = json!({"version": dossier.version, "fields": fields});
    let said = post(connection, &path, session, &body).with_context(|| command.to_owned())?;
    let version = said.get("version").and_then(Value::as_u64);
    version.context("an answer without a version")
}

fn post(connection: &mut Connection, path: &str, session: &Session, body: &Value) -> Result<Value> {
    let request = Request {
        path,
        session: Some(session),
        post: Some((&key(), body)),
    };
    connection.send(&request)?.good()
}

fn text(said: &Value, name: &str) -> Result<String> {
    let text = said.get(name).and_then(Value::as_str);
    Ok(text
        .with_context(|| format!("an answer without `{name}`"))?
        .to_owned())
}

/// A one-time key that was never used before.
fn key() -> String {
    format!(
        "bench-{}-{}",
        started(),
        SENT.fetch_add(1, Ordering::Relaxed)
    )
}

/// When this process first sent something, in milliseconds.
fn started() -> u64 {
    static STARTED: std::sync::LazyLock<u64> = std::sync::LazyLock::new(|| {
        #[expect(
            clippy::disallowed_methods,
            reason = "names of a run, not a time of the office"
        )]
        let now = SystemTime::now();
        let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(0)
    });
    *STARTED
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_never_used_twice() {
        assert_ne!(key(), key());
        assert!(key().len() <= 100);
    }
}
