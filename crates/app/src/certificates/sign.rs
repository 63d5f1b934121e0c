//! The certificate with which somebody signs in a post.

use domain::certificate::{Certificate, Keys, NotSigning, to_sign_with};
use domain::ids::{CertificateId, StaffId, UnitId};
use domain::office::{Post, Role};
use store::CertificatesOf;

use super::record::Private;
use crate::no::No;
use crate::state::App;

/// What somebody signs with.
#[derive(Clone, PartialEq, Eq)]
pub struct Signer {
    /// The certificate, with where its key lies.
    pub certificate: Certificate,
    /// It and those of its issuers, DER, its own first.
    pub chain: Vec<Vec<u8>>,
}

/// What `staff` signs with now as `role` at `unit`: as clerk of the seal the agency's certificate,
/// otherwise the own one. What stands in the way is answered with its rule.
///
/// # Errors
/// [`No::Broken`].
pub async fn signer(
    app: &App,
    (staff, unit, role): (&StaffId, &UnitId, Role),
    keys: Keys,
) -> Result<Result<Signer, NotSigning>, No> {
    let now = app.clock().now();
    let today = now.date();
    let mut held: Vec<Post> = app
        .store()
        .all_posts_of(staff)
        .await?
        .into_iter()
        .map(|held| held.post)
        .filter(|post| post.unit == *unit && post.role == role)
        .collect();
    // Of several times in one post, that of today, or else the last.
    held.sort_by_key(|post| (post.held_on(today), post.valid_from));
    let Some(post) = held.pop() else {
        return Ok(Err(NotSigning::OtherPost));
    };
    let found = app.store().certificates(CertificatesOf::Unit(unit), today);
    let found = found.await?;
    let all: Vec<Certificate> = found
        .iter()
        .map(|one| one.row.certificate.clone())
        .collect();
    let chosen = match to_sign_with(&all, &post, now, keys) {
        Ok(chosen) => chosen,
        Err(why) => return Ok(Err(why)),
    };
    let sealed = found.iter().find(|one| one.row.certificate.id == chosen.id);
    let sealed = sealed
        .map(|one| one.row.sealed.as_slice())
        .unwrap_or_default();
    let private = Private::open(app.keys(), &chosen.id, sealed)?;
    Ok(Ok(Signer {
        certificate: private.whole(chosen),
        chain: private.chain()?,
    }))
}

/// A registered certificate and those of its issuers, DER, its own first.
///
/// # Errors
/// [`No::Broken`].
pub(crate) async fn chain_of(app: &App, id: &CertificateId) -> Result<Option<Vec<Vec<u8>>>, No> {
    let today = app.clock().now().date();
    let Some(found) = app.store().certificate(id, today).await? else {
        return Ok(None);
    };
    let private = Private::open(app.keys(), id, &found.row.sealed)?;
    Ok(Some(private.chain()?))
}

/// A certificate of the register as it was registered, whether it may sign now or not.
///
/// # Errors
/// [`No::Broken`], also when none of that name is registered.
pub(crate) async fn registered(app: &App, id: &CertificateId) -> Result<Signer, No> {
    let today = app.clock().now().date();
    let found = app.store().certificate(id, today).await?;
    let found = found.ok_or_else(|| No::Broken(format!("no certificate {id}").into()))?;
    let private = Private::open(app.keys(), id, &found.row.sealed)?;
    Ok(Signer {
        certificate: private.whole(&found.row.certificate),
        chain: private.chain()?,
    })
}
