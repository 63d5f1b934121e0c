//! Files that are broken as a whole, and bytes that are no file at all.

use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::super::national::{FileFault, Limits, Outcome, read_file};
use super::super::reason::Cause;
use super::{NATIONAL, read, sound};

fn zipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn fault(bytes: &[u8]) -> &'static str {
    read(bytes).expect_err("the file is broken").key()
}

#[test]
fn a_file_cut_off_anywhere_is_truncated() {
    for at in [
        3,
        9,
        100,
        NATIONAL.len() / 2,
        NATIONAL.len() - 5,
        NATIONAL.len() - 1,
    ] {
        assert_eq!(fault(&NATIONAL[..at]), "truncated", "at {at}");
    }
    let text = format!("{}\n{}\n", sound("1.001193"), sound("2.000815"));
    let inside_a_letter = text.rfind("Đăng").unwrap() + 1;
    for at in [text.len() - 3, text.len() / 2 + 40, inside_a_letter] {
        assert_eq!(fault(&text.as_bytes()[..at]), "truncated", "at {at}");
    }
    assert_eq!(
        read(text.trim_end().as_bytes()).unwrap().len(),
        2,
        "the last line needs no end"
    );
}

#[test]
fn a_file_that_is_no_text_is_refused() {
    let mut text = format!("{}\n", sound("1.001193")).into_bytes();
    text.extend_from_slice(b"\xff\xfe\n");
    assert!(matches!(read(&text), Err(FileFault::NotUtf8 { line: 2 })));
    assert!(matches!(
        read(&zipped(&text)),
        Err(FileFault::NotUtf8 { line: 2 })
    ));
    let mut damaged = NATIONAL.to_vec();
    damaged[200_000..200_400].fill(0x55);
    assert!(read(&damaged).is_err());
}

#[test]
fn a_file_without_records_is_refused() {
    for bytes in [
        &b""[..],
        b"\n \n",
        b"MATTHC;TENTTHC\n1.001193;Khai sinh\n",
        b"[]\n",
        b"{}\n",
    ] {
        assert_eq!(fault(bytes), "no_records");
    }
}

#[test]
fn a_bad_line_in_a_sound_file_harms_no_other() {
    let (a, b) = (sound("1.001193"), sound("2.000815"));
    let text = format!("\u{feff}{a}\n{{\"MATTHC\": \n[1]\n{{\"MATTHC\": {{}}}}\n\n{b}\r\n");
    let records = read(text.as_bytes()).unwrap();
    let lines: Vec<usize> = records.iter().map(|record| record.line).collect();
    assert_eq!(lines, [1, 2, 3, 4, 6]);
    for (record, taken) in records.iter().zip([true, false, false, false, true]) {
        assert_eq!(
            record.outcome.procedure().is_some(),
            taken,
            "line {}",
            record.line
        );
    }
    assert_eq!(records[1].outcome.reasons()[0].cause, Cause::Unreadable);
}

#[test]
fn a_code_stands_once_in_a_file() {
    let (a, mut b) = (sound("1.001193"), sound("2.000815"));
    let before = b.clone();
    b["TENTTHC"] = "Khác".into();
    let records = read(format!("{a}\n{before}\n{a}\n{b}\n").as_bytes()).unwrap();
    let judged = |index: usize| match &records[index].outcome {
        Outcome::Accepted(_) | Outcome::AcceptedWithWarnings(..) => None,
        Outcome::Quarantined(reasons) => Some(reasons[0].cause),
    };
    let conflict = Some(Cause::CodeConflict);
    assert_eq!(
        [0, 1, 2, 3].map(judged),
        [None, conflict, Some(Cause::Repeated), conflict]
    );
}

/// A line of 1,500 bytes that is no record.
static LONG_LINE: &[u8] = &{
    let mut line = [b'x'; 1_500];
    line[1_499] = b'\n';
    line
};

/// A pattern repeated for so many bytes, without ever being in memory.
struct Flood {
    pattern: &'static [u8],
    at: usize,
    left: usize,
}

impl Flood {
    fn of(pattern: &'static [u8], bytes: usize) -> Self {
        Self {
            pattern,
            at: 0,
            left: bytes,
        }
    }
}

impl Read for Flood {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = &self.pattern[self.at..];
        let count = buffer.len().min(self.left).min(rest.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.at = (self.at + count) % self.pattern.len();
        self.left -= count;
        Ok(count)
    }
}

#[test]
fn a_hundred_megabytes_end_in_a_clear_fault() {
    let flood = |pattern| read_file(Flood::of(pattern, 100_000_000), &Limits::default());
    for (pattern, key) in [
        (&b"{\"MATTHC\":\"1.0"[..], "line_too_long"),
        (b"{}\n", "too_many_lines"),
        (b"\n", "too_many_lines"),
        (b"\0", "line_too_long"),
        (LONG_LINE, "too_large"),
    ] {
        let fault = flood(pattern).expect_err("too much");
        assert_eq!(fault.key(), key, "{fault}");
    }
}

#[test]
fn a_small_file_that_unpacks_to_a_large_one_is_refused() {
    let limits = Limits {
        bytes: 5_000_000,
        ..Limits::default()
    };
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    io::copy(&mut Flood::of(LONG_LINE, 6_000_000), &mut packed).unwrap();
    let packed = packed.finish().unwrap();
    assert!(packed.len() < 200_000);
    assert_eq!(
        read_file(packed.as_slice(), &limits)
            .expect_err("too large")
            .key(),
        "too_large"
    );
}

#[test]
fn components_are_bounded_together() {
    let limits = Limits {
        components: 1,
        ..Limits::default()
    };
    let text = format!("{}\n{}\n", sound("1.001193"), sound("2.000815"));
    let fault = read_file(text.as_bytes(), &limits).expect_err("two components");
    assert_eq!(fault.key(), "too_many_components");
}

#[test]
fn a_source_that_fails_is_named() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let fault = read_file(Broken, &Limits::default()).expect_err("no source");
    assert_eq!(
        (fault.key(), fault.values()[0].1.as_str()),
        ("read", "the disk is gone")
    );
}

proptest! {
    #[test]
    fn no_bytes_whatever_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes);
        let _ = read(&[&[0x1f, 0x8b][..], &bytes].concat());
        let _ = read(&zipped(&bytes));
    }

    #[test]
    fn no_text_in_any_leaf_makes_the_reader_panic(
        pointer in prop::sample::select(&[
            "/MATTHC", "/TENTTHC", "/YEUCAU", "/CAPTHUCHIEN/0/TENCAP", "/DOITUONGTHUCHIEN/0/TENDOITUONG",
            "/CACHTHUCTHUCHIEN/0/THOIGIAN/0/THOIGIANGIAIQUYET", "/CACHTHUCTHUCHIEN/0/THOIGIAN/0/DONVITINH",
            "/CACHTHUCTHUCHIEN/0/THOIGIAN/0/MOTA", "/CACHTHUCTHUCHIEN/0/THOIGIAN/0/PHILEPHI/0/SOTIEN",
            "/CACHTHUCTHUCHIEN/0/THOIGIAN/0/PHILEPHI/0/MOTA", "/THANHPHANHOSO/0/GIAYTO/0/TENGIAYTO",
            "/THANHPHANHOSO/0/GIAYTO/0/SOBANCHINH", "/KETQUATHUCHIEN/0/MAKETQUA",
        ][..]),
        text in prop_oneof![any::<String>(), "[0-9.,]{0,12}( (VNĐ|Ngày|đồng))?", "(<|>|/|[a-z]|é| ){0,20}"],
    ) {
        let mut record = sound("1.001193");
        *record.pointer_mut(pointer).unwrap() = text.into();
        let _ = read(format!("{record}\n").as_bytes());
    }
}
