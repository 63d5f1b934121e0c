//! The parts of an entry: read strictly, held against the procedure, laid over it.

use domain::deadline::{Limit, PauseMode};
use domain::office::Role;
use domain::procedure::{
    Channel, ConsultationRule, Eligibility, FeeLine, Lane, LaneLimit, Procedure, RefundRule,
    StageRule, SupplementRule, ValidityRule,
};
use domain::process::{Process, Product};
use serde::Deserialize;

use super::Unfit;
use crate::processing::unknown_place;

/// What an entry sets; a part that is left out stays as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Terms {
    supplement: Option<Supplement>,
    consultation: Option<Consultation>,
    refunds: Vec<Refund>,
    /// All lanes of the procedure; an empty list ends them.
    lanes: Option<Vec<OwnLane>>,
    /// Words with which the draft of a result begins.
    result_text: Option<String>,
    /// How long its results are valid: of one kind, or of all.
    validity: Vec<OwnValidity>,
    /// Whether the procedure ends without a document of its own.
    without_paper: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Supplement {
    mode: PauseMode,
    #[serde(default)]
    within: Option<Limit>,
    #[serde(default)]
    answer: Option<Limit>,
    #[serde(default)]
    basis: String,
    #[serde(default)]
    stages: Vec<Stage>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stage {
    /// The step of the process, from 1 as people count them.
    step: usize,
    #[serde(default)]
    mode: Option<PauseMode>,
    #[serde(default)]
    within: Option<Limit>,
    #[serde(default)]
    answer: Option<Limit>,
    #[serde(default)]
    basis: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Consultation {
    #[serde(default)]
    limit: Option<Limit>,
    #[serde(default)]
    silence_is_consent: bool,
    #[serde(default)]
    basis: String,
}

/// Until when which charge is given back: of one channel or of all, of one line or of all.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Refund {
    #[serde(default)]
    channel: Option<Channel>,
    /// The line among the charges of the channel, from 1.
    #[serde(default)]
    line: Option<usize>,
    rule: RefundRule,
    #[serde(default)]
    basis: String,
}

/// How long results of a kind are valid.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnValidity {
    /// Which of the kinds of result, from 1; all where none is named.
    #[serde(default)]
    result: Option<usize>,
    /// Months from the day of issue; without them such a result has no end.
    #[serde(default)]
    months: Option<u16>,
    /// Whether who drafts may name a last day.
    #[serde(default)]
    own_day: bool,
    #[serde(default)]
    basis: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnLane {
    code: String,
    name: String,
    limit: LaneLimit,
    /// For whom; for everybody where the plan says nothing.
    #[serde(default)]
    eligible: Eligibility,
    /// Who admits; the leader where the plan names nobody.
    #[serde(default)]
    decided_by: Option<Role>,
    #[serde(default)]
    basis: String,
}

impl Terms {
    pub(super) fn is_nothing(&self) -> bool {
        self.supplement.is_none()
            && self.consultation.is_none()
            && self.refunds.is_empty()
            && self.lanes.is_none()
            && self.result_text.is_none()
            && self.without_paper.is_none()
            && self.validity.is_empty()
    }

    /// Whether everything that the terms speak of is there.
    pub(super) fn check(
        &self,
        procedure: &Procedure,
        process: Option<&Process>,
    ) -> Result<(), Unfit> {
        let stages = self.supplement.iter().flat_map(|own| &own.stages);
        let mut steps = Vec::new();
        for Stage { step, .. } in stages {
            if !can_be_asked_at(process, *step) {
                return Err(Unfit::NoStep(*step));
            }
            if steps.contains(step) {
                return Err(Unfit::StepTwice(*step));
            }
            steps.push(*step);
        }
        if let Some(own) = &self.consultation
            && own.silence_is_consent
            && own.limit.is_none()
        {
            return Err(Unfit::SilenceWithoutLimit);
        }
        for (index, refund) in self.refunds.iter().enumerate() {
            if !charges(procedure).any(|(channel, line, _)| refund.is_of(channel, line)) {
                return Err(Unfit::NoCharge(index.saturating_add(1)));
            }
        }
        for (index, own) in self.validity.iter().enumerate() {
            own.check(procedure, index.saturating_add(1))?;
        }
        let text = self.result_text.as_deref().unwrap_or_default();
        if let Some(place) = unknown_place(text) {
            return Err(Unfit::NoPlace(place.to_owned()));
        }
        check_lanes(self.lanes.as_deref().unwrap_or_default(), procedure)
    }

    /// Lays the terms over the procedure; `basis` stands where a part names none.
    pub(super) fn lay_over(&self, procedure: &mut Procedure, basis: &str) {
        if let Some(own) = &self.supplement {
            procedure.supplement = own.rule(basis);
        }
        if let Some(own) = &self.consultation {
            procedure.consultation = Some(ConsultationRule {
                limit: own.limit,
                silence_is_consent: own.silence_is_consent,
                basis: or(&own.basis, basis),
            });
        }
        if let Some(lanes) = &self.lanes {
            let lane = |own: &OwnLane| Lane {
                code: own.code.clone(),
                name: own.name.clone(),
                limit: own.limit,
                eligible: own.eligible.clone(),
                decided_by: own.decided_by.unwrap_or(Role::Leader),
                basis: or(&own.basis, basis),
            };
            procedure.lanes = lanes.iter().map(lane).collect();
        }
        for refund in &self.refunds {
            refund.lay_over(procedure, basis);
        }
        if let Some(text) = &self.result_text {
            text.trim().clone_into(&mut procedure.result_text);
        }
        for own in &self.validity {
            own.lay_over(procedure, basis);
        }
        if let Some(without) = self.without_paper {
            procedure.without_paper = without;
        }
    }
}

impl OwnValidity {
    fn check(&self, procedure: &Procedure, place: usize) -> Result<(), Unfit> {
        let mut kinds = 1..=procedure.results.len();
        if !kinds.any(|kind| self.result.is_none_or(|own| own == kind)) {
            return Err(Unfit::NoResult(place));
        }
        if self.months == Some(0) {
            return Err(Unfit::NoMonths(place));
        }
        Ok(())
    }

    fn lay_over(&self, procedure: &mut Procedure, basis: &str) {
        for (kind, result) in (1..).zip(&mut procedure.results) {
            if self.result.is_none_or(|own| own == kind) {
                result.validity = Some(ValidityRule {
                    months: self.months,
                    own_day: self.own_day,
                    basis: or(&self.basis, basis),
                });
            }
        }
    }
}

impl Supplement {
    fn rule(&self, basis: &str) -> SupplementRule {
        let stage = |own: &Stage| StageRule {
            step: own.step.saturating_sub(1),
            mode: own.mode,
            within: own.within,
            answer: own.answer,
            basis: or(&own.basis, basis),
        };
        SupplementRule {
            mode: self.mode,
            within: self.within,
            answer: self.answer,
            basis: or(&self.basis, basis),
            stages: self.stages.iter().map(stage).collect(),
        }
    }
}

impl Refund {
    fn is_of(&self, channel: Channel, line: usize) -> bool {
        self.channel.is_none_or(|own| own == channel) && self.line.is_none_or(|own| own == line)
    }

    fn lay_over(&self, procedure: &mut Procedure, basis: &str) {
        for channel in Channel::ALL {
            let offers = procedure.offers.iter_mut();
            let lines = offers.filter(|offer| offer.channel == channel);
            let lines = lines.flat_map(|offer| &mut offer.fees);
            for (line, fee) in (1..).zip(lines) {
                if self.is_of(channel, line) {
                    fee.refund = self.rule;
                    fee.refund_basis = or(&self.basis, basis);
                }
            }
        }
    }
}

fn or(own: &str, basis: &str) -> String {
    let own = own.trim();
    if own.is_empty() { basis } else { own }.to_owned()
}

/// A supplement is asked for by whoever examines or drafts, not at reception or return.
fn can_be_asked_at(process: Option<&Process>, step: usize) -> bool {
    let index = step.checked_sub(1);
    let step = index.and_then(|index| process?.step(index));
    step.is_some_and(|step| !matches!(step.product, Product::Reception | Product::Return))
}

/// Every charge with its channel and its place among the charges of the channel.
fn charges(procedure: &Procedure) -> impl Iterator<Item = (Channel, usize, &FeeLine)> {
    Channel::ALL.into_iter().flat_map(|channel| {
        let offers = procedure.offers.iter();
        let lines = offers.filter(move |offer| offer.channel == channel);
        let lines = (1..).zip(lines.flat_map(|offer| &offer.fees));
        lines.map(move |(line, fee)| (channel, line, fee))
    })
}

fn check_lanes(lanes: &[OwnLane], procedure: &Procedure) -> Result<(), Unfit> {
    let mut codes: Vec<&str> = Vec::new();
    for (index, lane) in lanes.iter().enumerate() {
        if lane.code.trim().is_empty() || lane.name.trim().is_empty() {
            return Err(Unfit::NamelessLane(index.saturating_add(1)));
        }
        if codes.contains(&lane.code.as_str()) {
            return Err(Unfit::LaneTwice(lane.code.clone()));
        }
        let mut legal = procedure.offers.iter().filter_map(|offer| offer.limit);
        let least = Limit::least_working_minutes;
        if !legal.any(|legal| least(lane.limit.beside(legal)) < least(legal)) {
            return Err(Unfit::SlowLane(lane.code.clone()));
        }
        codes.push(&lane.code);
    }
    Ok(())
}
