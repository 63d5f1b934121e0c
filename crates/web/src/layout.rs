//! The frame of every page: the bar of the desk, or the plain head of public pages.

mod entries;

use app::access::Actor;
use app::processing;
use domain::delegation::DELEGABLE;
use domain::office::Role;

use crate::error::Trouble;
use crate::session::{Reader, Staff, Visitor, local};
use crate::state::Web;
use crate::words::Words;

use entries::{Counts, entries};

/// Where in the bar a page stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Reception.
    Intake,
    /// What an agent of the post submitted.
    Submissions,
    /// The person's own work.
    Mine,
    /// The unit's work.
    Unit,
    /// Approvals.
    Approvals,
    /// Signing in batches.
    Signing,
    /// Return of results.
    Returns,
    /// Tasks of other agencies.
    Tasks,
    /// The register of the centre.
    Register,
    /// Staff and their accounts.
    Staff,
    /// Certificates of signature.
    Certificates,
    /// Moves of running dossiers to another version.
    Repins,
    /// Figures.
    Statistics,
    /// What the post hands over.
    PostRecords,
    /// What is late or will be.
    Alerts,
    /// Notices to applicants.
    Notices,
    /// Nowhere in the bar.
    Elsewhere,
}

/// An entry of the bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Where it leads.
    pub(crate) href: &'static str,
    /// Key of its words.
    pub(crate) key: &'static str,
    /// How much waits there.
    pub(crate) count: Option<i64>,
    /// Whether the page is there.
    pub(crate) here: bool,
}

/// The bar of a signed-in person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bar {
    /// The person's identifier, by which drafts in the browser are told apart.
    pub(crate) staff: String,
    /// Name.
    pub(crate) name: String,
    /// Post in words.
    pub(crate) post: String,
    /// Whom the person stands in for today, in words; empty for nobody.
    pub(crate) standing: String,
    /// Whether the person has a post that somebody could stand in for.
    pub(crate) absence: bool,
    /// Entries that the person's roles have a use for, those of the daily work first.
    pub(crate) entries: Vec<Entry>,
}

/// Entries that stand side by side; more would not fit beside the search on a usual screen.
const ROOM: usize = 6;

impl Bar {
    /// Entries that stand in the bar.
    pub(crate) fn near(&self) -> &[Entry] {
        self.entries.get(..ROOM).unwrap_or(&self.entries)
    }

    /// Entries that stand in the menu behind them.
    pub(crate) fn far(&self) -> &[Entry] {
        self.entries.get(ROOM..).unwrap_or_default()
    }

    /// Whether the page at hand is one of those.
    pub(crate) fn is_far(&self) -> bool {
        self.far().iter().any(|entry| entry.here)
    }
}

/// The frame. Templates call it `frame` and extend `base.html`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    /// Words of the page.
    pub(crate) w: Words,
    /// Name of the unit, under the mark.
    pub(crate) unit: String,
    /// The secret of the forms; empty in public.
    pub(crate) csrf: String,
    /// The local address of this page.
    pub(crate) here: String,
    /// The bar, on the desk.
    pub(crate) bar: Option<Bar>,
}

impl Frame {
    /// The desk's frame, with counts.
    pub(crate) async fn desk(web: &Web, staff: &Staff, place: Place) -> Result<Self, Trouble> {
        let waiting = processing::counts(&web.app, &staff.actor).await?;
        let counts = Counts {
            mine: waiting.mine.open,
            unit: waiting.unit.open,
            approvals: waiting.approvals.open,
            signing: waiting.approvals.running(),
            returns: waiting.unit.done,
            tasks: waiting.tasks,
        };
        Ok(Self::of(web, staff, entries(&staff.actor, place, counts)))
    }

    /// The desk's frame without counts, where nothing may be asked of the database any more.
    pub(crate) fn quiet(web: &Web, staff: &Staff) -> Self {
        let mut entries = entries(&staff.actor, Place::Elsewhere, Counts::default());
        for entry in &mut entries {
            entry.count = None;
        }
        Self::of(web, staff, entries)
    }

    fn of(web: &Web, staff: &Staff, entries: Vec<Entry>) -> Self {
        let w = staff.words();
        let post = staff
            .actor
            .posts
            .first()
            .map(|(_, role)| w.of("role", role.as_str()));
        Self {
            w,
            unit: staff
                .actor
                .unit()
                .map(|unit| web.app.unit_name(unit))
                .unwrap_or_default(),
            csrf: staff.csrf.clone(),
            here: staff.here.clone(),
            bar: Some(Bar {
                staff: staff.actor.staff.to_string(),
                name: staff.actor.name.clone(),
                post: post.unwrap_or_default(),
                standing: standing(w, &staff.actor),
                absence: may_be_away(&staff.actor),
                entries,
            }),
        }
    }

    /// The frame of a page that is open to all.
    pub(crate) fn reader(web: &Web, reader: &Reader) -> Self {
        match reader {
            Reader::Staff(staff) => Self::quiet(web, staff),
            Reader::Visitor(visitor) => Self::public(visitor),
        }
    }

    /// The frame of public pages and of signing in.
    pub(crate) fn public(visitor: &Visitor) -> Self {
        Self {
            w: visitor.w,
            unit: visitor.w.t("web.system").to_owned(),
            csrf: String::new(),
            here: local(&visitor.here).to_owned(),
            bar: None,
        }
    }

    /// This page in the other language.
    pub(crate) fn other_language(&self) -> String {
        let joint = if self.here.contains('?') { '&' } else { '?' };
        format!("{}{joint}ngon-ngu={}", self.here, self.w.other())
    }
}

/// Whom the person stands in for today, each once with the last day.
fn standing(w: Words, actor: &Actor) -> String {
    let mut names: Vec<String> = Vec::new();
    for held in &actor.standing {
        let last = w.short_date(held.last);
        let values = [("name", held.name.as_str()), ("last", last.as_str())];
        let until = w.fills("web.standing.until", &values);
        if !names.contains(&until) {
            names.push(until);
        }
    }
    if names.is_empty() {
        return String::new();
    }
    w.fill("web.standing", "names", names.join(", "))
}

/// Whether somebody could stand in for the person.
fn may_be_away(actor: &Actor) -> bool {
    let mut posts = actor.posts.iter();
    posts.any(|(_, role)| DELEGABLE.contains(role))
}

/// Where a person's day begins.
pub(crate) fn first_page(actor: &Actor) -> &'static str {
    let counter = actor.is(Role::ReceptionClerk);
    let worker = actor.is(Role::CaseOfficer) || actor.is(Role::SealClerk);
    match () {
        () if counter => "/tiep-nhan",
        () if actor.is(Role::Leader) => "/ky-duyet",
        () if worker => "/viec-cua-toi",
        () if actor.is(Role::CentreDirector) => "/viec-don-vi",
        () if actor.is(Role::PostAgent) => "/da-nop",
        () if actor.is(Role::Volunteer) => "/tiep-nhan",
        () if actor.is(Role::Administrator) => "/quan-tri/can-bo",
        () => "/tim",
    }
}

#[cfg(test)]
mod tests {
    use app::words::Language;

    use super::*;

    #[test]
    fn the_other_language_is_never_on_another_site() {
        let leads = |here: &str| {
            let w = Words(Language::Vi);
            let here = here.to_owned();
            Frame::public(&Visitor { w, here }).other_language()
        };
        assert_eq!(leads("/tra-cuu"), "/tra-cuu?ngon-ngu=en");
        assert_eq!(
            leads("/dang-nhap?tiep=%2Fho-so%2F1"),
            "/dang-nhap?tiep=%2Fho-so%2F1&ngon-ngu=en"
        );
        assert_eq!(leads("//elsewhere.vn/x"), "/?ngon-ngu=en");
    }
}
