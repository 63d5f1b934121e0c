//! Sudden death of the real server at each named point of its write path, in the middle of a day at
//! the counter.

mod aftermath;
mod day;
mod killed;
mod template;
mod tokens;

use std::sync::Arc;

use store::faults::POINTS;

use crate::program::Phoenix;
use crate::support::{Engine, on_both_engines};

on_both_engines!(sudden_death_at_every_point_loses_nothing);

/// Points between the making of a signed document and the event that names it.
const SIGNING: [&str; 2] = ["between_sign_and_append", "between_seal_and_append"];

/// At which visits of its point the server dies: early, while the counter receives, and later,
/// while dossiers are worked on and slips are made. Events are written less often than the rest; those
/// with a number of their own, four receptions and then a result, alone are several statements on both
/// engines; what comes sixth there is the first of two dossiers that move together.
fn visits(point: &str) -> &'static [u32] {
    match point {
        "between_claim_and_finish" => &[1, 4],
        "after_rows" => &[2, 5, 6],
        // One result is signed, and sealed by the worker.
        "between_sign_and_append" | "between_seal_and_append" => &[1],
        _ => &[5, 24],
    }
}

async fn sudden_death_at_every_point_loses_nothing(engine: Engine) {
    let template = template::make(engine).await;
    for point in POINTS.into_iter().chain(SIGNING) {
        for nth in visits(point) {
            let fault = format!("{point}:{nth}");
            let server = Arc::new(Phoenix::start(template.copy(), Some(&fault)));
            let day = Box::pin(day::work(&server, &template.people)).await;
            assert!(server.died().await, "{fault} was never reached");
            server.stop().await;
            Box::pin(aftermath::judge(&server.at, &day)).await;
            eprintln!("{engine:?} survived {fault}");
        }
    }
}
