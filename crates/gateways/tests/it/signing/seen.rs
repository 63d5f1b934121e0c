//! What is seen of signatures, measured on the drawn page.

use std::io::Write as _;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};
use gateways::sign::{Appearance, Order, SignFault, places, prepare};

use super::{PAPER, all_valid, at, keep, order, sign, signer};
use crate::authority::Kind;
use crate::tools::{self, path};

/// A disc of one colour on a transparent ground.
fn disc(colour: [u8; 3], (width, height): (u32, u32)) -> Vec<u8> {
    let mut raw = Vec::new();
    for y in 0..height {
        raw.push(0);
        for x in 0..width {
            let middle = |at: u32, edge: u32| (f64::from(at) + 0.5) / f64::from(edge) * 2.0 - 1.0;
            let inside = middle(x, width).hypot(middle(y, height)) < 0.98;
            raw.extend(colour);
            raw.push(if inside { 255 } else { 0 });
        }
    }
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&raw).unwrap();
    let head = [
        &width.to_be_bytes()[..],
        &height.to_be_bytes(),
        &[8, 6, 0, 0, 0],
    ]
    .concat();
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, content) in [
        (b"IHDR", head),
        (b"IDAT", packed.finish().unwrap()),
        (b"IEND", Vec::new()),
    ] {
        let body = [&kind[..], &content].concat();
        let mut sum = Crc::new();
        sum.update(&body);
        png.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
        png.extend(body);
        png.extend(sum.sum().to_be_bytes());
    }
    png
}

/// The page at 72 dots an inch: a pixel for a point, from the lower left.
struct Drawn {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Drawn {
    fn of(name: &str, pdf: &[u8]) -> Self {
        let file = keep(name, pdf);
        let picture = path(&file.with_extension("")).to_owned();
        tools::run(
            "pdftoppm",
            &["-r", "72", "-f", "1", "-singlefile", path(&file), &picture],
        );
        let bytes = std::fs::read(picture + ".ppm").unwrap();
        let mut head = bytes.splitn(4, u8::is_ascii_whitespace).skip(1);
        let mut number = || -> usize {
            let digits = head.next().unwrap();
            String::from_utf8_lossy(digits).parse().unwrap()
        };
        let (width, height) = (number(), number());
        let pixels = bytes.split_at(bytes.len() - width * height * 3).1.to_vec();
        Self {
            width,
            height,
            pixels,
        }
    }

    fn at(&self, x: f32, y: f32) -> [i32; 3] {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a pixel of a page"
        )]
        let (x, y) = (x as usize, self.height - 1 - y as usize);
        let at = (y * self.width + x) * 3;
        [0, 1, 2].map(|part| i32::from(*self.pixels.get(at + part).unwrap()))
    }
}

fn is_red([red, green, blue]: [i32; 3]) -> bool {
    red > 150 && green < 80 && blue < 80
}

fn is_blue([red, green, blue]: [i32; 3]) -> bool {
    blue > 120 && red < 80 && green < 110
}

#[test]
fn the_red_seal_lies_on_the_left_third_of_the_blue_signature() {
    let (person, agency) = (signer("Lê Văn Đức", Kind::Ec), signer("UBND xã", Kind::Ec));
    let here = places().person(1, (260.0, 120.0));
    let blue = disc([0, 51, 160], (300, 150));
    let signature = Order {
        appearance: Some(Appearance {
            place: here,
            face: places().persons_face(Some(blue), Vec::new()),
        }),
        ..order("person", &person, Kind::Ec)
    };
    let seal = places().agency(here);
    let red = disc([208, 0, 0], (300, 300));
    let sealing = Order {
        appearance: Some(Appearance {
            place: seal,
            face: places().agencys_face(Some(red), Vec::new()),
        }),
        ..order("agency", &agency, Kind::Ec)
    };
    let signed = sign(&PAPER, &signature, &person);
    let sealed = sign(&signed, &sealing, &agency);
    all_valid("seen", &sealed, 2);
    let drawn = Drawn::of("seen", &sealed);
    let middle = here.y + here.height / 2.0;
    assert!(is_red(drawn.at(seal.x + seal.width / 2.0, middle)));
    // The seal is on top where both are.
    assert!(is_red(drawn.at(here.x + here.width * 0.2, middle)));
    assert!(is_blue(drawn.at(here.x + here.width * 0.5, middle)));
    // The corners of both pictures are transparent.
    let corner = drawn.at(here.x + here.width - 2.0, here.y + 2.0);
    assert!(!is_blue(corner) && !is_red(corner), "{corner:?}");
}

#[test]
fn an_attachment_bears_name_and_time_at_the_top_right() {
    let agency = signer("UBND xã", Kind::Ec);
    let name = "ỦY BAN NHÂN DÂN XÃ HOẰNG PHÚ";
    let order = Order {
        appearance: Some(places().corner(&PAPER, (name, &[]), at()).unwrap()),
        ..order("agency", &agency, Kind::Ec)
    };
    let signed = sign(&PAPER, &order, &agency);
    all_valid("corner", &signed, 1);
    let file = keep("corner", &signed);
    let text = tools::flowing_text(&file);
    assert!(text.contains(name), "{text}");
    assert!(text.contains("22-11-2026 09:30:15 +07:00"), "{text}");
    let words = tools::run("pdftotext", &["-bbox", path(&file), "-"]);
    let edge = |line: &str, name: &str| -> f32 {
        let (_, rest) = line.split_once(&format!("{name}=\"")).unwrap();
        rest.split('"').next().unwrap().parse().unwrap()
    };
    let page = words.lines().find(|line| line.contains("<page")).unwrap();
    let last = words.lines().find(|line| line.contains("+07:00")).unwrap();
    let from_right = edge(page, "width") - edge(last, "xMax");
    assert!((from_right - 28.3).abs() < 1.0, "{from_right}");
    assert!(edge(last, "yMax") < 60.0, "{last}");
}

#[test]
fn without_a_picture_lines_are_set_in_vietnamese() {
    let person = signer("Lê Văn Đức", Kind::Ec);
    let lines = [
        "Ký bởi: Lê Văn Đức",
        "Chức vụ: Chủ tịch UBND xã, một chức vụ rất dài để thử xem dòng có vừa không",
    ];
    let order = Order {
        appearance: Some(Appearance {
            place: places().person(1, (260.0, 120.0)),
            face: places().persons_face(None, lines.map(str::to_owned).into()),
        }),
        ..order("person", &person, Kind::Ec)
    };
    let signed = sign(&PAPER, &order, &person);
    let text = tools::flowing_text(&keep("lines", &signed));
    for line in lines {
        assert!(text.contains(line), "{text}");
    }
}

#[test]
fn what_is_no_picture_is_refused() {
    let person = signer("Lê Văn Đức", Kind::Ec);
    let huge = {
        let mut png = disc([0, 0, 0], (4, 4));
        png[16..20].copy_from_slice(&100_000_u32.to_be_bytes());
        png
    };
    let broken = disc([0, 0, 0], (40, 40))[..60].to_vec();
    for image in [Vec::new(), b"GIF89a".to_vec(), huge, broken] {
        let order = Order {
            appearance: Some(Appearance {
                place: places().person(1, (260.0, 120.0)),
                face: places().persons_face(Some(image), Vec::new()),
            }),
            ..order("person", &person, Kind::Ec)
        };
        let fault = prepare(&PAPER, &order).map(|_| ());
        assert!(matches!(fault, Err(SignFault::Appearance(_))), "{fault:?}");
    }
}
