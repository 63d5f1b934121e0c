//! Samples of the page of hand-overs by the post.

use app::intake::{PostLine, RecordPage, RecordView, ToHand};
use app::words::Language;
use askama::Template;
use domain::ids::UnitId;
use domain::money::Dong;
use jiff::civil::date;

use super::PostPage;
use crate::layout::{Bar, Frame};
use crate::samples::page;
use crate::words::Words;

fn desk(w: Words, role: &str) -> Frame {
    Frame {
        w,
        unit: "Phường Hạc Thành".to_owned(),
        csrf: "c5rf".to_owned(),
        here: "/giao-nhan".to_owned(),
        bar: Some(Bar {
            staff: "buudien-hacthanh".to_owned(),
            name: "Trần <Thị> Mai".to_owned(),
            post: w.of("role", role),
            standing: String::new(),
            absence: false,
            entries: Vec::new(),
        }),
    }
}

fn line(id: &str, code: Option<&str>, state: &str) -> PostLine {
    PostLine {
        id: id.to_owned(),
        code: code.map(str::to_owned),
        procedure_name: "Chứng thực bản sao từ <bản chính>".to_owned(),
        state: state.to_owned(),
        submitted_at: 1_795_400_000_000,
        filer_name: "Trần <Thị> Mai".to_owned(),
        part: 0,
        collected: None,
        handed: "[]".to_owned(),
        struck: 0,
    }
}

fn to_hand(id: &str, fee: i64) -> ToHand {
    ToHand {
        line: line(id, None, "submitted"),
        fee: Dong(fee),
        taken: None,
        asked: Vec::new(),
    }
}

/// What waits for a supplement.
fn awaiting() -> ToHand {
    let code = Some("H56.102-261120-0003");
    ToHand {
        line: PostLine {
            part: 1,
            ..line("d-5", code, "paused")
        },
        fee: Dong(0),
        taken: None,
        asked: vec![
            (1, "Tờ khai theo mẫu".to_owned()),
            (3, "Giấy <chứng nhận>".to_owned()),
        ],
    }
}

fn found(agent: bool) -> RecordPage {
    let at = date(2026, 11, 23).at(9, 30, 0, 0);
    let record = |id: &str, signed: bool, lines| RecordView {
        id: id.to_owned(),
        number: format!("H56.102-261123-{id}"),
        agent: "Trần <Thị> Mai".to_owned(),
        made_at: at,
        signed_at: signed.then_some(at),
        signer: if signed { "Lê Thị Ngọc" } else { "" }.to_owned(),
        lines,
    };
    RecordPage {
        unit: UnitId::parse("H56.102").unwrap(),
        others: Vec::new(),
        agent,
        unhanded: if agent {
            vec![to_hand("d-3", 15_000), to_hand("d-4", 0)]
        } else {
            Vec::new()
        },
        awaiting: if agent { vec![awaiting()] } else { Vec::new() },
        records: vec![
            record("2", false, vec![line("d-2", None, "submitted")]),
            record(
                "1",
                true,
                vec![
                    PostLine {
                        collected: Some(15_000),
                        ..line("d-1", Some("H56.102-261123-0007"), "received")
                    },
                    PostLine {
                        struck: 1,
                        ..line("d-6", None, "withdrawn")
                    },
                ],
            ),
        ],
    }
}

#[test]
fn hand_overs_of_an_agent_and_of_a_clerk() {
    let shown = |name: &str, language, agent: bool, found: &RecordPage| {
        let role = if agent {
            "post_agent"
        } else {
            "reception_clerk"
        };
        let shown = PostPage::new(desk(Words(language), role), found, (Vec::new(), None));
        page(name, &shown.render().unwrap());
    };
    shown("post-agent", Language::Vi, true, &found(true));
    shown("post-agent-en", Language::En, true, &found(true));
    shown("post-clerk", Language::Vi, false, &found(false));
    shown("post-clerk-en", Language::En, false, &found(false));
    let none = RecordPage {
        unit: UnitId::parse("H56.102").unwrap(),
        others: Vec::new(),
        agent: false,
        unhanded: Vec::new(),
        awaiting: Vec::new(),
        records: Vec::new(),
    };
    shown("post-none", Language::Vi, false, &none);
}
