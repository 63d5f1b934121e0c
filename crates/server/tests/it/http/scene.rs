//! What the sweeps ask for: a dossier, a draft, and for each route a request that its rightful user
//! could send.

use app::clock::Ids;
use app::verification::{PaperKind, address};
use axum::http::Method;
use domain::ids::{DossierId, UnitId};
use domain::office::Role;
use domain::slip::Form;
use serde_json::json;

use super::browser::{Browser, Sent};
use super::desk::{Desk, give, id_of, receive};
use super::html::elements;
use super::routes::Route;
use crate::support::actor;

/// A dossier of the ward that its officer works on, with its slips made.
pub(crate) struct Scene {
    pub(crate) desk: Desk,
    pub(crate) dossier: DossierId,
    code: String,
    ward: UnitId,
    /// Where the style sheet is.
    look: String,
}

impl Scene {
    pub(crate) async fn set(desk: Desk) -> Self {
        let mut clerk = desk.clerk().await;
        let id = id_of(&receive(&mut clerk).await);
        give(&mut clerk, &id, "hand_over", &[]).await.is(200);
        desk.make_slips().await;
        let dossier = DossierId::parse(&id).unwrap();
        let loaded = desk.office.app.store().load(&dossier).await.unwrap();
        let code = loaded
            .dossier
            .record()
            .unwrap()
            .code
            .clone()
            .unwrap()
            .to_string();
        let ward = desk.office.ward();
        let elements = elements(&clerk.get("/quy-tac").await.text());
        let look = elements
            .iter()
            .find(|e| e.attribute("rel") == Some("stylesheet"));
        let look = look.unwrap().attribute("href").unwrap().to_owned();
        Self {
            desk,
            dossier,
            code,
            ward,
            look,
        }
    }

    /// A fresh draft at the ward's counter.
    pub(crate) async fn draft(&self) -> String {
        let clerk = actor(Role::ReceptionClerk, &self.ward);
        let app = &self.desk.office.app;
        app::intake::open_draft(app, &clerk)
            .await
            .unwrap()
            .id
            .to_string()
    }

    /// The public name of the dossier's receipt.
    fn token(&self) -> String {
        let app = &self.desk.office.app;
        let kind = PaperKind::Form(Form::Receipt);
        let whole = address(app, &self.dossier, kind);
        whole.rsplit('/').next().unwrap().to_owned()
    }

    /// The address of a route, its places filled in.
    async fn path(&self, route: &Route) -> String {
        let id = if route.path.starts_with("/tiep-nhan") {
            self.draft().await
        } else {
            self.dossier.to_string()
        };
        let command = if route.is_safe() || route.path.ends_with("/nhap") {
            "draft_supplement"
        } else {
            "forward"
        };
        let path = route
            .path
            .replace("{id}", &id)
            .replace("{command}", command);
        let path = path.replace("{dossier}", self.dossier.as_str());
        // Somebody whose session no sweep needs.
        let path = path.replace("{staff}", "tinhnguyen-nguyetvien");
        let path = path
            .replace("{delegation}", "khong-co")
            .replace("{record}", "khong-co")
            .replace("{batch}", "khong-co")
            .replace("{certificate}", "khong-co")
            .replace("{attempt}", "khong-co")
            .replace("{word}", "khong-co")
            .replace("{place}", "1")
            .replace("{number}", "1")
            .replace("{document}", "withdrawal")
            .replace("{task}", "1")
            .replace("{token}", &self.token())
            .replace("{component}", "1")
            .replace("{unit}", self.ward.as_str())
            .replace("{year}", "2026")
            .replace("{volume}", "1")
            .replace("{procedure}", "2.000815");
        let path = path.replace("{code}", &self.code).replace("{form}", "01");
        let path = if route.path == "/tep/{*file}" {
            self.look.clone()
        } else {
            path
        };
        assert!(!path.contains('{'), "an unknown place: {path}");
        path
    }

    /// A request that the rightful user of the route could send, proved by `csrf`. Commands name a
    /// version that is long past, so that they change nothing.
    pub(crate) async fn request(&self, route: &Route, csrf: &str) -> Sent {
        let path = self.path(route).await;
        if route.is_safe() {
            return Sent::get(&path);
        }
        let once = Ids::default().token();
        if route.is_api() {
            let body = json!({"version": 1, "fields": {}, "login": "khong.co", "password": "sai",
                "paper": "01", "dossiers": [self.dossier.as_str()]});
            let sent = Sent::json(route.method(), &path, &body);
            return sent
                .with("idempotency-key", &once)
                .with("x-csrf-token", csrf);
        }
        let draft = self.draft().await;
        let action = if route.path.starts_with("/quan-tri") {
            "mo-khoa"
        } else if route.path == "/vang-mat" {
            "uy-quyen"
        } else if route.path == "/giao-nhan" {
            "lap"
        } else if route.path == "/so-theo-doi" {
            "tim"
        } else {
            "tam-giu"
        };
        let fields = [
            ("_csrf", csrf),
            ("_khoa", &once),
            ("version", "1"),
            ("nhap", draft.as_str()),
            ("action", action),
            ("name", "Nguyễn Thị An"),
            ("q", "Nguyễn Thị An"),
            ("giay", "01"),
            ("ho-so", self.dossier.as_str()),
            ("dv", self.ward.as_str()),
            ("nam", "2026"),
            ("ngon-ngu", "vi"),
            ("ve", "/quy-tac"),
            ("login", "khong.co"),
            ("password", "sai"),
        ];
        let body = serde_html_form::to_string(fields).unwrap().into_bytes();
        let kind = "application/x-www-form-urlencoded".to_owned();
        Sent {
            method: Method::POST,
            kind,
            body,
            ..Sent::get(&path)
        }
    }
}

/// The secret of the forms of whoever uses this browser, from a page that everybody may read.
pub(crate) async fn csrf(browser: &mut Browser) -> String {
    let page = browser.get("/quy-tac").await;
    let elements = elements(&page.text());
    let meta = elements
        .iter()
        .find(|element| element.attribute("name") == Some("csrf"));
    meta.unwrap().attribute("content").unwrap().to_owned()
}
