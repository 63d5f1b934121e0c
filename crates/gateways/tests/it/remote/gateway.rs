//! The public gateway hands whole documents back, signed at their end.

use std::sync::Arc;

use gateways::remote::{PublicGateway, ToSign};

use super::{House, Key, PAPER, USER, reason};

fn paper() -> Vec<ToSign> {
    vec![ToSign {
        name: "ket-qua.pdf".to_owned(),
        document: PAPER.clone(),
    }]
}

#[tokio::test]
async fn a_document_comes_back_whole_with_a_signature_at_its_end() {
    let house = House::open(Key::Rsa, None).await;
    let gateway: &Arc<PublicGateway> = &house.services.gateways["gateway"];
    let certificates = gateway.certificates(USER).await.unwrap();
    let with = &certificates[0];
    let signed = gateway.sign(USER, with, "r-1", &paper()).await.unwrap();
    assert!(signed[0].starts_with(&PAPER));
    let folder = crate::tools::keep("gateway", &signed[0]);
    let said = crate::judge::pdfsig(&folder);
    assert_eq!(said.len(), 1);
    assert!(said[0].0.contains("Signature is Valid"), "{said:?}");
    for (fault, said) in [
        ("altered", "remote.changed"),
        ("fewer", "remote.count"),
        ("rejected", "remote.rejected"),
        ("expired", "remote.expired"),
        ("token", "remote.account"),
        ("dead", "later: remote.broken"),
    ] {
        house.desk("gateway").plan(fault);
        let told = gateway.sign(USER, with, "r-2", &paper()).await;
        assert_eq!(told.map_err(reason), Err(said.to_owned()), "{fault}");
    }
    let unknown = gateway.certificates("038080999999").await;
    assert_eq!(
        unknown.map_err(reason),
        Err("remote.no_credential".to_owned())
    );
}
