//! The hour of the post: what agents filed since the last one is handed over at each centre under one
//! joint record, signed once.

use anyhow::Context as _;
use domain::deadline::after_working_minutes;
use domain::dossier::{Command, Refusal};
use domain::ids::{StaffId, UnitId};
use domain::office::Role;
use jiff::civil::DateTime;
use store::NewPostLine;

use super::beats::Act;
use super::casework::Moment;
use super::month::{Deed, Month};

/// Working minutes that counting one dossier together takes.
const COUNTING: u32 = 2;

/// A joint record that was signed, to be written.
pub(super) struct Signing {
    pub(super) unit: UnitId,
    pub(super) agent: StaffId,
    pub(super) clerk: StaffId,
    pub(super) number: String,
    pub(super) at: DateTime,
    pub(super) lines: Vec<NewPostLine>,
    pub(super) deeds: Vec<Deed>,
}

impl Month<'_> {
    /// Signs the record of a centre, that of the ward or the other one; none when nothing waits.
    pub(super) fn record(
        &mut self,
        centre: usize,
        at: DateTime,
    ) -> anyhow::Result<Option<Signing>> {
        let unit = [&self.ward.unit, &self.ward.other][centre].id.clone();
        let ward = self.ward;
        let here = |case: &usize| self.cases[*case].receiving(ward).id == unit;
        let (waiting, parked) = self.parked.iter().copied().partition::<Vec<_>, _>(here);
        self.parked = parked;
        let Some(first) = waiting.first() else {
            return Ok(None);
        };
        let (doer, whom) = self.choose(*first, (Act::Accept, Role::ReceptionClerk), at.date())?;
        let clock = self.settings.clock();
        let minutes = COUNTING * u32::try_from(waiting.len())?;
        self.busy[doer] = after_working_minutes(self.busy[doer].max(at), minutes, &clock)?;
        let mut agents = self.ward.people.iter();
        let is_agent = |one: &&super::ward::Person| one.role == Role::PostAgent && one.unit == unit;
        let agent = agents.find(is_agent).context("no agent of the post")?;
        let day = at.strftime("%y%m%d");
        let mut signing = Signing {
            number: format!("{unit}-{day}-1"),
            agent: agent.id.clone(),
            clerk: self.ward.people[doer].id.clone(),
            unit,
            at,
            lines: Vec::new(),
            deeds: Vec::new(),
        };
        let behalf = whom.map(|whom| self.ward.people[whom].id.clone());
        for case in waiting {
            self.hand_over(case, behalf.as_ref(), &mut signing)?;
        }
        Ok((!signing.deeds.is_empty()).then_some(signing))
    }

    fn hand_over(
        &mut self,
        index: usize,
        behalf: Option<&StaffId>,
        signing: &mut Signing,
    ) -> anyhow::Result<()> {
        let clock = self.settings.clock();
        let clerk = signing.clerk.clone();
        let moment = Moment {
            now: signing.at,
            by: &clerk,
            for_whom: behalf,
            number: 0,
            clock: &clock,
        };
        let case = &self.cases[index];
        let command = case.by_post(&signing.number, &signing.agent);
        let done: Result<_, Refusal> = case.judge(&command, self.ward, moment, &case.procedure);
        match done {
            Ok(events) => {
                let asked = case
                    .dossier
                    .record()
                    .map_or(0, |one| one.course.asked_at.len());
                let handed = match command {
                    Command::HandByPost(by_post) => by_post.handed,
                    _ => Vec::new(),
                };
                signing.lines.push(NewPostLine {
                    dossier: case.id.clone(),
                    part: if handed.is_empty() {
                        0
                    } else {
                        u32::try_from(asked)?
                    },
                    collected: None,
                    handed,
                });
                signing.deeds.push(self.happened(index, moment, events));
                self.go_on(index, signing.at)
            }
            Err(no) => self.refused(index, signing.at, &no),
        }
    }
}
