//! Keys that have stopped, for the pages that tell of them.

use app::signing::{PinState, StoppedSeal};
use domain::ids::{DossierId, UnitId};
use jiff::civil::date;

use super::StopView;
use crate::words::Words;

/// A wrong PIN with results that wait, and a token that nobody may try.
pub(crate) fn stops(w: Words) -> Vec<StopView> {
    let at = date(2026, 11, 23).at(9, 12, 0, 0);
    let number = |nth: usize| format!("{nth:02}/KQ-H56.102");
    let dossier = |nth: usize| DossierId::parse(&format!("d-{nth}")).unwrap();
    let stop = |state, waiting: usize| StoppedSeal {
        place: "token:dau-hacthanh".to_owned(),
        name: "dau-<hacthanh>".to_owned(),
        unit: UnitId::parse("H56.102").unwrap(),
        state,
        since: at,
        waiting,
        named: (1..=waiting.min(2))
            .map(|nth| (number(nth), (nth == 1).then(|| dossier(nth))))
            .collect(),
    };
    let stops = [stop(PinState::Wrong, 5), stop(PinState::LastTry, 0)];
    let view = |stop| StopView::of(w, stop, "UBND phường Hạc Thành");
    stops.iter().map(view).collect()
}
