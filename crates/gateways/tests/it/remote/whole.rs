//! From the paper to the signed paper through each service, as pyHanko judges it.

use gateways::remote::Named;
use gateways::sign::{Order, Prepared, Standing, prepare};
use jiff::civil::datetime;

use super::{House, Key, PAPER, request};
use crate::judge::{pyhanko, structure};
use crate::tools;

#[tokio::test]
async fn a_paper_is_signed_through_every_service_and_is_valid() {
    for key in [Key::Rsa, Key::P256] {
        let house = House::open(key, None).await;
        let roots =
            std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("remote-{key:?}"));
        std::fs::create_dir_all(&roots).unwrap();
        std::fs::write(roots.join("root.der"), house.authority.root()).unwrap();
        for name in ["csc", "smart_ca", "my_sign"] {
            let certificate = house.certificate(name).await;
            let order = Order {
                chain: certificate.chain.clone(),
                algorithm: certificate.algorithm,
                field: "person".to_owned(),
                fill: Vec::new(),
                appearance: None,
                reason: "Phê duyệt".to_owned(),
                at: datetime(2026, 11, 22, 9, 30, 15, 0),
                standing: Standing::Approves,
                lock: Vec::new(),
                stamp_room: 0,
            };
            let prepared = prepare(&PAPER, &order).unwrap();
            let document = Named {
                name: "Giấy phép".to_owned(),
                attributes: prepared.attributes().to_vec(),
            };
            assert_eq!(document.digest(), prepared.digest());
            // What waits for the person is kept as the unfinished document, and taken up again.
            let kept = prepared.unfinished().to_vec();
            let request = request(certificate, "whole", vec![document]);
            let signatures = house.signed(name, &request).await.unwrap();
            let again = Prepared::resume(kept, &order.chain, order.algorithm).unwrap();
            let signed = again.finish(&signatures[0], None).unwrap();
            let file = tools::keep(&format!("remote-{name}-{key:?}"), &signed);
            structure(&file);
            let said = pyhanko(&roots, &file);
            assert_eq!(said.len(), 1, "{said:?}");
            assert_eq!(said[0]["bottom_line"], true, "{name} {key:?}: {said:?}");
            assert_eq!(said[0]["signer"], "Nguyễn Thị Ký");
        }
    }
}
