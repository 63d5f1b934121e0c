//! Who stamps the time and answers for certificates around an office of a test, on its own day.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use app::clock::VIET_NAM;
use gateways::sign::{Reach, Revocation, TimeStamps};
use server::wiring::Asks;
use simulators::Running;
use simulators::authority::{Authority, Identity, KeyKind, Purpose, Subject};
use simulators::revocation::{self, Responder};
use simulators::tsa;
use tokio::net::TcpListener;

use crate::support::monday;

const PATIENCE: Duration = Duration::from_secs(5);
const YEAR: Duration = Duration::from_hours(365 * 24);

/// The authorities, with what makes them fail.
pub(crate) struct Authorities {
    pub(crate) authority: Arc<Authority>,
    pub(crate) responder: Arc<Responder>,
    running: Running,
}

/// When the office opens.
pub(crate) fn at_opening() -> SystemTime {
    VIET_NAM.to_timestamp(monday()).unwrap().into()
}

impl Authorities {
    /// With the keys in the folder of the office's signers.
    pub(crate) async fn open(signers: &Path) -> Self {
        std::fs::create_dir_all(signers).unwrap();
        let door = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = format!("http://{}", door.local_addr().unwrap());
        let authority = Authority::open(signers, "Test authority", Some(&address));
        let authority = Arc::new(authority.unwrap().by_clock(at_opening));
        let stamps = issue(&authority, "Time stamps", Purpose::TimeStamps);
        let stamps = Arc::new(tsa::TimeStamps::new(stamps).by_clock(at_opening));
        let own = issue(&authority, "Responder", Purpose::Revocation);
        let responder = Arc::new(Responder::new(Arc::clone(&authority), own));
        let site = tsa::site(&stamps).merge(revocation::site(&responder));
        Self {
            running: Running::serve(door, site).unwrap(),
            authority,
            responder,
        }
    }

    pub(crate) fn address(&self) -> String {
        format!("http://{}", self.running.address)
    }

    pub(crate) fn stamps(&self) -> TimeStamps {
        TimeStamps::new(&format!("{}/tsa", self.address()), PATIENCE)
    }

    /// They are asked each time anew.
    pub(crate) fn asks(&self) -> Asks {
        let reach = Reach::And(vec![self.running.address]);
        Asks {
            own: Some(Revocation::new(reach.clone(), PATIENCE)),
            strangers: reach,
        }
    }
}

/// A certificate that is good for a year around the office's day.
pub(crate) fn issue(authority: &Authority, name: &str, purpose: Purpose) -> Identity {
    let subject = Subject {
        from: at_opening() - YEAR / 2,
        until: at_opening() + YEAR / 2,
        ..Subject::new(name, purpose)
    };
    authority.issue(&subject, &KeyKind::P256).unwrap()
}
