//! How invented results are handed out: to whom showed the card, with all papers, signed on paper.

use domain::dossier::{Compared, Filed, Handing, ReceiptSigned, Seen, SeenBy};

/// At the counter, with everything that was left there.
pub(super) fn at_counter(filed: &Filed) -> Handing {
    Handing {
        seen: Some(Seen {
            by: SeenBy::Card,
            compared: Compared::Same,
            digits: None,
            name: None,
            phone: None,
        }),
        given_back: filed.handed.iter().map(|there| there.component).collect(),
        receipt: Some(ReceiptSigned::Paper),
        ..Handing::default()
    }
}
