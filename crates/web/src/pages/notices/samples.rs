//! Samples of the pages of notices.

use app::forms::Typed;
use app::no::Fault;
use app::notices::{
    DeliveryLine, DeliveryState, KindView, LogQuery, NoticeBook, NoticeLog, WordingView,
};
use app::words::{Language, t};
use askama::Template;
use domain::ids::DossierId;
use domain::notice::{Channel, Kind, QuietHours, Template as Text};
use jiff::civil::{Date, date};

use super::book::BookPage;
use super::edit::EditPage;
use super::log::LogPage;
use crate::error::fault_lines;
use crate::layout::{Bar, Frame};
use crate::samples::page;
use crate::words::Words;

const VI: Words = Words(Language::Vi);
const EN: Words = Words(Language::En);

/// The day of the samples.
const TODAY: Date = date(2026, 11, 23);

fn basis(kind: Kind) -> String {
    kind.duty(TODAY).unwrap().citation.to_string()
}

fn desk(w: Words) -> Frame {
    Frame {
        w,
        unit: "Tỉnh Thanh Hóa".to_owned(),
        csrf: "c5rf".to_owned(),
        here: "/thong-bao".to_owned(),
        bar: Some(Bar {
            staff: "quantri".to_owned(),
            name: "Lê Văn Tú".to_owned(),
            post: w.of("role", "administrator"),
            standing: String::new(),
            absence: false,
            entries: Vec::new(),
        }),
    }
}

fn shown(name: &str, template: &impl Template) {
    page(name, &template.render().unwrap());
}

fn text(kind: Kind, channel: Channel) -> WordingView {
    let key = |part: &str| format!("notice.text.{}.{part}", kind.as_str());
    let words = |part: &str| t(Language::Vi, &key(part)).to_owned();
    WordingView {
        template: Text {
            kind,
            channel,
            subject: words("subject"),
            body: words(if channel == Channel::Sms {
                "sms"
            } else {
                "body"
            }),
        },
        language: Language::Vi,
        version: u32::from(channel == Channel::Sms),
    }
}

fn book(may_edit: bool) -> NoticeBook {
    let kind = |kind: Kind, off| KindView {
        kind,
        required: kind.is_required(TODAY),
        basis: basis(kind),
        off,
        wordings: vec![text(kind, Channel::Mail), text(kind, Channel::Sms)],
    };
    NoticeBook {
        kinds: vec![
            kind(Kind::Filed, false),
            kind(Kind::Received, false),
            kind(Kind::Transferred, false),
            kind(Kind::HandedToPost, false),
            kind(Kind::Withdrawn, true),
        ],
        quiet: QuietHours::default(),
        channels: vec![Channel::Mail, Channel::Sms],
        may_edit,
    }
}

#[test]
fn the_book_of_notices() {
    let none = Typed::default();
    shown("notices", &BookPage::new(desk(VI), &book(true), &none));
    let reading = NoticeBook {
        channels: Vec::new(),
        ..book(false)
    };
    shown("notices-read-en", &BookPage::new(desk(EN), &reading, &none));
    let required = Fault::new("off", "notice.fault.required").with("basis", &basis(Kind::Received));
    let lines = fault_lines(VI, &[required]);
    let refused = BookPage::new(desk(VI), &book(true), &none);
    shown(
        "notices-required",
        &refused.with_faults(Some(Kind::Received), lines),
    );
    let mut typed = Typed::default();
    typed.set("from", "25:00");
    let lines = fault_lines(VI, &[Fault::new("from", "notice.fault.time")]);
    let wrong = BookPage::new(desk(VI), &book(true), &typed);
    shown("notices-hours", &wrong.with_faults(None, lines));
    let mut typed = Typed::default();
    typed.set("from", "12:00");
    typed.set("to", "06:00");
    let lines = fault_lines(EN, &[Fault::new("to", "notice.fault.hours_by_day")]);
    let wrong = BookPage::new(desk(EN), &book(true), &typed);
    shown("notices-hours-en", &wrong.with_faults(None, lines));
}

#[test]
fn a_text_is_edited() {
    let mail = text(Kind::Received, Channel::Mail);
    shown("notice-mail", &EditPage::new(desk(VI), &mail, Vec::new()));
    let filed = text(Kind::Filed, Channel::Mail);
    shown("notice-filed", &EditPage::new(desk(VI), &filed, Vec::new()));
    let moved = text(Kind::Transferred, Channel::Sms);
    shown(
        "notice-transferred-en",
        &EditPage::new(desk(EN), &moved, Vec::new()),
    );
    let sms = text(Kind::SupplementAsked, Channel::Sms);
    shown("notice-sms-en", &EditPage::new(desk(EN), &sms, Vec::new()));
    let social = WordingView {
        template: Text {
            channel: Channel::Social,
            subject: "abc".to_owned(),
            body: "ma_ho_so={ma_ho_so} {han_bo_sung}".to_owned(),
            ..mail.template
        },
        ..mail
    };
    let faults = [
        Fault::new("subject", "notice.fault.no_approved_text").with("at", &0),
        Fault::new("body", "notice.fault.unknown_place")
            .with("name", &"han_bo_sung")
            .with("at", &21),
        Fault::new("body", "notice.fault.missing_place").with("name", &"don_vi"),
        Fault::new("body", "notice.fault.parameter_too_long")
            .with("name", &"co_quan")
            .with("n", &49)
            .with("limit", &30),
    ];
    let lines = fault_lines(VI, &faults);
    shown("notice-faults", &EditPage::new(desk(VI), &social, lines));
}

fn line(id: i64, state: DeliveryState, reason: &str) -> DeliveryLine {
    let at = date(2026, 11, 23).at(10, 42, 0, 0);
    let waits = matches!(state, DeliveryState::Failed | DeliveryState::Waiting);
    DeliveryLine {
        id,
        dossier: DossierId::parse(&format!("01a{id}")).unwrap(),
        code: if id == 4 {
            String::new()
        } else {
            format!("H56.112-261123-{id:04}")
        },
        kind: Kind::Received,
        channel: if id % 2 == 0 {
            Channel::Sms
        } else {
            Channel::Mail
        },
        state,
        attempts: 2,
        reason: reason.to_owned(),
        next_try: waits.then_some(at),
        created_at: at,
        ended_at: (!waits).then_some(at),
    }
}

#[test]
fn the_log_of_deliveries() {
    let log = NoticeLog {
        lines: vec![
            line(5, DeliveryState::Waiting, ""),
            line(4, DeliveryState::Failed, "no_answer"),
            line(
                3,
                DeliveryState::Refused,
                "550 5.1.1 ***: no such <mailbox>",
            ),
            line(2, DeliveryState::GivenUp, "no_address"),
            line(1, DeliveryState::Sent, ""),
        ],
        next: Some(1),
    };
    let all = LogQuery::default();
    shown("notices-log", &LogPage::new(desk(VI), &all, &log));
    shown("notices-log-en", &LogPage::new(desk(EN), &all, &log));
    let none = NoticeLog {
        lines: Vec::new(),
        next: None,
    };
    let refused = LogQuery {
        state: Some(DeliveryState::Refused),
        ..all
    };
    shown("notices-log-none", &LogPage::new(desk(VI), &refused, &none));
}
