//! A procedure as everybody may read it: what it promises and charges by each way in, and the terms
//! that hold for it beside the record: supplements, refunds, opinions, green lanes, who decided.

use app::catalogue::published::{InForce, in_force};
use app::words::{self, Language};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use domain::deadline::{Limit, PauseMode};
use domain::procedure::{
    Channel, ConsultationRule, FeeLine, Lane, LaneLimit, Offer, ResultKind, StageRule,
};

use super::common::page;
use crate::error::Answer;
use crate::layout::Frame;
use crate::session::Reader;
use crate::state::Web;
use crate::words::Words;

/// The routes of this file.
pub(super) fn routes() -> Router<Web> {
    Router::new().route("/thu-tuc/{procedure}", get(show))
}

/// A way in: what it promises and charges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WayView {
    pub(crate) channel: String,
    pub(crate) limit: String,
    pub(crate) note: String,
    pub(crate) charges: Vec<ChargeView>,
}

/// A charge, and until when it is given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChargeView {
    pub(crate) amount: String,
    pub(crate) note: String,
    pub(crate) refund: String,
    pub(crate) basis: String,
}

/// A term with where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TermView {
    /// What it is about; empty where the heading says it.
    pub(crate) of: String,
    pub(crate) said: Vec<String>,
    pub(crate) basis: String,
}

#[derive(Template)]
#[template(path = "pages/procedure.html")]
pub(crate) struct ProcedurePage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) name: String,
    pub(crate) meta: String,
    pub(crate) ways: Vec<WayView>,
    pub(crate) supplement: Vec<TermView>,
    pub(crate) consultation: Option<TermView>,
    pub(crate) lanes: Vec<TermView>,
    /// How long results are valid, of the kinds of which something says so.
    pub(crate) validity: Vec<TermView>,
    /// By which decision the terms hold; empty without one.
    pub(crate) decided: String,
    /// Whether it is served by post.
    pub(crate) by_post: bool,
}

async fn show(State(web): State<Web>, reader: Reader, Path(code): Path<String>) -> Answer {
    let found = in_force(&web.app, &code).await?;
    page(&ProcedurePage::new(Frame::reader(&web, &reader), &found))
}

impl ProcedurePage {
    /// The page of a procedure in force.
    pub(crate) fn new(frame: Frame, found: &InForce) -> Self {
        let w = frame.w;
        let procedure = &found.procedure;
        let version = procedure.version.to_string();
        let meta = [
            ("code", procedure.code.as_str()),
            ("n", version.as_str()),
            ("day", &w.date(procedure.valid_from)),
        ];
        let decided = procedure.own_terms.as_ref().map(|own| {
            let values = [
                ("decision", own.decision.as_str()),
                ("date", &w.date(own.decided)),
                ("day", &w.date(own.first_day)),
            ];
            w.fills("web.procedure.decided", &values)
        });
        Self {
            name: procedure.name.clone(),
            meta: w.fills("web.procedure.meta", &meta),
            ways: procedure.offers.iter().map(|offer| way(w, offer)).collect(),
            supplement: supplement(w, found),
            consultation: procedure.consultation.as_ref().map(|own| asked(w, own)),
            lanes: procedure.lanes.iter().map(|own| lane(w, own)).collect(),
            validity: procedure
                .results
                .iter()
                .filter_map(|kind| valid(w, kind))
                .collect(),
            decided: decided.unwrap_or_default(),
            by_post: procedure.offer(Channel::Post).is_some(),
            w,
            frame,
        }
    }
}

fn timed(w: Words, key: &str, limit: Limit) -> String {
    w.fill(key, "limit", words::limit(w.0, limit))
}

fn way(w: Words, offer: &Offer) -> WayView {
    let limit = offer.limit.map(|limit| words::limit(w.0, limit));
    WayView {
        channel: w.of("channel", offer.channel.as_str()),
        limit: limit.unwrap_or_else(|| w.t("web.procedure.no_limit").to_owned()),
        note: offer.note.clone(),
        charges: offer.fees.iter().map(|fee| charge(w, fee)).collect(),
    }
}

fn charge(w: Words, fee: &FeeLine) -> ChargeView {
    let amount = fee.amount.map(|amount| w.money(amount));
    ChargeView {
        amount: amount.unwrap_or_else(|| w.t("web.procedure.unstated").to_owned()),
        note: fee.note.clone(),
        refund: w.of("course.refund", fee.refund.as_str()),
        basis: fee.refund_basis.clone(),
    }
}

fn asked(w: Words, own: &ConsultationRule) -> TermView {
    let limit = own
        .limit
        .map(|limit| timed(w, "web.procedure.opinion", limit));
    let silence = own.silence_is_consent;
    let silence = silence.then(|| w.t("web.procedure.silence").to_owned());
    TermView {
        of: String::new(),
        said: [limit, silence].into_iter().flatten().collect(),
        basis: own.basis.clone(),
    }
}

/// The general terms, then each step that has its own.
fn supplement(w: Words, found: &InForce) -> Vec<TermView> {
    let rule = &found.procedure.supplement;
    let general = TermView {
        of: String::new(),
        said: said(w, (Some(rule.mode), rule.within, rule.answer)),
        basis: rule.basis.clone(),
    };
    let stage = |stage: &StageRule| {
        let process = found.process.as_ref();
        let step = process.and_then(|process| process.step(stage.step));
        let number = stage.step.saturating_add(1).to_string();
        let name = step.map_or("", |step| match w.0 {
            Language::En if !step.name_en.is_empty() => &step.name_en,
            Language::Vi | Language::En => &step.name,
        });
        TermView {
            of: w.fills("web.procedure.at_step", &[("n", &number), ("name", name)]),
            said: said(w, (stage.mode, stage.within, stage.answer)),
            basis: stage.basis.clone(),
        }
    };
    std::iter::once(general)
        .chain(rule.stages.iter().map(stage))
        .collect()
}

fn said(
    w: Words,
    (mode, within, answer): (Option<PauseMode>, Option<Limit>, Option<Limit>),
) -> Vec<String> {
    let mode = mode.map(|mode| match mode {
        PauseMode::Restart => "slip.clock_restart",
        PauseMode::Exclude => "slip.clock_exclude",
    });
    let parts = [
        mode.map(|key| w.t(key).to_owned()),
        within.map(|limit| timed(w, "web.procedure.within", limit)),
        answer.map(|limit| timed(w, "web.procedure.answer", limit)),
    ];
    parts.into_iter().flatten().collect()
}

fn valid(w: Words, kind: &ResultKind) -> Option<TermView> {
    let rule = kind.validity.as_ref()?;
    let lasts = match rule.months {
        Some(months) => w.fill("web.procedure.valid_months", "n", months),
        None if rule.own_day => String::new(),
        None => w.t("validity.unlimited").to_owned(),
    };
    let own = if rule.own_day {
        w.t("web.procedure.own_day").to_owned()
    } else {
        String::new()
    };
    let said = [lasts, own].into_iter().filter(|line| !line.is_empty());
    Some(TermView {
        of: kind.name.clone(),
        said: said.collect(),
        basis: rule.basis.clone(),
    })
}

fn lane(w: Words, lane: &Lane) -> TermView {
    let time = match lane.limit {
        LaneLimit::Own { limit } => words::limit(w.0, limit),
        LaneLimit::Half => w.t("web.procedure.half").to_owned(),
    };
    TermView {
        of: lane.name.clone(),
        said: vec![
            w.fill("web.procedure.published", "limit", time),
            w.fill(
                "web.procedure.admits",
                "role",
                w.of("role", lane.decided_by.as_str()),
            ),
        ],
        basis: lane.basis.clone(),
    }
}

#[cfg(test)]
mod tests {
    use app::catalogue::{processes, starter};
    use domain::procedure::{OwnTerms, Procedure, RefundRule, ValidityRule};
    use jiff::civil::date;

    use super::*;
    use crate::session::Visitor;

    fn shown(name: &str, w: Words, procedure: &Procedure) {
        let visitor = Visitor {
            w,
            here: format!("/thu-tuc/{}", procedure.code),
        };
        let found = InForce {
            process: Some(processes::default_process(procedure)),
            procedure: procedure.clone(),
        };
        let html = ProcedurePage::new(Frame::public(&visitor), &found);
        crate::samples::page(name, &html.render().unwrap());
    }

    /// With a stage of its own, silence that is consent, a lane and a decision.
    fn with_terms() -> Procedure {
        let code = |one: &&Procedure| one.code.as_str() == "1.001612";
        let mut procedure = starter::procedures().iter().find(code).unwrap().clone();
        procedure.supplement.mode = PauseMode::Exclude;
        procedure.supplement.answer = Some(Limit::Days(15));
        procedure.supplement.stages = vec![StageRule {
            step: 1,
            mode: Some(PauseMode::Restart),
            within: Some(Limit::working_days(2)),
            answer: None,
            basis: "NĐ 168/2025/NĐ-CP <Điều 22>".to_owned(),
        }];
        procedure.consultation = Some(ConsultationRule {
            limit: Some(Limit::working_days(2)),
            silence_is_consent: true,
            basis: "1200/QĐ-UBND ngày 10/11/2026".to_owned(),
        });
        procedure.results[0].validity = Some(ValidityRule {
            months: Some(60),
            own_day: true,
            basis: "1200/QĐ-UBND ngày 10/11/2026".to_owned(),
        });
        procedure.own_terms = Some(OwnTerms {
            decision: "1200/QĐ-UBND".to_owned(),
            decided: date(2026, 11, 10),
            first_day: date(2026, 12, 1),
        });
        procedure
    }

    #[test]
    fn the_terms_of_a_procedure_stand_with_who_decided_them() {
        let procedure = with_terms();
        shown("procedure", Words(Language::Vi), &procedure);
        shown("procedure-en", Words(Language::En), &procedure);
        shown(
            "procedure-usual",
            Words(Language::Vi),
            &starter::procedures()[0],
        );
        let fees = procedure.offers.iter().flat_map(|offer| &offer.fees);
        assert!(fees.into_iter().all(|fee| fee.refund == RefundRule::Never));
    }
}
