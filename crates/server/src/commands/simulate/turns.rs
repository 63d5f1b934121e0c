//! Whose turn it is: who works on a case next, and when she is free.

use anyhow::{Context as _, anyhow};
use domain::deadline::after_working_minutes;
use domain::ids::{StaffId, UnitId};
use domain::office::Role;
use domain::procedure::Channel;
use jiff::civil::{Date, DateTime};

use super::beats::{Act, Beat, Doer};
use super::month::{Month, Turn};
use super::ward::doer;

impl Month<'_> {
    /// Somebody who is free takes the act up, as soon as the office is open.
    pub(super) fn take_up(&mut self, case: usize, ready: DateTime) -> anyhow::Result<()> {
        let Some(Beat { act, .. }) = self.beat(case) else {
            return Ok(());
        };
        let clock = self.settings.clock();
        let role = match act.doer() {
            Doer::Applicant if self.cases[case].beginning.channel == Channel::Post => {
                Role::PostAgent
            }
            Doer::Applicant => {
                let citizen = StaffId::parse("cong-dan")?;
                self.push(ready, case, Turn::Done(citizen, None));
                return Ok(());
            }
            Doer::Elsewhere => {
                let other = StaffId::parse("chuyenvien-sotuphap")?;
                let at = clock.opening(ready)?;
                self.push(at, case, Turn::Done(other, None));
                return Ok(());
            }
            Doer::Post => {
                self.parked.push(case);
                return Ok(());
            }
            Doer::Of(role) => role,
            Doer::Step => self.role_of_step(case),
        };
        let begins = clock.opening(ready)?;
        let (doer, whom) = self.choose(case, (act, role), begins.date())?;
        let begins = clock.opening(begins.max(self.busy[doer]))?;
        let ends = after_working_minutes(begins, act.minutes(), &clock)?;
        self.busy[doer] = ends;
        let id = |person: usize| self.ward.people[person].id.clone();
        let turn = Turn::Done(id(doer), whom.map(id));
        self.push(ends, case, turn);
        Ok(())
    }

    fn role_of_step(&self, case: usize) -> Role {
        let case = &self.cases[case];
        let step = case
            .dossier
            .at_step()
            .and_then(|at| case.paper.process.step(at.index));
        step.map_or(Role::CaseOfficer, |step| step.role)
    }

    /// Where whoever has the role works on the case: at the centre that received it, or at the ward.
    fn place(&self, case: usize, role: Role) -> &UnitId {
        match role {
            Role::ReceptionClerk | Role::PostAgent => &self.cases[case].receiving(self.ward).id,
            _ => &self.ward.unit.id,
        }
    }

    /// Whoever is free first, or who holds the step; for whoever is away, who stands in.
    pub(super) fn choose(
        &self,
        case: usize,
        (act, role): (Act, Role),
        day: Date,
    ) -> anyhow::Result<(usize, Option<usize>)> {
        let at = self.cases[case].dossier.at_step();
        let holder = at.and_then(|at| at.holder.as_ref());
        let holder = holder.filter(|_| act.doer() == Doer::Step);
        // Who signed a result approves it.
        let signature = at.and_then(|at| at.signed.as_ref());
        let approver = signature.map(|one| one.behalf.as_ref().unwrap_or(&one.by));
        let approver = approver.filter(|_| act == Act::Forward && role == Role::Leader);
        let holder = holder.or(approver);
        let people = self.ward.people.iter().enumerate();
        let unit = self.place(case, role);
        let fitting = people.filter(|(_, person)| match holder {
            Some(holder) => person.id == *holder,
            None => person.role == role && person.unit == *unit,
        });
        let doers = fitting.map(|(person, _)| doer(person, day));
        let turned = |person: usize| (person + case) % self.ward.people.len();
        let first =
            doers.min_by_key(|(doer, whom)| (self.busy[*doer], turned(whom.unwrap_or(*doer))));
        first.with_context(|| anyhow!("nobody of the ward is {}", role.as_str()))
    }
}
