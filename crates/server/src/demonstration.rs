//! The demonstration signs with keys of its own: a test authority made at first start certifies
//! everybody whose post signs, and every agency. Nothing in production trusts it or falls back to it.

pub mod results;

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::Context as _;
use app::App;
use app::certificates::{Missing, MissingLine, NewCertificate, every_missing, register};
use domain::certificate::{Holder, KeyAt};
use gateways::SoftKeys;
use gateways::verify::{Anchor, Root};
use ring::digest::{SHA256, digest};
use simulators::authority::{Authority, KeyKind, Purpose, Subject};

/// What unlocks every key of the demonstration.
pub const PIN: &str = "246810";

const NAME: &str = "Một Cửa, test authority";
const DAY: Duration = Duration::from_hours(24);
/// How long certificates of the demonstration are good, in days.
const DAYS: u32 = 365;

/// The keys that are kept in the folder.
pub fn soft_keys(folder: &Path) -> SoftKeys {
    SoftKeys {
        folder: folder.to_owned(),
        pin: PIN.to_owned(),
    }
}

/// Where keys are, beside the folder of files.
pub fn folder_beside(files: &Path) -> PathBuf {
    files.with_extension("signing")
}

/// The root of the test authority, which is made when there is none.
///
/// # Errors
/// When the folder cannot be written.
pub fn anchor(folder: &Path) -> anyhow::Result<Anchor> {
    Ok(Anchor {
        name: NAME.to_owned(),
        root: Root::Other,
        certificate: authority(folder, None)?.root().to_vec(),
    })
}

fn authority(folder: &Path, address: Option<&str>) -> anyhow::Result<Authority> {
    std::fs::create_dir_all(folder)?;
    Authority::open(folder, NAME, address).context("cannot open the test authority")
}

/// Certifies whoever signs and has no certificate yet; says how many. Certificates say that they can be
/// asked about at `address`, where simulators of the same folder answer, if there is one.
///
/// # Errors
/// When the folder cannot be written or the register does not answer.
pub async fn certify(app: &App, folder: &Path, address: Option<&str>) -> anyhow::Result<usize> {
    let missing = every_missing(app, |_| true).await?;
    if missing.is_empty() {
        return Ok(0);
    }
    let authority = authority(folder, address)?;
    for line in &missing {
        let new = issued(app, (&authority, folder), line)?;
        register(app, "system", new).await?;
    }
    Ok(missing.len())
}

fn issued(
    app: &App,
    (authority, folder): (&Authority, &Path),
    line: &MissingLine,
) -> anyhow::Result<NewCertificate> {
    let agency = app.unit_name(&line.unit);
    let (name, holder) = match &line.who {
        Missing::Seal => (agency.clone(), Holder::Agency),
        Missing::Person { staff, name, role } => {
            let (staff, role) = (staff.clone(), *role);
            (name.clone(), Holder::Person { staff, role })
        }
    };
    let identity = authority.issue(&subject(app, &name, agency)?, &KeyKind::P256)?;
    let own = identity.chain.first().context("no certificate")?;
    let name = hex::encode(digest(&SHA256, own));
    identity.save(folder, &name)?;
    std::fs::write(folder.join(format!("{name}.p8")), identity.key_der())?;
    Ok(NewCertificate {
        unit: line.unit.clone(),
        holder,
        key: KeyAt::Soft,
        file: std::fs::read(folder.join(format!("{name}.pem")))?,
    })
}

/// Good by the clock of the office, which may be another than the machine's.
fn subject(app: &App, name: &str, agency: String) -> anyhow::Result<Subject> {
    let now = app::clock::VIET_NAM.to_timestamp(app.clock().now())?;
    let now = SystemTime::from(now);
    let mut subject = Subject::new(name, Purpose::Signature);
    subject.organisation = agency;
    subject.from = now.checked_sub(DAY).context("time before 1970")?;
    subject.until = now.checked_add(DAY * DAYS).context("time without end")?;
    Ok(subject)
}
