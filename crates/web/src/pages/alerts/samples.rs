//! Samples of the page of alerts.

use app::words::Language;
use askama::Template;

use super::{AlertsPage, Line, PartView, UnitLine, advice, class, tasks};
use crate::layout::{Bar, Frame};
use crate::pages::stopped::samples::stops;
use crate::samples::page;
use crate::words::Words;
use app::alerts::{Part, TaskAlerts};
use app::tasks::Side;
use domain::dossier::{Escalation, Warning, Watch};

const VI: Words = Words(Language::Vi);
const EN: Words = Words(Language::En);

fn desk(w: Words, role: &str) -> Frame {
    Frame {
        w,
        unit: "Phường Hạc Thành".to_owned(),
        csrf: "c5rf".to_owned(),
        here: "/canh-bao".to_owned(),
        bar: Some(Bar {
            staff: "lanhdao-hacthanh".to_owned(),
            name: "Nguyễn <Văn> Bình".to_owned(),
            post: w.of("role", role),
            standing: String::new(),
            absence: true,
            entries: Vec::new(),
        }),
    }
}

fn line(w: Words, part: Part, (warning, level): (Warning, Escalation), code: &str) -> Line {
    let watch = match warning {
        Warning::First => Watch::Step,
        Warning::Second => Watch::Legal,
        Warning::Overdue | Warning::None => Watch::Dossier,
    };
    Line {
        dossier: "d-1".to_owned(),
        code: code.to_owned(),
        class: class(warning),
        warning: w.of("alert.warning", warning.as_str()),
        watch: w.of("alert.watch", watch.as_str()),
        procedure: "Chứng thực bản sao từ <bản chính> giấy tờ".to_owned(),
        step: "Thẩm định".to_owned(),
        due: "23/11 17:00".to_owned(),
        level: w.of("alert.level", level.as_str()),
        next: w.t(advice(part, (watch, warning, level))).to_owned(),
    }
}

#[expect(clippy::too_many_lines, reason = "one page, part by part")]
fn shown(name: &str, w: Words, part: Part, filled: bool) {
    let parts = match part {
        Part::Mine | Part::Province => vec![part],
        Part::Unit => vec![Part::Unit, Part::Mine],
    };
    let view = |one: &Part| PartView {
        href: format!("/canh-bao?phan={}", one.as_str()),
        words: w.of("alert.part", one.as_str()),
        here: *one == part,
    };
    // What has not reached the head of the unit is not told to her.
    let lowest = match part {
        Part::Mine => Escalation::Holder,
        Part::Unit | Part::Province => Escalation::Leader,
    };
    let levels = [
        (
            (Warning::Overdue, Escalation::Province),
            "H56.102-261119-0007",
        ),
        ((Warning::Second, Escalation::Leader), "H56.102-261120-0003"),
        ((Warning::First, lowest), ""),
    ];
    let mut lines = levels
        .map(|(reached, code)| line(w, part, reached, code))
        .to_vec();
    let most = (Warning::Overdue, Escalation::Centre);
    lines.push(Line {
        watch: w.of("alert.watch", Watch::Issue.as_str()),
        step: "Đóng dấu, phát hành".to_owned(),
        next: w.t(advice(part, (Watch::Issue, most.0, most.1))).to_owned(),
        ..line(w, part, most, "H56.102-261118-0002")
    });
    let unit = UnitLine {
        name: "Phường Hạc Thành".to_owned(),
        dossiers: 3,
        steps: 1,
        unissued: 4,
        tasks: 2,
    };
    let sides = [
        (Side::Asked, 2, 1),
        (Side::Sent, 0, 1),
        (Side::Received, 3, 0),
    ];
    let counts = sides.map(|(side, late, today)| tasks(w, &TaskAlerts { side, late, today }));
    let counted = filled && part == Part::Province;
    let listed = filled && part != Part::Province;
    let found = AlertsPage {
        meta: "Thứ Hai 23/11/2026, 10:42".to_owned(),
        parts: parts.iter().map(view).collect(),
        province: part == Part::Province,
        lines: if listed { lines } else { Vec::new() },
        units: if counted { vec![unit] } else { Vec::new() },
        tasks: if listed && part == Part::Unit {
            counts.to_vec()
        } else {
            Vec::new()
        },
        next: if listed {
            "/canh-bao?phan=unit&sau=1.step.d-1".to_owned()
        } else {
            String::new()
        },
        frame: desk(w, "leader"),
        w,
        certificates: vec!["2 chứng thư sắp hết hạn, sớm nhất 08/12/2026".to_owned()],
        stops: if listed && part == Part::Unit {
            stops(w)
        } else {
            Vec::new()
        },
        unsealed: if listed {
            w.fill("unsealed.told", "n", 3)
        } else {
            String::new()
        },
    };
    page(name, &found.render().unwrap());
}

#[test]
fn alerts_of_an_officer_a_unit_and_the_province() {
    shown("alerts-mine", VI, Part::Mine, true);
    shown("alerts-unit", VI, Part::Unit, true);
    shown("alerts-unit-en", EN, Part::Unit, true);
    shown("alerts-province", VI, Part::Province, true);
    shown("alerts-none", VI, Part::Unit, false);
}
