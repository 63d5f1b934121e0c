//! A signed document comes from outside, and its signer's certificate is revoked: whoever asks for the
//! signatures to be checked again is told so in words.

use domain::certificate::Holder;
use domain::office::Role;

use super::browser::Sent;
use super::desk::{Desk, give, id_of, order, receive};
use crate::proof::revoke;
use crate::signing::leader;
use crate::support::{Engine, Office, on_both_engines};

on_both_engines!(the_signature_of_a_revoked_certificate_is_said_to_be_revoked);

async fn the_signature_of_a_revoked_certificate_is_said_to_be_revoked(engine: Engine) {
    let (office, authorities) = Office::with_authorities(engine).await;
    let desk = Desk::of(office);
    let mut team = desk.team().await;
    let signed = id_of(receive(&mut team.clerk).await.is(200));
    team.settle(&desk, &signed).await;
    let official = team.clerk.get(&format!("/ho-so/{signed}/ket-qua")).await;
    let official = official.is(200).bytes.to_vec();

    let id = id_of(receive(&mut team.clerk).await.is(200));
    give(&mut team.clerk, &id, "hand_over", &[]).await.is(200);
    let sent = order(&mut team.clerk, &id, "withdraw", &[]).await;
    let form = team.clerk.get(&format!("/ho-so/{id}/withdraw")).await;
    let form = form.form(&sent.path);
    let sent = Sent::form(&form, Some(("request", &official)));
    let page = team.clerk.follow(&sent).await;
    // The document proves its signatures itself, as they stood when it was issued.
    page.is(200).says("Chữ ký hợp lệ: Phường Hạc Thành");
    let revoked = "Chứng thư số đã bị thu hồi";
    assert!(!page.text().contains(revoked), "{}", page.words());
    let own = Holder::Person {
        staff: leader(&desk.office).staff,
        role: Role::Leader,
    };
    revoke(&desk.office, &authorities, &own).await;
    let again = format!("/ho-so/{id}/kiem-tra-chu-ky");
    let form = team.clerk.get(&format!("/ho-so/{id}")).await.form(&again);
    let page = team.clerk.submit(&form).await;
    page.is(200).says(revoked);
    let page = team.clerk.get(&format!("/ho-so/{id}")).await;
    page.is(200).says(revoked);
    page.says("Chữ ký hợp lệ: Phường Hạc Thành");
    desk.finish().await;
}
