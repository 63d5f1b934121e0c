//! The notice of a financial obligation as a paper: what is to be paid, how, until when.

use domain::dossier::{Event, Noticed};
use domain::slip::Payment;

use crate::no::No;
use crate::words::{self, Language};

use super::compose::Sheet;
use super::paper::contact;

const VI: Language = Language::Vi;

impl Sheet<'_> {
    pub(super) async fn payment(&self) -> Result<Payment, No> {
        let Event::ObligationNoticed(Noticed {
            notice,
            amount,
            pay_by,
            document,
            ..
        }) = &self.made.event
        else {
            return Err(No::Broken("the event is no notice of an obligation".into()));
        };
        let t = |key: &str| words::t(VI, key).to_owned();
        let code = self.record.code.as_ref().map(ToString::to_string);
        let code = code.unwrap_or_default();
        let mut how = vec![words::fill(VI, "payment.how_code", &[("code", &code)])];
        how.extend(document.is_some().then(|| t("payment.how_document")));
        let centre = self.centre_name();
        how.push(words::fill(VI, "payment.how_proof", &[("centre", &centre)]));
        Ok(Payment {
            heading: self.heading(),
            applicant: contact(&self.applicant),
            owner: self.owner.as_ref().map(contact),
            request: self.request(),
            agency: self.agency_name(),
            text: self.text(notice).await?,
            amount: *amount,
            pay_by: pay_by.map(words::date),
            how,
            clock: t("payment.clock"),
            guidance: self.guidance().await?,
        })
    }
}

#[cfg(test)]
mod tests {
    use domain::ids::{DossierId, StaffId};
    use domain::money::Dong;
    use domain::office::Role;
    use domain::slip::Form;
    use jiff::civil::date;
    use serde_json::Value;

    use crate::access::Actor;
    use crate::intake::{AtCounter, Ending, receive};
    use crate::jobs::{slip_content, work_off};
    use crate::no::No;
    use crate::people::testing::{clerk, faults, key, printing, typed};
    use crate::processing::{Act, Order, act};
    use crate::{App, demo};

    const WARD: &str = "Phường Hạc Thành";

    async fn orders(app: &App, actor: &Actor, dossier: &DossierId, order: Order) -> Result<(), No> {
        let loaded = app.store().load(dossier).await.unwrap();
        let input = Act {
            dossier: dossier.clone(),
            version: loaded.version,
            key: key(),
            order,
        };
        act(app, actor, input).await.map(drop)
    }

    fn notice(pay_by: Option<jiff::civil::Date>) -> Order {
        Order::NoticeObligation {
            notice: "Thuế thu nhập cá nhân; nộp tại kho bạc.".to_owned(),
            amount: Some(Dong(150_000)),
            pay_by,
            document: b"%PDF-1.7\n".to_vec(),
        }
    }

    #[tokio::test]
    async fn a_noticed_obligation_prints_what_is_to_be_paid_until_when_and_how() {
        let (app, _) = printing().await;
        let who = clerk(&app, WARD);
        let input = AtCounter {
            scans: Vec::new(),
            ending: Ending::Receive,
            typed: typed(&[
                ("name", "Nguyễn Thị An"),
                ("number", "038199000017"),
                ("procedure", "2.000815"),
                ("c1", "paper"),
                ("pages1", "1"),
            ]),
            draft: None,
            key: key(),
        };
        let dossier = receive(&app, &who, input).await.unwrap().dossier;
        orders(&app, &who, &dossier, Order::HandOver).await.unwrap();
        let staff = demo::accounts(&app);
        let own = |a: &&demo::DemoAccount| a.role == Role::CaseOfficer && a.unit_name == WARD;
        let officer = staff.iter().find(own).unwrap();
        let officer = Actor {
            staff: StaffId::parse(&officer.login.replace('.', "-")).unwrap(),
            posts: vec![(officer.unit.clone(), officer.role)],
            ..who
        };
        let past = orders(&app, &officer, &dossier, notice(Some(date(2026, 11, 22))));
        let no = past.await.unwrap_err();
        assert_eq!(faults(no), [("pay_by", "fault.pay_by")]);
        let last_day = Some(date(2026, 12, 7));
        orders(&app, &officer, &dossier, notice(last_day))
            .await
            .unwrap();
        while work_off(&app).await.unwrap() > 0 {}
        let paper = slip_content(&app, &officer, &dossier, Form::Payment).await;
        let paper: Value = serde_json::from_slice(&paper.unwrap().unwrap()).unwrap();
        assert_eq!(paper["slip"], "payment");
        assert_eq!(
            (&paper["amount"], &paper["agency"]),
            (&150_000.into(), &WARD.into())
        );
        assert_eq!(paper["pay_by"], "07/12/2026");
        assert_eq!(paper["text"], "Thuế thu nhập cá nhân; nộp tại kho bạc.");
        assert_eq!(
            paper["guidance"]["official"],
            staff.iter().find(own).unwrap().name
        );
        let how = paper["how"].to_string();
        let loaded = app.store().load(&dossier).await.unwrap();
        let code = loaded.dossier.record().unwrap().code.clone().unwrap();
        for said in [
            code.as_str(),
            "kèm phiếu này",
            "Trung tâm Phục vụ hành chính công",
        ] {
            assert!(how.contains(said), "{said}: {how}");
        }
    }
}
