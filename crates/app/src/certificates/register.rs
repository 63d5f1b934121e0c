//! Registering a certificate: by file, or as it lies on a token at the server.

use domain::certificate::{Certificate, Holder, KeyAt};
use domain::ids::{CertificateId, StaffId, UnitId};
use domain::office::{Role, Unit};
use domain::text::fold;
use store::{AuditLine, CertificateRow, StaffPost};

use super::record::{Private, bare, masked, subject};
use crate::absence::line;
use crate::access::{Actor, may_administer, may_register_certificate};
use crate::forms::Typed;
use crate::no::{Denied, Fault, No};
use crate::ports::{CertificateFacts, OnToken, PortError};
use crate::state::App;
use crate::words::date;

/// Bytes of a file of certificates at most.
pub const LARGEST: usize = 64 * 1024;
/// Characters of a field at most.
const LONGEST: usize = 200;

/// A certificate to register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCertificate {
    /// Unit of the post, or the agency itself.
    pub unit: UnitId,
    /// Whose.
    pub holder: Holder,
    /// Where its key lies.
    pub key: KeyAt,
    /// The certificate with those of its issuers as far as they are at hand: PEM, DER or PKCS#7.
    pub file: Vec<u8>,
}

/// A certificate on a token at the server, to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenChoice {
    /// As a form names it.
    pub value: String,
    /// Label of the token.
    pub token: String,
    /// Identifier of the key.
    pub key: String,
    /// Name of the subject, numbers masked.
    pub name: String,
    /// Last moment of validity.
    pub valid_to: jiff::civil::DateTime,
}

/// Registers a certificate; `by` is who does it, for the log.
///
/// # Errors
/// [`No::Invalid`] at its field: `file`, `holder`, or `key` where the seal of an agency would lie on a
/// token at a desk; [`No::Broken`].
pub async fn register(app: &App, by: &str, new: NewCertificate) -> Result<CertificateId, No> {
    // Results are sealed as soon as they are issued, when nobody sits at a desk.
    if new.holder == Holder::Agency && new.key == KeyAt::LocalToken {
        return Err(fault(Fault::new("key", "fault.certificate.seal_at_desk")));
    }
    let facts = read(app, &new.file)?;
    let (own, issuers) = own(&facts)?;
    let chain: Vec<&CertificateFacts> = std::iter::once(own).chain(issuers).collect();
    record(app, by, new, &chain).await
}

/// Registers what somebody typed: `holder` as `staff/unit/role`, or `-/unit` for the seal of an
/// agency; the certificate as a file or as the text `pem`; and where its key lies: `key` with `token`
/// and `key_id`, or with `service` and `credential`. `on_token` names one on a token instead of all
/// of these but the holder.
///
/// # Errors
/// [`No::Denied`], unseen at units of others, seen for the own; [`No::Invalid`] at its field.
pub async fn import(
    app: &App,
    actor: &Actor,
    typed: &Typed,
    file: &[u8],
) -> Result<CertificateId, No> {
    if kept(app, actor).is_empty() {
        return Err(Denied::Seen.into());
    }
    let mut faults = Vec::new();
    let holder = place(typed.get("holder"));
    if holder.is_none() {
        faults.push(Fault::new("holder", "fault.certificate.holder"));
    }
    if let Some((unit, holder)) = &holder {
        may_register_certificate(actor, holder, &line(app, unit))?;
    }
    let chosen = chosen(app, typed.get("on_token")).await?;
    let key = match &chosen {
        Some(on_token) => Some(key_of(on_token)),
        None => key_at(typed, &mut faults),
    };
    let file = if !file.is_empty() {
        file
    } else if let Some(on_token) = &chosen {
        &on_token.facts.content
    } else {
        typed.get("pem").as_bytes()
    };
    if file.is_empty() {
        faults.push(Fault::new("file", "fault.certificate.file"));
    }
    let (Some((unit, holder)), Some(key), []) = (holder, key, &faults[..]) else {
        return Err(No::Invalid(faults));
    };
    let new = NewCertificate {
        unit,
        holder,
        key,
        file: file.to_vec(),
    };
    register(app, actor.staff.as_str(), new).await
}

/// The certificates on the tokens at the server, for who may register any.
///
/// # Errors
/// [`No::Denied`], seen; [`No::Broken`] when a token does not answer.
pub async fn on_token(app: &App, actor: &Actor) -> Result<Vec<TokenChoice>, No> {
    if kept(app, actor).is_empty() {
        return Err(Denied::Seen.into());
    }
    let found = app.certificates().on_token().await?;
    let end_entity = found.into_iter().filter(|one| !one.facts.authority);
    let choice = end_entity.map(|one| TokenChoice {
        value: value(&one),
        name: masked(&one.facts.name),
        valid_to: one.facts.valid_to,
        token: one.token,
        key: one.key,
    });
    Ok(choice.collect())
}

/// The units for which the actor registers certificates, and their posts that sign.
///
/// # Errors
/// [`No::Denied`], seen, for whoever keeps no unit; [`No::Broken`].
pub async fn places(app: &App, actor: &Actor) -> Result<(Vec<Unit>, Vec<StaffPost>), No> {
    let units = kept(app, actor);
    if units.is_empty() {
        return Err(Denied::Seen.into());
    }
    let kept: Vec<UnitId> = units.iter().map(|unit| unit.id.clone()).collect();
    let today = app.clock().now().date();
    let held = app.store().posts_that_sign(today, Some(&kept)).await?;
    let here = |held: &StaffPost| {
        let kept = units.binary_search_by(|unit| unit.id.cmp(&held.post.unit));
        kept.is_ok() && held.post.staff != actor.staff
    };
    let held = held.into_iter().filter(here).collect();
    Ok((units, held))
}

/// The units that the actor keeps, by identifier.
pub(super) fn kept(app: &App, actor: &Actor) -> Vec<Unit> {
    let units = app.units();
    let kept = |unit: &&Unit| may_administer(actor, &line(app, &unit.id)).is_ok();
    units.iter().filter(kept).cloned().collect()
}

fn value(one: &OnToken) -> String {
    format!("{}/{}/{}", one.token, one.key, one.facts.fingerprint)
}

fn key_of(one: &OnToken) -> KeyAt {
    KeyAt::Token {
        token: one.token.clone(),
        key: one.key.clone(),
    }
}

async fn chosen(app: &App, wanted: &str) -> Result<Option<OnToken>, No> {
    if wanted.is_empty() {
        return Ok(None);
    }
    let found = app.certificates().on_token().await?;
    let found = found.into_iter().find(|one| value(one) == wanted);
    let gone = || fault(Fault::new("on_token", "fault.certificate.on_token"));
    found.map(Some).ok_or_else(gone)
}

fn place(text: &str) -> Option<(UnitId, Holder)> {
    let mut parts = text.split('/');
    let (staff, unit) = (parts.next()?, parts.next()?);
    let unit = UnitId::parse(unit).ok()?;
    let holder = match (staff, parts.next()) {
        ("-", None) => Holder::Agency,
        (staff, Some(role)) => Holder::Person {
            staff: StaffId::parse(staff).ok()?,
            role: Role::parse(role)?,
        },
        (_, None) => return None,
    };
    parts.next().is_none().then_some((unit, holder))
}

/// Where the key lies, as typed.
fn key_at(typed: &Typed, faults: &mut Vec<Fault>) -> Option<KeyAt> {
    let mut text = |field: &'static str, key: &'static str| {
        let text = typed.get(field);
        if text.is_empty() || text.chars().count() > LONGEST {
            faults.push(Fault::new(field, key));
            return None;
        }
        Some(text.to_owned())
    };
    match typed.get("key") {
        "token" => {
            let token = text("token", "fault.certificate.token");
            let key = text("key_id", "fault.certificate.key_id");
            let key = key.map(|key| key.replace([':', ' '], "").to_lowercase());
            let digits = key.filter(|key| hex::decode(key).is_ok());
            if digits.is_none() && faults.iter().all(|fault| fault.field != "key_id") {
                faults.push(Fault::new("key_id", "fault.certificate.key_id"));
            }
            token
                .zip(digits)
                .map(|(token, key)| KeyAt::Token { token, key })
        }
        "remote" => {
            let service = text("service", "fault.certificate.service");
            let credential = text("credential", "fault.certificate.credential");
            let both = service.zip(credential);
            both.map(|(service, credential)| KeyAt::Remote {
                service,
                credential,
            })
        }
        "local_token" => Some(KeyAt::LocalToken),
        _ => {
            faults.push(Fault::new("key", "fault.certificate.key"));
            None
        }
    }
}

fn fault(fault: Fault) -> No {
    No::Invalid(vec![fault])
}

fn of_file(key: &'static str) -> Fault {
    Fault::new("file", key)
}

fn read(app: &App, file: &[u8]) -> Result<Vec<CertificateFacts>, No> {
    if file.len() > LARGEST {
        return Err(fault(of_file("fault.certificate.large")));
    }
    app.certificates().read(file).map_err(|error| match error {
        PortError::Fail(_) | PortError::Deleted { .. } => {
            fault(of_file("fault.certificate.unread"))
        }
        other @ PortError::Retry(_) => other.into(),
    })
}

/// The one certificate of a file that is no authority's, and the others.
fn own(facts: &[CertificateFacts]) -> Result<(&CertificateFacts, Vec<&CertificateFacts>), No> {
    let (issuers, mut own): (Vec<_>, Vec<_>) = facts.iter().partition(|one| one.authority);
    own.dedup_by(|a, b| a.fingerprint == b.fingerprint);
    match own[..] {
        [one] => Ok((one, issuers)),
        [] => Err(fault(of_file("fault.certificate.authority"))),
        [..] => {
            let several = of_file("fault.certificate.several").with("n", &own.len());
            Err(fault(several))
        }
    }
}

async fn record(
    app: &App,
    by: &str,
    new: NewCertificate,
    chain: &[&CertificateFacts],
) -> Result<CertificateId, No> {
    let now = app.clock().now();
    let own = chain
        .first()
        .ok_or_else(|| fault(of_file("fault.certificate.file")))?;
    if !own.signs {
        return Err(fault(of_file("fault.certificate.not_signing")));
    }
    if own.valid_to < now {
        let over = of_file("fault.certificate.expired").with("day", &date(own.valid_to.date()));
        return Err(fault(over));
    }
    fits(app, (&new.unit, &new.holder), own).await?;
    let id = app.ids().certificate(now);
    let private = Private::new(chain, &new.key);
    let audit = logged(by, &id, &new, own);
    let row = CertificateRow {
        certificate: Certificate {
            id: id.clone(),
            unit: new.unit,
            holder: new.holder,
            subject: subject(own),
            issuer: own.issuer.clone(),
            serial: own.serial.clone(),
            valid_from: own.valid_from,
            valid_to: own.valid_to,
            key: bare(new.key),
            ended: None,
        },
        name: masked(&own.name),
        fingerprint: own.fingerprint.clone(),
        algorithm: own.algorithm.clone(),
        sealed: private.seal(app.keys(), &id),
        registered_by: by.to_owned(),
        registered_at: now,
    };
    if app.store().register_certificate(row, audit).await? {
        Ok(id)
    } else {
        Err(fault(of_file("fault.certificate.registered")))
    }
}

/// Whether the unit is there, and the person holds the post or will, and is whom the certificate
/// names.
async fn fits(
    app: &App,
    (unit, holder): (&UnitId, &Holder),
    own: &CertificateFacts,
) -> Result<(), No> {
    if app.unit(unit).is_none() {
        return Err(fault(Fault::new("holder", "fault.certificate.holder")));
    }
    let Holder::Person { staff, role } = holder else {
        return Ok(());
    };
    let today = app.clock().now().date();
    let held = app.store().all_posts_of(staff).await?;
    let runs = |held: &&StaffPost| {
        let post = &held.post;
        let runs = post.valid_to.is_none_or(|last| today <= last);
        post.unit == *unit && post.role == *role && runs
    };
    let Some(held) = held.iter().find(runs) else {
        return Err(fault(Fault::new("holder", "fault.certificate.post")));
    };
    if fold(&held.name) != fold(&own.name) {
        let other = of_file("fault.certificate.name").with("subject", &masked(&own.name));
        return Err(fault(other.with("holder", &held.name)));
    }
    Ok(())
}

fn logged(by: &str, id: &CertificateId, new: &NewCertificate, own: &CertificateFacts) -> AuditLine {
    let whose = match &new.holder {
        Holder::Person { staff, role } => format!("{staff}, {}", role.as_str()),
        Holder::Agency => "seal".to_owned(),
    };
    let (unit, key, last) = (&new.unit, new.key.as_str(), own.valid_to.date());
    AuditLine {
        actor: by.to_owned(),
        action: "certificate.registered".to_owned(),
        subject: id.to_string(),
        purpose: "certificate".to_owned(),
        detail: format!(
            "{whose} at {unit}, key {key}, until {last}, {}",
            own.fingerprint
        ),
    }
}
