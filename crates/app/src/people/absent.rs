//! Somebody who decided elsewhere, on her phone, and is not here when it takes effect.

use domain::ids::StaffId;

use crate::absence::standing;
use crate::access::Actor;
use crate::no::No;
use crate::state::App;
use crate::words::Language;

/// Somebody with the rights of this moment, signed in or not; none where nobody is, or the account is
/// closed.
///
/// # Errors
/// [`No::Broken`].
pub(crate) async fn absent_actor(app: &App, staff: &StaffId) -> Result<Option<Actor>, No> {
    let found = app.store().member(staff, app.clock().now()).await?;
    Ok(found.map(|found| {
        let posts = found.posts.into_iter().map(|post| (post.unit, post.role));
        let posts = app.posts_with_forerunners(posts.collect());
        Actor {
            standing: standing(app, &posts, found.standing),
            staff: found.staff,
            name: found.name,
            posts,
            language: Language::parse(&found.language),
        }
    }))
}
