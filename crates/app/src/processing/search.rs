//! Search: reading is a use case too. What is asked may name somebody, so it stands in no address
//! and in no log as it was typed.

use domain::ids::DossierCode;
use domain::office::Role;
use store::AuditLine;
use store::views::SearchScope;

use crate::access::Actor;
use crate::no::No;
use crate::people::party_keys;
use crate::state::App;

/// What was found by a search.
pub type Found = store::views::Found;

/// Finds dossiers by number, end of a number, beginning of the owner's name, or the owner's own
/// number or telephone. What was found is logged as read; what was asked is not, since it may name
/// somebody.
///
/// # Errors
/// [`No::Broken`].
pub async fn search(app: &App, actor: &Actor, text: &str) -> Result<Found, No> {
    const MOST: u32 = 20;
    let scope = if actor.is(Role::ProvinceController) {
        SearchScope::All
    } else {
        SearchScope::Units(actor.seeing())
    };
    let views = app.store().views();
    let keys = party_keys(app.keys(), text);
    let mut found = views.search(text, &scope, MOST).await?;
    found.by_party = views.dossiers_of(&keys, &scope, MOST).await?;
    let how = match () {
        () if DossierCode::parse(&text.trim().to_uppercase()).is_ok() => "code",
        () if !keys.is_empty() => "number",
        () => "name",
    };
    let line = AuditLine {
        actor: actor.staff.to_string(),
        action: "dossier.searched".to_owned(),
        // Not the person alone: what an account went through is read by who may see no dossier.
        subject: format!("search:{}", actor.staff),
        purpose: how.to_owned(),
        detail: ids(&found),
    };
    app.store().audit(app.clock().now(), vec![line]).await?;
    Ok(found)
}

/// The question as an address may carry it: sealed, and opened again for who asked it alone. So
/// going back to what was found, or reloading it, asks once more, and no history names anybody.
pub fn sealed_question(app: &App, actor: &Actor, text: &str) -> String {
    hex::encode(app.keys().seal(&about(actor), &text))
}

/// The question that was sealed for the actor; none when it was for somebody else, or is none.
pub fn question(app: &App, actor: &Actor, sealed: &str) -> Option<String> {
    let sealed = hex::decode(sealed).ok()?;
    app.keys().open(&about(actor), &sealed).ok()
}

fn about(actor: &Actor) -> String {
    format!("search:{}", actor.staff)
}

/// The dossiers found, one blank between them.
fn ids(found: &Found) -> String {
    let rows = found.exact.iter().chain(&found.by_order);
    let rows = rows.chain(&found.by_owner).chain(&found.by_party);
    let ids: Vec<&str> = rows.map(|row| row.id.as_str()).collect();
    ids.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::{AtCounter, Ending, receive};
    use crate::people::testing::{audited, clerk, key, office, typed};

    #[tokio::test]
    async fn a_question_in_an_address_is_its_asker_s_alone() {
        let app = office().await;
        let ours = clerk(&app, "Phường Hạc Thành");
        let sealed = sealed_question(&app, &ours, "Nguyễn Thị An");
        assert!(sealed.bytes().all(|b| b.is_ascii_hexdigit()));
        assert_eq!(
            question(&app, &ours, &sealed).as_deref(),
            Some("Nguyễn Thị An")
        );
        let other = Actor {
            staff: domain::ids::StaffId::parse("other").unwrap(),
            ..ours.clone()
        };
        assert_eq!(question(&app, &other, &sealed), None);
        for bad in ["", "nguyen", "ấ"] {
            assert_eq!(question(&app, &ours, bad), None, "{bad}");
        }
    }

    #[tokio::test]
    async fn a_person_is_found_by_what_only_she_has_and_the_search_is_logged() {
        let app = office().await;
        let ours = clerk(&app, "Phường Hạc Thành");
        let form = [
            ("name", "Nguyễn Thị An"),
            ("number", "038199000017"),
            ("phone", "0912 345 678"),
            ("procedure", "2.000815"),
            ("c1", "paper"),
            ("pages1", "1"),
        ];
        let input = AtCounter {
            scans: Vec::new(),
            ending: Ending::Receive,
            typed: typed(&form),
            draft: None,
            key: key(),
        };
        let filed = receive(&app, &ours, input).await.unwrap();
        let theirs = clerk(&app, "Phường Nguyệt Viên");
        for asked in ["0381 9900 0017", "0912.345.678", "+84912345678"] {
            let found = search(&app, &ours, asked).await.unwrap();
            let ids: Vec<&str> = found.by_party.iter().map(|row| row.id.as_str()).collect();
            assert_eq!(ids, [filed.dossier.as_str()], "{asked}");
            let elsewhere = search(&app, &theirs, asked).await.unwrap();
            assert_eq!(elsewhere, Found::default(), "{asked}");
        }
        let by_name = search(&app, &ours, "nguyễn thị").await.unwrap();
        assert_eq!((by_name.by_owner.len(), by_name.by_party.len()), (1, 0));
        assert_eq!(
            audited(&app, &format!("search:{}", ours.staff)).await,
            ["dossier.searched"; 7]
        );
        let logged = app
            .store()
            .audited(&format!("search:{}", ours.staff))
            .await
            .unwrap();
        let lines: Vec<(&str, &str)> = logged
            .iter()
            .map(|logged| (logged.line.purpose.as_str(), logged.line.detail.as_str()))
            .collect();
        assert_eq!(lines[0], ("number", filed.dossier.as_str()));
        assert_eq!(lines[1], ("number", ""), "elsewhere nothing was found");
        assert_eq!(lines[6], ("name", filed.dossier.as_str()));
    }
}
