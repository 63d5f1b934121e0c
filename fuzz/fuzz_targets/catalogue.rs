//! Files of national records: read alike however they come, and what is taken can be kept.
#![no_main]

use std::io::{Read, Write};

use app::catalogue::national::{FileFault, Limits, Record, read_file};
use flate2::Compression;
use flate2::write::GzEncoder;

const LIMITS: Limits = Limits {
    line_bytes: 20_000,
    lines: 50,
    bytes: 60_000,
    components: 200,
};

/// Gives a few bytes at a time.
struct Slow<'a>(&'a [u8]);

impl Read for Slow<'_> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        let most = to.len().min(7);
        self.0.read(&mut to[..most])
    }
}

fn same(one: &Result<Vec<Record>, FileFault>, other: &Result<Vec<Record>, FileFault>) -> bool {
    match (one, other) {
        (Ok(one), Ok(other)) => one == other,
        (Err(one), Err(other)) => one.key() == other.key() && one.values() == other.values(),
        _ => false,
    }
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let whole = read_file(bytes, &LIMITS);
    let slow = read_file(Slow(bytes), &LIMITS);
    if bytes.starts_with(&[0x1F, 0x8B]) {
        // Where a damaged stream is noticed hangs on how much of it is unpacked at once.
        assert!(same(&whole, &slow) || whole.is_err() && slow.is_err());
    } else {
        assert!(same(&whole, &slow));
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(bytes).expect("memory takes it");
        let packed = packed.finish().expect("memory takes it");
        assert!(same(&whole, &read_file(packed.as_slice(), &LIMITS)));
    }
    let Ok(records) = whole else {
        return;
    };
    assert!(records.is_sorted_by(|one, next| one.line < next.line));
    assert!(records.len() <= LIMITS.lines);
    let taken: Vec<_> = records
        .iter()
        .filter_map(|record| record.outcome.procedure())
        .collect();
    for (nth, procedure) in taken.iter().enumerate() {
        let others = taken.iter().skip(nth + 1);
        assert!(others.into_iter().all(|other| other.code != procedure.code));
        let kept = serde_json::to_string(procedure).expect("it is kept as JSON");
        let read = serde_json::from_str(&kept).expect("it is read again");
        assert_eq!(**procedure, read);
    }
    for record in &records {
        let said = record.outcome.procedure().is_some() || !record.outcome.reasons().is_empty();
        assert!(said, "not taken, without a reason");
    }
});
