//! The list: by part and unit, what ends first before the rest, and what is missing.

use app::certificates::{
    ADDRESS, CertificateLine, CertificateList, CertificateQuery, Missing, MissingLine, Part,
    certificates, not_signing,
};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use domain::ids::UnitId;
use serde::Deserialize;

use super::{key, mark, unit_name, whose};
use crate::error::{Answer, Trouble, fault_lines};
use crate::layout::{Frame, Place};
use crate::pages::common::page;
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

/// The route of this file.
pub(super) fn routes() -> Router<Web> {
    Router::new().route("/chung-thu", get(list))
}

/// Which certificates.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// The unit; every one that the person keeps when it is empty.
    #[serde(rename = "don-vi")]
    unit: String,
    /// The part.
    loc: String,
    /// The place after which a page of ended ones begins.
    sau: String,
}

/// A part to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PartView {
    pub(crate) href: String,
    pub(crate) words: String,
    pub(crate) count: usize,
    pub(crate) here: bool,
}

/// A certificate on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) class: &'static str,
    pub(crate) stage: String,
    pub(crate) until: String,
    pub(crate) name: String,
    pub(crate) post: String,
    pub(crate) unit: String,
    pub(crate) issuer: String,
    pub(crate) key: String,
}

/// A post or a seal without a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MissingRow {
    pub(crate) name: String,
    pub(crate) post: String,
    pub(crate) unit: String,
    pub(crate) why: String,
    /// Where one is registered; empty for who may not.
    pub(crate) href: String,
}

#[derive(Template)]
#[template(path = "certificates/list.html")]
pub(crate) struct ListPage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) parts: Vec<PartView>,
    pub(crate) part: &'static str,
    /// The unit that was asked for.
    pub(crate) unit: String,
    /// Identifiers and names of the units to choose from.
    pub(crate) units: Vec<(String, String)>,
    pub(crate) rows: Vec<Row>,
    pub(crate) missing: Vec<MissingRow>,
    /// Where the next page is; empty on the last.
    pub(crate) next: String,
}

impl ListPage {
    /// `unit_name` gives the name of a unit.
    pub(crate) fn new(
        frame: Frame,
        list: &CertificateList,
        unit_name: impl Fn(&UnitId) -> String,
    ) -> Self {
        let w = frame.w;
        let unit = list.unit.as_ref().map(|unit| unit.id.to_string());
        let unit = unit.unwrap_or_default();
        let part = |(part, count): &(Part, usize)| PartView {
            href: format!("{ADDRESS}?don-vi={unit}&loc={}", part.as_str()),
            words: w.of("certificate.part", part.as_str()),
            count: *count,
            here: *part == list.part,
        };
        let named = |unit: &domain::office::Unit| {
            let words = format!("{} ({})", unit.name, unit.id);
            (unit.id.to_string(), words)
        };
        let rows = list.lines.iter().map(|line| row(w, list, line, &unit_name));
        let keeps = !list.units.is_empty();
        let missing = list.missing.iter();
        Self {
            parts: list.counts.iter().map(part).collect(),
            part: list.part.as_str(),
            units: list.units.iter().map(named).collect(),
            rows: rows.collect(),
            missing: missing
                .map(|line| missing_row(w, line, keeps, &unit_name))
                .collect(),
            next: list.next.as_ref().map_or_else(String::new, |key| {
                format!(
                    "{ADDRESS}?don-vi={unit}&loc={}&sau={key}",
                    list.part.as_str()
                )
            }),
            unit,
            frame,
            w,
        }
    }

    fn is_missing(&self) -> bool {
        self.part == Part::Missing.as_str()
    }
}

fn row(
    w: Words,
    list: &CertificateList,
    line: &CertificateLine,
    unit_name: &impl Fn(&UnitId) -> String,
) -> Row {
    let one = &line.registered.row.certificate;
    let (class, stage) = mark(w, line, list.now);
    let (name, post) = whose(w, line);
    Row {
        id: one.id.to_string(),
        until: w.date(one.valid_to.date()),
        unit: unit_name(&one.unit),
        issuer: one.issuer.clone(),
        key: key(w, &one.key),
        class,
        stage,
        name,
        post,
    }
}

fn missing_row(
    w: Words,
    line: &MissingLine,
    keeps: bool,
    unit_name: &impl Fn(&UnitId) -> String,
) -> MissingRow {
    let unit = unit_name(&line.unit);
    let (name, post, holder) = match &line.who {
        Missing::Person { staff, name, role } => {
            let holder = format!("{staff}/{}/{}", line.unit, role.as_str());
            (name.clone(), w.of("role", role.as_str()), holder)
        }
        Missing::Seal => {
            let holder = format!("-/{}", line.unit);
            (unit.clone(), w.t("certificate.seal").to_owned(), holder)
        }
    };
    let why = fault_lines(w, &[not_signing(line.why)]);
    let why = why.into_iter().next().map(|line| line.message);
    let href = format!("{ADDRESS}/nap?holder={holder}");
    MissingRow {
        name,
        post,
        unit,
        why: why.unwrap_or_default(),
        href: if keeps { href } else { String::new() },
    }
}

/// `GET /chung-thu?don-vi=&loc=`.
async fn list(State(web): State<Web>, staff: Staff, Query(asked): Query<Asked>) -> Answer {
    let unit = match asked.unit.trim() {
        "" => None,
        text => Some(UnitId::parse(text).map_err(|_| Trouble::Missing)?),
    };
    let query = CertificateQuery {
        part: Part::parse(&asked.loc).unwrap_or_default(),
        after: asked.sau.parse().ok(),
        unit,
    };
    let found = certificates(&web.app, &staff.actor, &query).await?;
    let frame = Frame::desk(&web, &staff, Place::Certificates).await?;
    page(&ListPage::new(frame, &found, unit_name(&web)))
}
