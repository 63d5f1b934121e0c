//! Pictures from outside, as far as it takes to know that one is there and whole: how large it is, and
//! that its end came with it. Nothing is decoded: whoever opens it later has a program for that, and a
//! small file that unfolds into a huge picture is refused by what it says of itself.

/// Why a picture is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bad {
    /// It is none, or not all of it came.
    Broken,
    /// It has more points than any paper needs.
    Large,
}

impl Bad {
    /// Key of the words about it.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Broken => "fault.picture_broken",
            Self::Large => "fault.picture_large",
        }
    }
}

/// The most points on one side: a sheet of A3 at 1200 to the inch.
const SIDE: u32 = 20_000;
/// The most points in all: a sheet of A3 at 600 to the inch.
const POINTS: u64 = 80_000_000;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const JPEG: &[u8] = b"\xff\xd8";

/// Judges a picture, PNG or JPEG, by its dimensions and its end.
pub(super) fn judge(content: &[u8]) -> Result<(), Bad> {
    let size = if let Some(chunks) = content.strip_prefix(PNG) {
        png(chunks)
    } else if let Some(segments) = content.strip_prefix(JPEG) {
        jpeg(segments)
    } else {
        None
    };
    let (width, height) = size.ok_or(Bad::Broken)?;
    let points = u64::from(width).saturating_mul(u64::from(height));
    if points == 0 {
        Err(Bad::Broken)
    } else if width > SIDE || height > SIDE || points > POINTS {
        Err(Bad::Large)
    } else {
        Ok(())
    }
}

/// Width and height of a PNG whose chunks are all there: it begins with its head, has points, and ends
/// with its end.
fn png(mut rest: &[u8]) -> Option<(u32, u32)> {
    let (mut size, mut has_points) = (None, false);
    loop {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (kind, after) = after.split_first_chunk::<4>()?;
        let (data, after) = after.split_at_checked(length)?;
        // The sum of the chunk.
        let (_, after) = after.split_first_chunk::<4>()?;
        match (kind, size) {
            (b"IHDR", None) => size = Some(sides(data)?),
            (b"IDAT", Some(_)) => has_points |= !data.is_empty(),
            (b"IEND", Some(_)) => return size.filter(|_| has_points),
            (_, None) => return None,
            (_, Some(_)) => {}
        }
        rest = after;
    }
}

fn sides(head: &[u8]) -> Option<(u32, u32)> {
    let (width, rest) = head.split_first_chunk::<4>()?;
    let (height, _) = rest.split_first_chunk::<4>()?;
    Some((u32::from_be_bytes(*width), u32::from_be_bytes(*height)))
}

/// Width and height of a JPEG whose segments are all there up to the points, after which its end comes.
fn jpeg(mut rest: &[u8]) -> Option<(u32, u32)> {
    let mut size = None;
    loop {
        let (mark, after) = marker(rest)?;
        let (length, _) = after.split_first_chunk::<2>()?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (segment, after) = after.split_at_checked(length)?;
        let data = segment.get(2..)?;
        match mark {
            // The points begin; the pictures that a camera puts before them are passed.
            0xda => return size.filter(|_| ends(after)),
            // Frames, but for tables that have numbers among theirs.
            0xc0..=0xcf if !matches!(mark, 0xc4 | 0xc8 | 0xcc) => size = Some(frame(data)?),
            _ => {}
        }
        rest = after;
    }
}

/// The mark that comes next, and what follows it; marks may be filled up before them.
fn marker(rest: &[u8]) -> Option<(u8, &[u8])> {
    let (first, mut after) = rest.split_first()?;
    if *first != 0xff {
        return None;
    }
    loop {
        let (mark, rest) = after.split_first()?;
        match mark {
            0xff => after = rest,
            // Neither marks without a length come here, nor the end.
            0x00 | 0x01 | 0xd0..=0xd9 => return None,
            mark => return Some((*mark, rest)),
        }
    }
}

fn frame(data: &[u8]) -> Option<(u32, u32)> {
    let (_, rest) = data.split_first()?;
    let (height, rest) = rest.split_first_chunk::<2>()?;
    let (width, _) = rest.split_first_chunk::<2>()?;
    let side = |bytes: &[u8; 2]| u32::from(u16::from_be_bytes(*bytes));
    Some((side(width), side(height)))
}

/// Whether there are points with the end of the picture after them; some scanners write more behind it.
fn ends(points: &[u8]) -> bool {
    let end = points.windows(2).rposition(|two| two == b"\xff\xd9");
    end.is_some_and(|at| at > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::testing::{JPEG_PICTURE, PNG_PICTURE};

    #[test]
    fn whole_pictures_are_taken() {
        assert_eq!(judge(PNG_PICTURE), Ok(()));
        assert_eq!(judge(JPEG_PICTURE), Ok(()));
        let more = [JPEG_PICTURE, b"\0\0\0"].concat();
        assert_eq!(judge(&more), Ok(()), "what stands behind the end");
    }

    #[test]
    fn a_picture_that_was_cut_anywhere_is_refused() {
        for picture in [PNG_PICTURE, JPEG_PICTURE] {
            for length in 0..picture.len() {
                let cut = picture.get(..length).unwrap();
                assert_eq!(judge(cut), Err(Bad::Broken), "{length} bytes");
            }
        }
        assert_eq!(judge(b"\x89PNG\r\n\x1a\n picture"), Err(Bad::Broken));
        assert_eq!(judge(b"GIF89a"), Err(Bad::Broken));
    }

    /// The same picture, as wide and high as it says.
    fn sized(width: u32, height: u32) -> Vec<u8> {
        let mut picture = PNG_PICTURE.to_vec();
        picture.splice(16..20, width.to_be_bytes());
        picture.splice(20..24, height.to_be_bytes());
        picture
    }

    #[test]
    fn a_picture_that_unfolds_beyond_any_paper_is_refused() {
        assert_eq!(judge(&sized(9_933, 7_016)), Ok(()), "A3 at 600 to the inch");
        assert_eq!(judge(&sized(100_000, 10)), Err(Bad::Large));
        assert_eq!(judge(&sized(20_000, 20_000)), Err(Bad::Large));
        assert_eq!(judge(&sized(0, 10)), Err(Bad::Broken));
    }
}
