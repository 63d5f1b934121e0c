//! The frame of every page: the bar of the desk, or the plain head of public pages.

use app::access::{Actor, Desk, RECEIVING};
use app::processing;
use domain::delegation::DELEGABLE;
use domain::office::Role;

use crate::error::Trouble;
use crate::session::{Reader, Staff, Visitor, local};
use crate::state::Web;
use crate::words::Words;

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
    /// Return of results.
    Returns,
    /// Tasks of other agencies.
    Tasks,
    /// The register of the centre.
    Register,
    /// Staff and their accounts.
    Staff,
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
    /// Entries that the person's roles have a use for.
    pub(crate) entries: Vec<Entry>,
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

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    mine: i64,
    unit: i64,
    approvals: i64,
    returns: i64,
    tasks: i64,
}

fn entries(actor: &Actor, place: Place, counts: Counts) -> Vec<Entry> {
    let desk = actor.desk().map(|(_, desk)| desk);
    let receives = desk == Some(Desk::Counter);
    let works = !actor.seeing().is_empty();
    let all = [
        (
            desk.is_some(),
            Place::Intake,
            "/tiep-nhan",
            "web.nav.intake",
            None,
        ),
        (
            desk == Some(Desk::Post),
            Place::Submissions,
            "/da-nop",
            "web.nav.submissions",
            None,
        ),
        (
            works,
            Place::Mine,
            "/viec-cua-toi",
            "web.nav.mine",
            Some(counts.mine),
        ),
        (
            works,
            Place::Unit,
            "/viec-don-vi",
            "web.nav.unit",
            Some(counts.unit),
        ),
        (
            actor.is(Role::Leader),
            Place::Approvals,
            "/ky-duyet",
            "web.nav.approvals",
            Some(counts.approvals),
        ),
        (
            receives,
            Place::Returns,
            "/tra-ket-qua",
            "web.nav.returns",
            Some(counts.returns),
        ),
    ];
    let shown = all.into_iter().filter(|(shown, ..)| *shown);
    let first = shown.map(|(_, at, href, key, count)| Entry {
        href,
        key,
        count,
        here: at == place,
    });
    first.chain(beside(actor, place, counts)).collect()
}

/// The entries after those of the daily work.
fn beside(actor: &Actor, place: Place, counts: Counts) -> impl Iterator<Item = Entry> {
    post_records(actor, place)
        .into_iter()
        .chain(alerts(actor, place))
        .chain(tasks(actor, (place, counts.tasks)))
        .chain(register(actor, place))
        .chain(administration(actor, place))
        .chain(notices(actor, place))
        .chain(statistics(actor, place))
        .chain(repins(actor, place))
}

/// The entry of those who hand or take over what the post filed.
fn post_records(actor: &Actor, place: Place) -> Option<Entry> {
    app::intake::sees_post_records(actor).then_some(Entry {
        href: "/giao-nhan",
        key: "web.nav.post_records",
        count: None,
        here: place == Place::PostRecords,
    })
}

/// The entry of those who are told what is late.
fn alerts(actor: &Actor, place: Place) -> Option<Entry> {
    app::alerts::sees(actor).then_some(Entry {
        href: app::alerts::ADDRESS,
        key: "web.nav.alerts",
        count: None,
        here: place == Place::Alerts,
    })
}

/// The entry of those who ask other agencies, are asked, or answer for a centre.
fn tasks(actor: &Actor, (place, count): (Place, i64)) -> Option<Entry> {
    (!app::tasks::sides(actor).is_empty()).then_some(Entry {
        href: "/viec-phoi-hop",
        key: "web.nav.tasks",
        count: Some(count),
        here: place == Place::Tasks,
    })
}

/// The entry of those who keep notices, or see to it that people are told.
fn notices(actor: &Actor, place: Place) -> Option<Entry> {
    app::notices::sees_notices(actor).then_some(Entry {
        href: "/thong-bao",
        key: "web.notices.title",
        count: None,
        here: place == Place::Notices,
    })
}

/// The entry of those who answer for the work.
fn statistics(actor: &Actor, place: Place) -> Option<Entry> {
    app::statistics::sees_statistics(actor).then_some(Entry {
        href: "/thong-ke/ho-so",
        key: "web.nav.statistics",
        count: None,
        here: place == Place::Statistics,
    })
}

/// The entry of those who move running dossiers to another version.
fn repins(actor: &Actor, place: Place) -> Option<Entry> {
    app::repin::moves(actor).then_some(Entry {
        href: "/chuyen-quy-trinh",
        key: "repin.nav",
        count: None,
        here: place == Place::Repins,
    })
}

/// The entry of those who read the register of a centre.
fn register(actor: &Actor, place: Place) -> Option<Entry> {
    let reads = RECEIVING.iter().any(|role| actor.is(*role));
    reads.then_some(Entry {
        href: "/so-theo-doi",
        key: "register.nav",
        count: None,
        here: place == Place::Register,
    })
}

/// The entry of administrators.
fn administration(actor: &Actor, place: Place) -> Option<Entry> {
    actor.is(Role::Administrator).then_some(Entry {
        href: "/quan-tri/can-bo",
        key: "web.nav.staff",
        count: None,
        here: place == Place::Staff,
    })
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
