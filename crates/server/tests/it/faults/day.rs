//! The scripted day: four people come to two counters, and get as far as the script says.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::template::People;
use crate::http::browser::{Browser, Site};
use crate::http::correction::linked;
use crate::http::desk::{HANDED_OUT, Team, give, id_of, receive};
use crate::program::Phoenix;

/// How long the slips of the day may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// What was acknowledged: of each dossier, every move and every slip.
#[derive(Debug)]
pub(super) struct Acknowledged {
    pub(super) id: String,
    pub(super) moves: Vec<&'static str>,
    pub(super) slips: Vec<&'static str>,
}

/// Works through the day, whatever happens to the server.
pub(super) async fn work(server: &Arc<Phoenix>, people: &People) -> Vec<Acknowledged> {
    let person = |login: &str| {
        let browser = Browser::new(Site::Process(Arc::clone(server)));
        Browser {
            cookies: people[login].clone(),
            ..browser
        }
    };
    let mut team = Team {
        clerk: person("tiepnhan.hacthanh"),
        officer: person("chuyenvien.hacthanh"),
        leader: person("lanhdao.hacthanh"),
        seal: person("vanthu.hacthanh"),
    };
    let mut other = person("giamdoc.hacthanh");
    let ((first, second), (third, fourth)) = tokio::join!(two(&mut team.clerk), two(&mut other));
    give(&mut team.clerk, &first, "hand_over", &[])
        .await
        .is(200);
    team.decide(&first).await;
    let sealed = sealed(server, &mut team.clerk, &first).await;
    if sealed {
        give(&mut team.clerk, &first, "return", &HANDED_OUT)
            .await
            .is(200);
    }
    let linked = corrected(&mut team.leader, &first).await;
    for id in [&second, &third] {
        give(&mut other, id, "hand_over", &[]).await.is(200);
    }
    let ask = [
        ("w1", "Trang 2 mờ."),
        ("reason", "Bản chính mờ, không đọc được."),
    ];
    give(&mut team.officer, &second, "draft_supplement", &ask)
        .await
        .is(200);
    give(&mut team.leader, &second, "approve_supplement", &[])
        .await
        .is(200);
    give(&mut other, &second, "ask_supplement", &[])
        .await
        .is(200);
    give(&mut other, &second, "supply", &[("c1", "paper")])
        .await
        .is(200);
    let mut day = told(first, linked, second, third, fourth);
    if !sealed {
        day[0].moves.retain(|what| *what != RETURNED);
        day[0].slips.retain(|form| *form != COLLECTION);
    }
    fetch_slips(server, &mut team.clerk, &day).await;
    day
}

/// What the day's answers have acknowledged.
fn told(
    first: String,
    linked: String,
    second: String,
    third: String,
    fourth: String,
) -> Vec<Acknowledged> {
    vec![
        acknowledged(
            first,
            &[
                HANDED,
                TAKEN,
                "result_drafted",
                STEP,
                "result_signed",
                STEP,
                "settled",
                RETURNED,
                "correction_opened",
            ],
            // The control slip when it set out and when it was settled; the receipt for the result.
            &["01", "06", "06", COLLECTION],
        ),
        acknowledged(linked, &[HANDED], &["01", "06"]),
        acknowledged(
            second,
            &[
                HANDED,
                TAKEN,
                "supplement_drafted",
                "supplement_approved",
                "supplement_requested",
                "supplied",
            ],
            &["01", "06", "02"],
        ),
        acknowledged(third, &[HANDED], &["01", "06"]),
        acknowledged(fourth, &[], &["01"]),
    ]
}

const HANDED: &str = "handed_over";
const TAKEN: &str = "hand_over_acknowledged";
const STEP: &str = "step_finished";
const RETURNED: &str = "returned";
const COLLECTION: &str = "bien-nhan";

/// Waits for the agency's seal. When the server died, the seal may come only after a lease has ended;
/// nobody waits for that here.
async fn sealed(server: &Phoenix, clerk: &mut Browser, id: &str) -> bool {
    let begun = Instant::now();
    let path = format!("/api/v1/dossiers/{id}/result");
    while clerk.get(&path).await.status != 200 {
        if server.died().await {
            return false;
        }
        assert!(begun.elapsed() < PATIENCE, "{id} is never sealed");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    true
}

/// The leader opens a correction of the result; gives the dossier that carries it.
async fn corrected(leader: &mut Browser, id: &str) -> String {
    let wrong = [
        ("correction", "replace"),
        ("reason", "Sai ngày sinh."),
        ("apology", "Chúng tôi xin lỗi."),
    ];
    let page = give(leader, id, "open_correction", &wrong).await;
    linked(page.is(200))
}

/// Two people come to one counter.
async fn two(clerk: &mut Browser) -> (String, String) {
    let first = id_of(receive(clerk).await.is(200));
    let second = id_of(receive(clerk).await.is(200));
    (first, second)
}

fn acknowledged(id: String, moves: &[&'static str], slips: &[&'static str]) -> Acknowledged {
    let moves = ["submitted", "received"]
        .iter()
        .chain(moves)
        .copied()
        .collect();
    Acknowledged {
        id,
        moves,
        slips: slips.to_vec(),
    }
}

/// Prints every slip. A message that died in the worker's hands comes back only when its lease has
/// ended; nobody waits for that here.
async fn fetch_slips(server: &Phoenix, clerk: &mut Browser, day: &[Acknowledged]) {
    let begun = Instant::now();
    for dossier in day {
        for form in &dossier.slips {
            let path = format!("/ho-so/{}/phieu/{form}", dossier.id);
            while !server.died().await {
                let page = clerk.get(&path).await;
                if page.status == 200 {
                    assert!(page.bytes.starts_with(b"%PDF-"), "{path}");
                    break;
                }
                assert!(begun.elapsed() < PATIENCE, "{path} is never made");
            }
        }
    }
}
