//! A signature drawn on a screen: whatever browser posted it, what is kept is our own picture of its
//! lines.

use std::io::Cursor;

use png::{BitDepth, ColorType, Decoder, Encoder, Limits, Transformations};

/// The largest picture that is opened: a pad is some hundred points wide.
const MOST_BYTES: usize = 64 * 1024;
const MOST_WIDTH: u32 = 1_600;
const MOST_HEIGHT: u32 = 800;
/// Memory for opening one.
const MEMORY: usize = 16 * 1024 * 1024;
/// Dark points that the shortest signature has.
const LEAST_INK: usize = 40;
/// Below this a point is dark.
const DARK: u8 = 128;

/// Why a picture is no signature.
#[derive(Debug, thiserror::Error)]
pub(super) enum DrawingError {
    /// It has more bytes or points than a pad gives.
    #[error("the picture of a signature is too large")]
    Large,
    /// It is no whole PNG.
    #[error("the picture of a signature cannot be opened: {0}")]
    Broken(String),
    /// Nothing was drawn.
    #[error("the picture of a signature is empty")]
    Empty,
}

/// The picture drawn anew in shades of grey on white, without anything else that was in the file.
pub(super) fn redrawn(picture: &[u8]) -> Result<Vec<u8>, DrawingError> {
    if picture.len() > MOST_BYTES {
        return Err(DrawingError::Large);
    }
    let (width, height, greys) = greys(picture)?;
    if greys.iter().filter(|grey| **grey < DARK).count() < LEAST_INK {
        return Err(DrawingError::Empty);
    }
    encoded((width, height), &greys).map_err(|error| DrawingError::Broken(error.to_string()))
}

fn greys(picture: &[u8]) -> Result<(u32, u32, Vec<u8>), DrawingError> {
    let broken = |error: png::DecodingError| DrawingError::Broken(error.to_string());
    let mut decoder = Decoder::new_with_limits(Cursor::new(picture), Limits { bytes: MEMORY });
    decoder.set_transformations(Transformations::normalize_to_color8());
    let header = decoder.read_header_info().map_err(broken)?;
    let (width, height) = header.size();
    if width > MOST_WIDTH || height > MOST_HEIGHT {
        return Err(DrawingError::Large);
    }
    // No pad gives one, and the decoder panics at a palette that ends within a colour.
    if header.color_type == ColorType::Indexed {
        return Err(DrawingError::Broken("a palette".to_owned()));
    }
    let mut reader = decoder.read_info().map_err(broken)?;
    let size = reader.output_buffer_size().ok_or(DrawingError::Large)?;
    let mut points = vec![0; size];
    let frame = reader.next_frame(&mut points).map_err(broken)?;
    reader.finish().map_err(broken)?;
    let greys = match frame.color_type {
        ColorType::Grayscale => points,
        ColorType::GrayscaleAlpha => each::<2>(&points, |[grey, alpha]| on_white(grey, alpha)),
        ColorType::Rgb => each::<3>(&points, shade),
        ColorType::Rgba => each::<4>(&points, |[red, green, blue, alpha]| {
            on_white(shade([red, green, blue]), alpha)
        }),
        ColorType::Indexed => return Err(DrawingError::Broken("a palette".to_owned())),
    };
    Ok((width, height, greys))
}

fn each<const N: usize>(points: &[u8], grey: impl Fn([u8; N]) -> u8) -> Vec<u8> {
    let (points, _) = points.as_chunks::<N>();
    points.iter().map(|point| grey(*point)).collect()
}

/// The lightest of three colours, for ink is as dark as it gets in each.
fn shade([red, green, blue]: [u8; 3]) -> u8 {
    red.max(green).max(blue)
}

/// A grey as it looks on white paper.
fn on_white(grey: u8, alpha: u8) -> u8 {
    let (grey, alpha) = (u16::from(grey), u16::from(alpha));
    let mixed = (grey * alpha + 255 * (255 - alpha)) / 255;
    u8::try_from(mixed).unwrap_or(u8::MAX)
}

fn encoded((width, height): (u32, u32), greys: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, width, height);
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(greys)?;
    writer.finish()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture with a line across, as a browser's canvas gives it.
    fn posted((width, height): (u32, u32), line: usize) -> Vec<u8> {
        let points = usize::try_from(width * height).unwrap();
        let mut bytes = vec![0_u8; points * 4];
        for point in bytes.chunks_exact_mut(4).take(line) {
            point.copy_from_slice(&[20, 20, 60, 255]);
        }
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, width, height);
        encoder.set_color(ColorType::Rgba);
        encoder.set_depth(BitDepth::Eight);
        encoder
            .add_text_chunk("Author".to_owned(), "somebody".to_owned())
            .unwrap();
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&bytes).unwrap();
        writer.finish().unwrap();
        file
    }

    #[test]
    fn what_was_drawn_is_kept_without_anything_else() {
        let picture = posted((300, 120), 200);
        let kept = redrawn(&picture).unwrap();
        let has = |file: &[u8]| file.windows(8).any(|part| part == b"somebody");
        assert!(has(&picture) && !has(&kept));
        assert_eq!(
            kept,
            redrawn(&kept).unwrap(),
            "the same lines, the same bytes"
        );
        let (width, height, greys) = greys(&kept).unwrap();
        assert_eq!((width, height), (300, 120));
        let dark: Vec<bool> = greys.iter().map(|grey| *grey < DARK).collect();
        assert!(dark[..200].iter().all(|dark| *dark) && !dark[200..].contains(&true));
    }

    #[test]
    fn a_palette_that_ends_within_a_colour_is_refused() {
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, 300, 120);
        encoder.set_color(ColorType::Indexed);
        encoder.set_depth(BitDepth::Eight);
        encoder.set_palette(&[0, 0, 0, 20][..]);
        encoder.set_trns(&[255, 0][..]);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&vec![0; 300 * 120]).unwrap();
        writer.finish().unwrap();
        let no = redrawn(&file);
        assert!(matches!(no, Err(DrawingError::Broken(_))), "{no:?}");
    }

    #[test]
    fn an_empty_a_cut_a_large_and_another_file_are_none() {
        let empty = redrawn(&posted((300, 120), 3));
        assert!(matches!(empty, Err(DrawingError::Empty)), "{empty:?}");
        let mut picture = posted((300, 120), 200);
        picture.truncate(picture.len() - 20);
        for bad in [
            picture,
            b"%PDF-1.7".to_vec(),
            b"\x89PNG\r\n\x1a\n".to_vec(),
            Vec::new(),
        ] {
            let no = redrawn(&bad);
            assert!(matches!(no, Err(DrawingError::Broken(_))), "{no:?}");
        }
        for large in [posted((1_601, 10), 200), vec![0; MOST_BYTES + 1]] {
            let no = redrawn(&large);
            assert!(matches!(no, Err(DrawingError::Large)), "{no:?}");
        }
    }
}
