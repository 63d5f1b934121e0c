//! The internal process of a procedure (quy trình nội bộ, quy trình điện tử): ordered steps with a
//! role, working time and product.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::deadline::Limit;
use crate::delegation::SIGNING;
use crate::ids::ProcedureCode;
use crate::office::Role;

/// Where a step is worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// At the one-stop centre that received.
    Centre,
    /// At the agency that decides.
    Competent,
}

/// What must exist when a step ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Product {
    /// The dossier, checked, numbered and handed over.
    Reception,
    /// A draft of the result, granting or refusing.
    Draft,
    /// The leader's approval of the draft.
    Approval,
    /// The result with its number, issued.
    Result,
    /// The result in the applicant's hands.
    Return,
    /// Nothing but the work itself (a check, a verification on site).
    Work,
}

/// A step of the process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Name, Vietnamese.
    pub name: String,
    /// Name, English.
    pub name_en: String,
    /// Who works on it.
    pub role: Role,
    /// Where.
    pub place: Place,
    /// Working time in minutes; 480 are one working day.
    pub minutes: u32,
    /// What it produces.
    pub product: Product,
}

/// One version of the internal process of a procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// The procedure.
    pub procedure: ProcedureCode,
    /// Order of the version, from 1.
    pub version: u32,
    /// First day on which receptions run under it.
    pub valid_from: Date,
    /// The decision that approved it.
    pub decision: String,
    /// Steps in order.
    pub steps: Vec<Step>,
}

/// Why a process cannot be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProcessFault {
    /// Not reception, draft, approval, result and return, once each and in this order, or a step
    /// between result and return.
    #[error("a process needs reception, draft, approval, result and return, once each, in order")]
    Order,
    /// The approval is at a post that signs no results, or not at the competent agency: nobody could
    /// sign for it.
    #[error("step {0} approves, and nobody there signs for the competent agency")]
    NotSigned(usize),
    /// The result is not issued by who keeps the seal of the competent agency.
    #[error("step {0} issues, and is not at the seal of the competent agency")]
    NotSealed(usize),
    /// A step takes no time.
    #[error("step {0} has no time")]
    NoTime(usize),
    /// The steps take longer than the limit (TT 01/2018 Điều 8).
    #[error("the steps take {sum} working minutes, the limit is {limit}")]
    TooLong {
        /// Sum of the steps.
        sum: u32,
        /// The shortest time that the limit can mean.
        limit: u32,
    },
}

impl Process {
    /// Checks what must hold before the process is published: reception first, return last, the
    /// result just before it, one draft and one approval between them in this order, approval and result
    /// where somebody signs and seals for the competent agency (NĐ 30/2020/NĐ-CP Điều 13, 32), and a
    /// sum within `limit`. A procedure without a published limit has nothing to exceed.
    ///
    /// # Errors
    /// The first [`ProcessFault`] found.
    pub fn check(&self, limit: Option<Limit>) -> Result<(), ProcessFault> {
        let at = |product| self.steps.iter().position(|s| s.product == product);
        let count = |product| self.steps.iter().filter(|s| s.product == product).count();
        let (first, last) = (at(Product::Reception), at(Product::Return));
        let ordered = first == Some(0)
            && last == self.steps.len().checked_sub(1)
            && at(Product::Draft) < at(Product::Approval)
            && at(Product::Approval) < at(Product::Result)
            // A settled dossier has no steps but its return.
            && at(Product::Result) == self.steps.len().checked_sub(2)
            && [
                Product::Reception,
                Product::Draft,
                Product::Approval,
                Product::Result,
                Product::Return,
            ]
                .into_iter()
                .all(|p| count(p) == 1);
        if !ordered {
            return Err(ProcessFault::Order);
        }
        self.check_hands()?;
        if let Some(index) = self.steps.iter().position(|s| s.minutes == 0) {
            return Err(ProcessFault::NoTime(index.saturating_add(1)));
        }
        let sum = self
            .steps
            .iter()
            .fold(0_u32, |sum, s| sum.saturating_add(s.minutes));
        match limit.map(Limit::least_working_minutes) {
            Some(limit) if sum > limit => Err(ProcessFault::TooLong { sum, limit }),
            Some(_) | None => Ok(()),
        }
    }

    fn check_hands(&self) -> Result<(), ProcessFault> {
        for (number, step) in (1..).zip(&self.steps) {
            let there = step.place == Place::Competent;
            match step.product {
                Product::Approval if !there || !SIGNING.contains(&step.role) => {
                    return Err(ProcessFault::NotSigned(number));
                }
                Product::Result if !there || step.role != Role::SealClerk => {
                    return Err(ProcessFault::NotSealed(number));
                }
                Product::Reception
                | Product::Draft
                | Product::Approval
                | Product::Result
                | Product::Return
                | Product::Work => {}
            }
        }
        Ok(())
    }

    /// The step at `index`, from 0.
    pub fn step(&self, index: usize) -> Option<&Step> {
        self.steps.get(index)
    }
}
