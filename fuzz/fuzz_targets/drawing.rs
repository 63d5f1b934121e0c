//! Signatures drawn on a screen: what is kept of a picture is a picture of ours, and stays as it is when
//! it is drawn again.
#![no_main]

use std::io::Cursor;

use fuzz::redrawn;

/// Bytes of a picture that is opened.
const MOST: usize = 64 * 1024;

libfuzzer_sys::fuzz_target!(|picture: &[u8]| {
    let Some(kept) = redrawn(picture) else {
        return;
    };
    let decoder = png::Decoder::new(Cursor::new(&kept));
    let mut reader = decoder.read_info().expect("it was drawn");
    let (width, height) = reader.info().size();
    assert!((1..=1_600).contains(&width) && (1..=800).contains(&height));
    assert_eq!(reader.info().color_type, png::ColorType::Grayscale);
    let mut points = vec![0; reader.output_buffer_size().expect("it is small")];
    reader.next_frame(&mut points).expect("it was drawn");
    assert!(points.iter().filter(|point| **point < 128).count() >= 40);
    // What hardly packs is longer than what a pad gives.
    if kept.len() <= MOST {
        assert_eq!(redrawn(&kept).as_ref(), Some(&kept));
    } else {
        assert_eq!(redrawn(&kept), None);
    }
});
