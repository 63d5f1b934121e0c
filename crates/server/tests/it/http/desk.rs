//! The demonstration office behind its router, and the people at it.

use app::people::totp_now;
use jiff::ToSpan as _;
use server::demonstration::PIN;
use web::WebConfig;

use super::browser::{Browser, Page, Sent, Site};
use crate::support::{Engine, Office};

/// Nguyễn Thị An's card, as a hand scanner types it.
pub(crate) const CARD: &str =
    "038199000017||Nguyễn Thị An|31121999|Nữ|Thôn 1, Xã Ví Dụ, Tỉnh Thanh Hóa|01012022";
/// Certified copies: the procedure of the walk-through.
pub(crate) const COPIES: &str = "2.000815";

/// The office with its pages. Every test ends with [`Desk::finish`].
pub(crate) struct Desk {
    pub(crate) office: Office,
    site: Site,
    finished: bool,
}

impl Desk {
    pub(crate) async fn open(engine: Engine) -> Self {
        Self::of(Office::open(engine).await)
    }

    /// The desk of that office.
    pub(crate) fn of(office: Office) -> Self {
        let router = web::router(office.app.clone(), WebConfig::default());
        Self {
            office,
            site: Site::Within(router),
            finished: false,
        }
    }

    /// Somebody who is not signed in.
    pub(crate) fn stranger(&self) -> Browser {
        Browser::new(self.site.clone())
    }

    /// Somebody who signed in through the form.
    pub(crate) async fn person(&self, login: &str) -> Browser {
        let mut browser = self.stranger();
        let app = &self.office.app;
        let code = async || {
            // A code holds for thirty seconds and once.
            self.wait(31.seconds());
            totp_now(app, login).await.unwrap()
        };
        let page = browser.sign_in(login, code).await;
        page.is(200);
        browser
    }

    pub(crate) async fn clerk(&self) -> Browser {
        self.person("tiepnhan.hacthanh").await
    }

    pub(crate) async fn officer(&self) -> Browser {
        self.person("chuyenvien.hacthanh").await
    }

    pub(crate) async fn leader(&self) -> Browser {
        self.person("lanhdao.hacthanh").await
    }

    pub(crate) async fn seal(&self) -> Browser {
        self.person("vanthu.hacthanh").await
    }

    pub(crate) async fn team(&self) -> Team {
        Team {
            clerk: self.clerk().await,
            officer: self.officer().await,
            leader: self.leader().await,
            seal: self.seal().await,
        }
    }

    /// Lets time pass.
    pub(crate) fn wait(&self, span: jiff::Span) {
        let clock = &self.office.clock;
        clock.set(self.office.app.clock().now().checked_add(span).unwrap());
    }

    /// Makes the slips that wait.
    pub(crate) async fn make_slips(&self) {
        while app::jobs::work_off(&self.office.app).await.unwrap() > 0 {}
    }

    /// Nothing may be left undone, and the log must explain every table.
    pub(crate) async fn finish(mut self) {
        self.office.settle_outbox().await;
        self.office.check().await;
        self.finished = true;
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        assert!(
            self.finished || std::thread::panicking(),
            "a test must finish its desk"
        );
    }
}

/// Fills an intake by the card and the procedure's code, every component being there.
pub(crate) async fn fill_intake(clerk: &mut Browser, card: &str) -> Page {
    let page = clerk.get("/tiep-nhan").await;
    let form = page.is(200).form("/tiep-nhan").fill("card", card);
    let page = clerk.submit(&form.press("action", "quet-the")).await;
    let form = page.is(200).form("/tiep-nhan").fill("procedure", COPIES);
    let page = clerk.submit(&form.press("action", "chon")).await;
    let page = clerk
        .submit(&page.form("/tiep-nhan").press("action", "du"))
        .await;
    let form = page.is(200).form("/tiep-nhan").fill("pages1", "1");
    let page = clerk.submit(&form.press("action", "chon")).await;
    page.is(200);
    page
}

/// Receives through the form, and gives the page of what was filed.
pub(crate) async fn receive(clerk: &mut Browser) -> Page {
    let page = fill_intake(clerk, CARD).await;
    let page = clerk
        .submit(&page.form("/tiep-nhan").press("action", "tiep-nhan"))
        .await;
    assert!(
        page.path.starts_with("/ho-so/"),
        "{}: {}",
        page.path,
        page.words()
    );
    page
}

/// The id of the dossier that a page is about.
pub(crate) fn id_of(page: &Page) -> String {
    let id = page.path.strip_prefix("/ho-so/").unwrap();
    id.split(['?', '/']).next().unwrap().to_owned()
}

/// Gives a command from the dossier's page: its button, or its form with `fields` filled in.
pub(crate) async fn give(
    browser: &mut Browser,
    id: &str,
    command: &str,
    fields: &[(&str, &str)],
) -> Page {
    let sent = order(browser, id, command, fields).await;
    browser.follow(&sent).await
}

/// What is told of a return to the applicant, who shows her card and signs on paper.
pub(crate) const HANDED_OUT: [(&str, &str); 6] = [
    ("receiver", "applicant"),
    ("seen", "card"),
    ("digits", "0017"),
    ("b1", "yes"),
    ("receipt", "paper"),
    ("kept_reason", "Lưu hồ sơ."),
];

/// The same order as a request that is not sent yet.
pub(crate) async fn order(
    browser: &mut Browser,
    id: &str,
    command: &str,
    fields: &[(&str, &str)],
) -> Sent {
    let action = format!("/ho-so/{id}/{command}");
    let page = browser.get(&format!("/ho-so/{id}")).await;
    page.is(200);
    let page = if page.text().contains(&format!("action=\"{action}\"")) {
        page
    } else {
        assert!(
            page.text().contains(&format!("href=\"{action}")),
            "no {command} in {}",
            page.words()
        );
        browser.get(&action).await
    };
    let mut form = page.form(&action);
    let mut file = None;
    for (name, value) in fields {
        if *name == "request" || (command == "scan_receipt" && *name == "document") {
            file = Some((*name, value.as_bytes()));
        } else if form.buttons().iter().any(|(button, _)| button == name) {
            form = form.press(name, value);
        } else {
            form = form.fill(name, value);
        }
    }
    Sent::form(&form, file)
}

/// Everybody through whose hands a dossier goes.
#[derive(Debug, Clone)]
pub(crate) struct Team {
    pub(crate) clerk: Browser,
    pub(crate) officer: Browser,
    pub(crate) leader: Browser,
    pub(crate) seal: Browser,
}

impl Team {
    /// Works a dossier that was received through to its return, after the agency sealed the result.
    pub(crate) async fn settle(&mut self, desk: &Desk, id: &str) {
        give(&mut self.clerk, id, "hand_over", &[]).await.is(200);
        self.decide(id).await;
        desk.make_slips().await;
        give(&mut self.clerk, id, "return", &HANDED_OUT)
            .await
            .is(200);
    }

    /// Decides a dossier that was handed over: drafted, submitted, signed, issued.
    pub(crate) async fn decide(&mut self, id: &str) {
        let draft = [
            ("outcome", "granted"),
            ("summary", "Đồng ý chứng thực bản sao."),
        ];
        give(&mut self.officer, id, "draft_result", &draft)
            .await
            .is(200);
        give(&mut self.officer, id, "forward", &[]).await.is(200);
        give(&mut self.leader, id, "sign_result", &[("pin", PIN)])
            .await
            .is(200);
        give(&mut self.seal, id, "issue", &[]).await.is(200);
    }
}
