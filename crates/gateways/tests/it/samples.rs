//! One sample of each slip, with the names that bad typography breaks first.

use domain::ids::{DossierCode, ProcedureCode};
use domain::money::Dong;
use domain::slip::{
    Apology, CertificationLine, Collection, ComponentLine, Contact, Control, CorrectionLine,
    FeeTerms, Guidance, Handover, HandoverItem, HandoverKind, HandoverLine, Heading, Mended,
    PaperCopy, Papers, Payment, PostSlip, Progress, ProgressLine, Promise, Punctuality, Receipt,
    Refusal, Register, RegisterLine, ResultLetter, Signer, Slip, Stop, StripCell, StripRole,
    Supplement,
};
use jiff::civil::{DateTime, date};

pub(crate) const CODE: &str = "H56.14-261123-0018";
/// As long as they are.
pub(crate) const TOKEN: &str = "AFpS2dQCk3pF0a9nJ8sOqkzMkT1vYlQ7cQd1";
const REQUEST: &str = "Đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất";

fn at(day: i8, hour: i8, minute: i8) -> DateTime {
    date(2026, 11, day).at(hour, minute, 0, 0)
}

pub(crate) fn heading() -> Heading {
    Heading {
        superior: Some("Ủy ban nhân dân phường Hạc Thành".to_owned()),
        agency: "Trung tâm Phục vụ hành chính công phường Hạc Thành".to_owned(),
        place: "Hạc Thành".to_owned(),
        at: at(23, 8, 42),
        code: DossierCode::parse(CODE).ok(),
        procedure: ProcedureCode::parse("1.012753").ok(),
        tracking: format!("https://motcua.thanhhoa.example/tra-cuu/{CODE}"),
        verification: Some(format!("https://motcua.thanhhoa.example/xac-thuc/{TOKEN}")),
    }
}

fn applicant() -> Contact {
    Contact {
        name: "Nguyễn Thị Ánh Tuyết".to_owned(),
        address: Some("Số 12 đường Lê Lợi, phường Hạc Thành, tỉnh Thanh Hóa".to_owned()),
        phone: Some("0912 345 678".to_owned()),
        email: Some("anhtuyet@example.vn".to_owned()),
        identity: Some("0380****2028".to_owned()),
    }
}

fn owner() -> Contact {
    Contact {
        name: "Trần Quỗc Thưởng".to_owned(),
        address: Some("Thôn Vỹ Dạ, Thừa Thiên Huế".to_owned()),
        phone: None,
        email: None,
        identity: Some("0460****7781".to_owned()),
    }
}

fn guidance() -> Guidance {
    Guidance {
        website: Some("motcua.thanhhoa.example".to_owned()),
        official: "Đỗ Thị Nguyệt".to_owned(),
        phone: Some("0237 3852 246".to_owned()),
    }
}

fn component(
    number: u16,
    name: &str,
    (originals, certified, photocopies): (u16, u16, u16),
) -> ComponentLine {
    ComponentLine {
        number,
        name: name.to_owned(),
        originals,
        certified,
        photocopies,
    }
}

pub(crate) fn components() -> Vec<ComponentLine> {
    vec![
        component(1, "Đơn đăng ký biến động đất đai theo Mẫu số 18", (1, 0, 0)),
        component(2, "Giấy chứng nhận quyền sử dụng đất đã cấp", (1, 0, 1)),
        component(3, "Hợp đồng chuyển nhượng đã công chứng", (0, 2, 0)),
    ]
}

pub(crate) fn promise() -> Promise {
    let cell = |day, label: &str, role| StripCell::new(date(2026, 11, day), label, role);
    Promise {
        limit: "3 ngày làm việc".to_owned(),
        received: at(23, 8, 40),
        due: Some(at(27, 17, 0)),
        strip: vec![
            cell(23, "nhận", StripRole::Start),
            cell(24, "nghỉ lễ", StripRole::Off),
            cell(25, "1", StripRole::Counted),
            cell(26, "2", StripRole::Counted),
            cell(27, "3 · trả", StripRole::Due),
        ],
    }
}

pub(crate) fn receipt() -> Receipt {
    Receipt {
        heading: heading(),
        applicant: applicant(),
        request: REQUEST.to_owned(),
        owner: Some(owner()),
        fee: FeeTerms::Before(Dong(15_000)),
        papers: Papers::Components(components()),
        sets: 1,
        promise: promise(),
        delivery: "Trung tâm Phục vụ hành chính công và bản điện tử".to_owned(),
        receiver: "Lê Thị Hồng Ngọc".to_owned(),
    }
}

pub(crate) fn certification() -> Slip {
    let line = |number, name: &str, (pages, copies), fee| CertificationLine {
        number,
        name: name.to_owned(),
        pages,
        copies,
        fee: Dong(fee),
    };
    Slip::Receipt(Receipt {
        owner: None,
        request: "Chứng thực bản sao từ bản chính giấy tờ, văn bản".to_owned(),
        fee: FeeTerms::After(None),
        papers: Papers::Certification(vec![
            line(1, "Bằng tốt nghiệp đại học", (1, 5), 10_000),
            line(2, "Sổ hộ khẩu", (16, 2), 1_236_000),
        ]),
        ..receipt()
    })
}

pub(crate) fn supplement() -> Slip {
    Slip::Supplement(Supplement {
        heading: heading(),
        number: Some("12/HDHS".to_owned()),
        applicant: applicant(),
        request: REQUEST.to_owned(),
        components: vec![
            component(1, "Giấy chứng nhận quyền sử dụng đất đã cấp (bản chính)", (1, 0, 0)),
            component(2, "Giấy ủy quyền có chứng thực", (0, 1, 0)),
        ],
        corrections: vec![CorrectionLine {
            number: 1,
            name: "Giấy chứng nhận quyền sử dụng đất đã cấp (bản chính)".to_owned(),
            what: "trang 2 mờ chữ ký và con dấu, đề nghị nộp bản rõ".to_owned(),
        }],
        basis: Some("Luật Đất đai 2024, Điều 135, khoản 4".to_owned()),
        reason: "Bản đã nộp mờ chữ ký và con dấu.\nThiếu giấy ủy quyền của chủ hồ sơ.".to_owned(),
        clock: Some(
            "bổ sung trước 17:00, Thứ Hai 07/12/2026; trong lúc chờ, thời gian giải quyết tạm dừng."
                .to_owned(),
        ),
        guidance: guidance(),
    })
}

pub(crate) fn refusal() -> Slip {
    Slip::Refusal(Refusal {
        heading: heading(),
        number: Some("07/TCHS".to_owned()),
        applicant: applicant(),
        request: REQUEST.to_owned(),
        reason: "Thửa đất đang có tranh chấp được Tòa án thụ lý. Ông (Bà) nộp lại hồ sơ khi có bản án hoặc quyết định đã có hiệu lực pháp luật.".to_owned(),
        basis: Some("Luật Đất đai 2024, Điều 45, khoản 1, điểm b".to_owned()),
        refund: Some("trả lại 150.000 đ".to_owned()),
        guidance: guidance(),
        receiver: "Lê Thị Hồng Ngọc".to_owned(),
    })
}

pub(crate) fn control() -> Slip {
    let step = |agency: &str,
                when: DateTime,
                outcome: Option<Punctuality>,
                note: &str,
                (giver, receiver): (&str, &str)| HandoverLine {
        agency: agency.to_owned(),
        at: when,
        received: outcome
            .is_some()
            .then(|| when.saturating_add(jiff::Span::new().minutes(20))),
        outcome,
        note: note.to_owned(),
        giver: giver.to_owned(),
        receiver: receiver.to_owned(),
    };
    Slip::Control(Control {
        heading: heading(),
        request: REQUEST.to_owned(),
        applicant: Contact {
            identity: None,
            ..applicant()
        },
        owner: Some(Contact {
            identity: None,
            ..owner()
        }),
        promise: promise(),
        back_by: Some(at(27, 15, 0)),
        components: components(),
        handovers: vec![
            step(
                "Phòng Kinh tế, Hạ tầng và Đô thị",
                at(23, 9, 15),
                None,
                "",
                ("Lê Thị Hồng Ngọc", "Phạm Đức Thuận"),
            ),
            step(
                "Lãnh đạo Ủy ban nhân dân phường Hạc Thành",
                at(26, 16, 5),
                Some(Punctuality::Early),
                "Kèm dự thảo",
                ("Phạm Đức Thuận", "Bùi Hữu Nghĩa"),
            ),
            step(
                "Trung tâm Phục vụ hành chính công phường Hạc Thành",
                at(27, 16, 30),
                Some(Punctuality::Late),
                "Chậm 1 giờ 30 phút, đã báo người nộp",
                ("Bùi Hữu Nghĩa", "Lê Thị Hồng Ngọc"),
            ),
        ],
    })
}

pub(crate) fn letter() -> Slip {
    let heading = Heading {
        superior: None,
        agency: "Ủy ban nhân dân phường Hạc Thành".to_owned(),
        at: date(2026, 2, 5).at(14, 0, 0, 0),
        ..heading()
    };
    Slip::ResultLetter(ResultLetter {
        heading,
        number: None,
        symbol: "GXN-UBND".to_owned(),
        to_sign: false,
        kind: "Giấy xác nhận".to_owned(),
        subject: "Về tình trạng hôn nhân của bà Nguyễn Thị Ánh Tuyết".to_owned(),
        addressee: "Bà Nguyễn Thị Ánh Tuyết".to_owned(),
        body: vec![
            "Căn cứ hồ sơ đã nộp và kết quả kiểm tra, Ủy ban nhân dân phường Hạc Thành xác nhận bà Nguyễn Thị Ánh Tuyết, cư trú tại số 12 đường Lê Lợi, trước đây ở Thừa Thiên Huế, hiện chưa đăng ký kết hôn với ai.".to_owned(),
            "Giấy này có giá trị 06 tháng kể từ ngày cấp.".to_owned(),
        ],
        signer: Signer {
            authority: Some("KT. Chủ tịch".to_owned()),
            post: "Phó Chủ tịch".to_owned(),
            name: "Bùi Hữu Nghĩa".to_owned(),
        },
        recipients: vec!["Như trên;".to_owned(), "Lưu: VT, TTPVHCC.".to_owned()],
    })
}

/// The official document of a refused result.
pub(crate) fn result() -> Slip {
    let heading = Heading {
        superior: None,
        agency: "Ủy ban nhân dân phường Hạc Thành".to_owned(),
        at: at(27, 15, 30),
        ..heading()
    };
    Slip::ResultLetter(ResultLetter {
        heading,
        number: Some("07".to_owned()),
        symbol: "KQ-H56.14".to_owned(),
        to_sign: false,
        kind: "Thông báo không đủ điều kiện giải quyết".to_owned(),
        subject: REQUEST.to_owned(),
        addressee: "Nguyễn Thị Ánh Tuyết".to_owned(),
        body: vec![
            format!("Hồ sơ số {CODE} không đủ điều kiện giải quyết. Lý do:"),
            "Thửa đất đang có tranh chấp, chưa được giải quyết xong theo quy định của pháp luật về đất đai.".to_owned(),
        ],
        signer: Signer {
            authority: None,
            post: "Lãnh đạo".to_owned(),
            name: "Bùi Hữu Nghĩa".to_owned(),
        },
        recipients: vec!["Như trên; lưu hồ sơ.".to_owned()],
    })
}

pub(crate) fn apology() -> Slip {
    Slip::Apology(Apology {
        heading: Heading {
            at: at(26, 9, 5),
            ..heading()
        },
        number: Some("03".to_owned()),
        symbol: "XL-H56.14".to_owned(),
        applicant: Contact {
            identity: None,
            ..applicant()
        },
        request: REQUEST.to_owned(),
        received: at(23, 8, 40),
        due: at(27, 17, 0),
        legal: None,
        late: "Ủy ban nhân dân phường Hạc Thành".to_owned(),
        reason: "Việc xác minh nguồn gốc đất với thôn Vỹ Dạ cần thêm thời gian do mưa lũ."
            .to_owned(),
        until: date(2026, 12, 2).at(17, 0, 0, 0),
        delivery: "Trung tâm Phục vụ hành chính công phường Hạc Thành".to_owned(),
        signer: Signer::titled("Phó Chủ tịch UBND phường", "Bùi Hữu Nghĩa".to_owned()),
        recipients: vec!["Như trên;".to_owned(), "Lưu: VT, TTPVHCC.".to_owned()],
    })
}

pub(crate) fn stop() -> Slip {
    Slip::Stop(Stop {
        heading: Heading {
            at: at(25, 14, 20),
            ..heading()
        },
        number: Some("12".to_owned()),
        symbol: "TB-H56.14".to_owned(),
        applicant: Contact {
            identity: None,
            ..applicant()
        },
        owner: Some(Contact {
            identity: None,
            ..owner()
        }),
        request: REQUEST.to_owned(),
        filed: at(23, 8, 40),
        received: Some(at(23, 8, 40)),
        ground: "đơn của Ông (Bà) đề nghị dừng giải quyết, đã được xem xét".to_owned(),
        basis: Some("TT 03/2025/TT-VPCP, Phụ lục I, Mẫu 05".to_owned()),
        reason: "Hai bên đã hủy hợp đồng chuyển nhượng.".to_owned(),
        papers: components(),
        refund: Some("trả lại 100.000 đ, không hoàn 50.000 đ".to_owned()),
        signer: Signer::titled("Chủ tịch UBND phường", "Bùi Hữu Nghĩa".to_owned()),
        recipients: vec!["Như trên;".to_owned(), "Lưu: VT, TTPVHCC.".to_owned()],
    })
}

/// The same of a dossier that was never received: it has no number, and nobody has its papers.
pub(crate) fn closed() -> Slip {
    let Slip::Stop(stop) = stop() else {
        unreachable!("the sample of a stop is one");
    };
    Slip::Stop(Stop {
        heading: Heading {
            code: None,
            tracking: "https://dvc.example/tra-cuu".to_owned(),
            verification: None,
            ..stop.heading
        },
        owner: None,
        received: None,
        ground: "thời hạn bổ sung hồ sơ đã hết".to_owned(),
        basis: Some("NĐ 118/2025/NĐ-CP, Điều 17".to_owned()),
        reason: "Đến hết 17 giờ 00 phút, ngày 23/11/2026 chưa nhận được giấy tờ bổ sung."
            .to_owned(),
        papers: Vec::new(),
        refund: None,
        ..stop
    })
}

pub(crate) fn mended() -> Slip {
    Slip::Mended(Mended {
        heading: Heading {
            at: at(27, 9, 5),
            ..heading()
        },
        number: Some("04".to_owned()),
        symbol: "XL-H56.14".to_owned(),
        applicant: Contact {
            identity: None,
            ..applicant()
        },
        request: REQUEST.to_owned(),
        result: "07/KQ-H56.14".to_owned(),
        issued: at(23, 16, 10),
        wrong: "Tên chủ sử dụng đất ghi sai dấu: “Thường”, đúng là “Thưởng”.".to_owned(),
        done: "Kết quả đã được thay thế".to_owned(),
        by: "H56.14-261125-0004".to_owned(),
        mended: "09/KQ-H56.14".to_owned(),
        apology: "Chúng tôi đã kiểm tra lại khâu nhập liệu để việc này không lặp lại.".to_owned(),
        signer: Signer {
            authority: Some("TUQ. Chủ tịch".to_owned()),
            post: "Trưởng phòng".to_owned(),
            name: "Bùi Hữu Nghĩa".to_owned(),
        },
        recipients: vec!["Như trên;".to_owned(), "Lưu: VT, TTPVHCC.".to_owned()],
    })
}

pub(crate) fn paper_copy() -> Slip {
    Slip::PaperCopy(PaperCopy {
        heading: Heading {
            at: at(27, 9, 5),
            ..heading()
        },
        copy_form: "SAO Y".to_owned(),
        number: "05".to_owned(),
        symbol: "SY-H56.14".to_owned(),
        kind: "Giấy xác nhận tình trạng hôn nhân".to_owned(),
        original: "07/KQ-H56.14".to_owned(),
        issued: at(23, 16, 10),
        copies: 2,
        signer: Signer {
            authority: Some("KT. Chủ tịch".to_owned()),
            post: "Phó Chủ tịch".to_owned(),
            name: "Bùi Hữu Nghĩa".to_owned(),
        },
        recipients: vec!["Như trên;".to_owned(), "Lưu: VT, TTPVHCC.".to_owned()],
    })
}

pub(crate) fn collection() -> Slip {
    Slip::Collection(Collection {
        heading: Heading {
            at: at(27, 16, 10),
            ..heading()
        },
        request: REQUEST.to_owned(),
        owner: Contact {
            identity: None,
            ..owner()
        },
        collector: Some(applicant()),
        how: "Người được ủy quyền, đã xuất trình giấy ủy quyền".to_owned(),
        kind: "Giấy chứng nhận quyền sử dụng đất".to_owned(),
        number: Some("07/KQ-H56.14".to_owned()),
        subject: "Đăng ký biến động của ông Trần Quỗc Thưởng".to_owned(),
        attachments: 2,
        at: at(27, 16, 10),
        giver: "Lê Thị Hồng Ngọc".to_owned(),
        seen: Some("Thẻ căn cước, số cuối 0017, khớp với hồ sơ".to_owned()),
        wish: None,
        given_back: vec![ComponentLine {
            number: 1,
            name: "Giấy chứng nhận đã cấp".to_owned(),
            originals: 1,
            certified: 0,
            photocopies: 0,
        }],
        kept: vec![ComponentLine {
            number: 1,
            name: "Đơn đăng ký biến động".to_owned(),
            originals: 1,
            certified: 0,
            photocopies: 0,
        }],
        kept_reason: Some("Lưu trong hồ sơ theo quy định".to_owned()),
        signed: Some("Ký trên bản giấy".to_owned()),
        signature: Vec::new(),
    })
}

/// The same, signed on the screen by who needs no authorisation.
pub(crate) fn collection_signed() -> Slip {
    let Slip::Collection(handed) = collection() else {
        panic!("a receipt of a result");
    };
    Slip::Collection(Collection {
        how: "Trực tiếp, người nộp hồ sơ".to_owned(),
        attachments: 0,
        kept: Vec::new(),
        kept_reason: None,
        signed: Some("Đã ký trên màn hình".to_owned()),
        signature: drawing(),
        ..handed
    })
}

/// A wave, as somebody draws it.
fn drawing() -> Vec<u8> {
    const WIDTH: u32 = 300;
    const HEIGHT: u32 = 100;
    let mut points = vec![255; (WIDTH * HEIGHT) as usize];
    for x in 10..290_usize {
        let wave = [0, 8, 14, 17, 17, 14, 8, 0, 6, 11][x / 4 % 10];
        for y in 40 + wave..44 + wave {
            points[y * WIDTH as usize + x] = 0;
        }
    }
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, WIDTH, HEIGHT);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&points).unwrap();
    writer.finish().unwrap();
    file
}

pub(crate) fn progress() -> Slip {
    let row = |number, when, (sender, act, receiver): (&str, &str, &str), until| ProgressLine {
        number,
        at: when,
        sender: sender.to_owned(),
        act: act.to_owned(),
        receiver: receiver.to_owned(),
        until,
    };
    Slip::Progress(Progress {
        heading: Heading {
            at: at(27, 8, 0),
            ..heading()
        },
        request: REQUEST.to_owned(),
        owner: "Trần Quỗc Thưởng".to_owned(),
        rows: vec![
            row(
                1,
                at(23, 8, 40),
                ("Lê Thị Hồng Ngọc", "Đã tiếp nhận", ""),
                None,
            ),
            row(
                2,
                at(23, 9, 15),
                (
                    "Lê Thị Hồng Ngọc",
                    "Đã chuyển hồ sơ",
                    "Phòng Kinh tế, Hạ tầng và Đô thị",
                ),
                Some(at(26, 17, 0)),
            ),
        ],
    })
}

fn many(page: &str) -> Heading {
    Heading {
        code: None,
        procedure: None,
        tracking: format!("https://motcua.thanhhoa.example/{page}"),
        verification: None,
        ..heading()
    }
}

pub(crate) fn register() -> Register {
    let row = |number: u32, owner: &str, taken: &str| RegisterLine {
        number,
        code: format!("H56.14-261123-{number:04}"),
        procedure: REQUEST.to_owned(),
        sets: 1,
        owner: owner.to_owned(),
        address: "Số 12 đường Lê Lợi, phường Hạc Thành; 0912 345 678".to_owned(),
        agency: "Phường Hạc Thành".to_owned(),
        received: at(23, 8, 40),
        due: Some(at(27, 17, 0)),
        forwarded: Some(at(23, 9, 15)),
        settled: (!taken.is_empty()).then(|| at(26, 15, 0)),
        returned: (!taken.is_empty()).then(|| at(27, 16, 10)),
        taken: taken.to_owned(),
        note: String::new(),
    };
    Register {
        heading: many("so-theo-doi?nam=2026"),
        year: 2026,
        volume: 1,
        opened: date(2026, 1, 2),
        closed: None,
        entries: 2,
        closer: "Lê Thị Hồng Ngọc".to_owned(),
        rows: vec![
            row(1, "Trần Quỗc Thưởng", "Trực tiếp, người nộp hồ sơ"),
            row(2, "Nguyễn Thị Ánh Tuyết", ""),
        ],
    }
}

fn post_slip() -> Slip {
    let receipt = receipt();
    let Papers::Components(components) = receipt.papers else {
        panic!("the ordinary table");
    };
    Slip::PostSlip(PostSlip {
        heading: Heading {
            superior: None,
            agency: POST.to_owned(),
            code: None,
            ..receipt.heading
        },
        number: "PG-3F0A91C201".to_owned(),
        sender: receipt.applicant,
        owner: None,
        centre: CENTRE.to_owned(),
        agency: AGENCY.to_owned(),
        request: receipt.request,
        components,
        fee: FeeTerms::Before(Dong(15_000)),
        collected: Some(Dong(15_000)),
        at: date(2026, 11, 23).at(8, 40, 0, 0),
        record: Some("H56.14-261123-1".to_owned()),
        agent: "Lê Văn Bưu".to_owned(),
    })
}

pub(crate) fn handover(what: HandoverKind, (from, to): (&str, &str)) -> Slip {
    let row = |number: u32, owner: &str, post: bool| HandoverItem {
        number,
        code: if what == HandoverKind::FromPost {
            String::new()
        } else {
            format!("H56.14-261123-{:04}", number + 16)
        },
        slip: if what == HandoverKind::FromPost {
            format!("PG-3F0A91C2{number:02}")
        } else {
            String::new()
        },
        procedure: REQUEST.to_owned(),
        what: "Giấy chứng nhận quyền sử dụng đất, số 07/KQ-H56.14".to_owned(),
        owner: owner.to_owned(),
        address: "Thôn Vỹ Dạ, Thừa Thiên Huế".to_owned(),
        fee: !post,
        collected: post.then_some(Dong(15_000)),
        post,
    };
    Slip::Handover(Handover {
        heading: many("viec-don-vi"),
        what,
        from: from.to_owned(),
        to: to.to_owned(),
        number: (what == HandoverKind::FromPost).then(|| "H56.14-261123-1".to_owned()),
        signed: (what == HandoverKind::FromPost).then(|| date(2026, 11, 23).at(15, 5, 0, 0)),
        giver: "Phạm Đức Thuận".to_owned(),
        receiver: "Lê Thị Hồng Ngọc".to_owned(),
        rows: vec![
            row(1, "Trần Quỗc Thưởng", false),
            row(2, "Nguyễn Thị Ánh Tuyết", true),
        ],
        struck: match what {
            HandoverKind::FromPost => vec!["PG-0J9K3M5N7P".to_owned()],
            _ => Vec::new(),
        },
    })
}

/// A notice of what is to be paid, of a person who applies for another.
pub(crate) fn payment() -> Slip {
    Slip::Payment(Payment {
        heading: Heading {
            at: at(25, 9, 30),
            ..heading()
        },
        applicant: applicant(),
        owner: Some(Contact {
            identity: None,
            ..owner()
        }),
        request: REQUEST.to_owned(),
        agency: "Chi nhánh Văn phòng đăng ký đất đai khu vực Hạc Thành".to_owned(),
        text: "Thuế thu nhập cá nhân và lệ phí trước bạ theo thông báo số 1203 ngày 20/11/2026; nộp tại \
               ngân hàng thương mại hoặc Cổng Dịch vụ công quốc gia."
            .to_owned(),
        amount: Some(Dong(12_450_000)),
        pay_by: Some("25/12/2026".to_owned()),
        how: vec![
            format!("Nộp theo nội dung ghi ở trên; khi nộp ghi mã hồ sơ {CODE}."),
            "Số liệu chi tiết theo thông báo của cơ quan có thẩm quyền, nhận kèm phiếu này."
                .to_owned(),
            "Gửi chứng từ đã nộp về Trung tâm Phục vụ hành chính công phường Hạc Thành để hồ sơ \
             được giải quyết tiếp."
                .to_owned(),
        ],
        clock: "Thời gian chờ nộp không tính vào thời hạn giải quyết.".to_owned(),
        guidance: guidance(),
    })
}

const AGENCY: &str = "Ủy ban nhân dân phường Hạc Thành";
const CENTRE: &str = "Trung tâm Phục vụ hành chính công phường Hạc Thành";
const POST: &str = "Bưu điện phường Hạc Thành";

/// Every sample under the name of its golden file.
pub(crate) fn all() -> Vec<(&'static str, Slip)> {
    let hand = |what, parties| handover(what, parties);
    vec![
        ("receipt", Slip::Receipt(receipt())),
        ("certification", certification()),
        ("supplement", supplement()),
        ("refusal", refusal()),
        ("apology", apology()),
        ("stop", stop()),
        ("closed", closed()),
        ("mended", mended()),
        ("paper-copy", paper_copy()),
        ("payment", payment()),
        ("control", control()),
        ("register", Slip::Register(register())),
        ("collection", collection()),
        ("collection-signed", collection_signed()),
        ("progress", progress()),
        ("handover", hand(HandoverKind::Dossiers, (CENTRE, AGENCY))),
        ("results", hand(HandoverKind::Results, (AGENCY, CENTRE))),
        ("from-post", hand(HandoverKind::FromPost, (POST, CENTRE))),
        ("to-post", hand(HandoverKind::ToPost, (CENTRE, POST))),
        ("post-slip", post_slip()),
        ("letter", letter()),
        ("result", result()),
    ]
}
