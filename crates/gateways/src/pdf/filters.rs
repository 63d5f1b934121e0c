//! Inflates streams within limits.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::refused::{Limits, Refused, Work};
use super::value::{Dict, Stream, Value, size};

/// What decoding a stream gave.
pub(crate) struct Decoded {
    pub(crate) bytes: Vec<u8>,
    /// The stream ended in the middle or said something impossible.
    pub(crate) damaged: bool,
}

/// Decodes every filter of a stream up to a picture's own coding, which is not ours to open.
pub(crate) fn decode(stream: &Stream, limits: &Limits, work: &Work) -> Result<Decoded, Refused> {
    let filters = names(&stream.dict)?;
    if filters.len() > 4 {
        return Err(Refused::Bomb);
    }
    let mut decoded = Decoded {
        bytes: stream.raw.clone(),
        damaged: false,
    };
    for filter in filters {
        let most = limits.stream.min(work.inflatable());
        let input = decoded.bytes.as_slice();
        let (bytes, damaged) = match filter {
            b"FlateDecode" | b"Fl" => flate(input, most)?,
            b"LZWDecode" | b"LZW" => lzw(input, most, early(&stream.dict))?,
            b"RunLengthDecode" | b"RL" => run_length(input, most)?,
            b"ASCIIHexDecode" | b"AHx" => hexadecimal(input),
            b"ASCII85Decode" | b"A85" => ascii85(input, most)?,
            b"Crypt" => return Err(Refused::Encrypted),
            b"DCTDecode" | b"DCT" | b"JPXDecode" | b"JBIG2Decode" | b"CCITTFaxDecode" | b"CCF" => {
                return Ok(decoded);
            }
            _ => return Err(Refused::Malformed),
        };
        work.inflated(bytes.len())?;
        decoded.damaged |= damaged;
        decoded.bytes = bytes;
    }
    Ok(decoded)
}

/// Decodes a stream on which the structure of the file rests: nothing about it may be damaged.
pub(crate) fn decode_exactly(
    stream: &Stream,
    limits: &Limits,
    work: &Work,
) -> Result<Vec<u8>, Refused> {
    let flate_alone = names(&stream.dict)?
        .iter()
        .all(|filter| filter == b"FlateDecode");
    let decoded = decode(stream, limits, work)?;
    if decoded.damaged || !flate_alone {
        return Err(Refused::Malformed);
    }
    let parameters = match stream.dict.get(b"DecodeParms".as_slice()) {
        Some(Value::Array(each)) => each.first().and_then(Value::as_dict),
        Some(value) => value.as_dict(),
        None => None,
    };
    let Some(parameters) = parameters else {
        return Ok(decoded.bytes);
    };
    match size(parameters, b"Predictor").unwrap_or(1) {
        1 => Ok(decoded.bytes),
        10..=15 => unpredict(&decoded.bytes, parameters),
        _ => Err(Refused::Malformed),
    }
}

fn names(dict: &Dict) -> Result<Vec<&[u8]>, Refused> {
    match dict.get(b"Filter".as_slice()) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Name(name)) => Ok(vec![name]),
        Some(Value::Array(each)) => {
            let names = each.iter().map(Value::as_name);
            names.collect::<Option<_>>().ok_or(Refused::Malformed)
        }
        Some(_) => Err(Refused::Malformed),
    }
}

fn flate(input: &[u8], most: usize) -> Result<(Vec<u8>, bool), Refused> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let read = ZlibDecoder::new(input).take(limit).read_to_end(&mut bytes);
    if bytes.len() > most {
        return Err(Refused::Bomb);
    }
    Ok((bytes, read.is_err()))
}

fn early(dict: &Dict) -> bool {
    let parameters = dict.get(b"DecodeParms".as_slice()).and_then(Value::as_dict);
    parameters.and_then(|found| size(found, b"EarlyChange")) != Some(0)
}

/// LZW as PDF has it: codes of 9 to 12 bits, 256 clears, 257 ends.
fn lzw(input: &[u8], most: usize, early: bool) -> Result<(Vec<u8>, bool), Refused> {
    let mut bytes: Vec<u8> = Vec::new();
    // Each code beyond 257 is a stretch of what was written already.
    let mut table: Vec<(usize, usize)> = Vec::new();
    let mut last: Option<(usize, usize)> = None;
    let (mut bits, mut held) = (0_u32, 0_u32);
    let mut codes = input.iter();
    loop {
        let width = width(table.len() + 258 + usize::from(early));
        while held < width {
            let Some(byte) = codes.next() else {
                return Ok((bytes, true));
            };
            bits = bits << 8 | u32::from(*byte);
            held += 8;
        }
        held -= width;
        let code = usize::try_from(bits >> held).unwrap_or_default();
        bits &= (1 << held) - 1;
        match code {
            256 => (table, last) = (Vec::new(), None),
            257 => return Ok((bytes, false)),
            _ => {
                let Some(written) = lzw_write(&mut bytes, &table, last, code) else {
                    return Ok((bytes, true));
                };
                if bytes.len() > most {
                    return Err(Refused::Bomb);
                }
                if let Some((from, length)) = last
                    && table.len() < 4096 - 258
                {
                    table.push((from, length + 1));
                }
                last = Some(written);
            }
        }
    }
}

fn width(next: usize) -> u32 {
    match next {
        0..=511 => 9,
        512..=1023 => 10,
        1024..=2047 => 11,
        _ => 12,
    }
}

fn lzw_write(
    bytes: &mut Vec<u8>,
    table: &[(usize, usize)],
    last: Option<(usize, usize)>,
    code: usize,
) -> Option<(usize, usize)> {
    let start = bytes.len();
    if let Ok(byte) = u8::try_from(code) {
        bytes.push(byte);
        return Some((start, 1));
    }
    let (from, length) = match table.get(code - 258) {
        Some(stretch) => *stretch,
        None if code - 258 == table.len() => last.map(|(from, length)| (from, length + 1))?,
        None => return None,
    };
    for place in from..from.checked_add(length)? {
        let byte = *bytes.get(place)?;
        bytes.push(byte);
    }
    Some((start, length))
}

fn run_length(input: &[u8], most: usize) -> Result<(Vec<u8>, bool), Refused> {
    let mut bytes = Vec::new();
    let mut rest = input;
    while let Some((&length, after)) = rest.split_first() {
        let count = usize::from(length);
        match length {
            128 => return Ok((bytes, false)),
            0..=127 => {
                let Some((copied, after)) = after.split_at_checked(count + 1) else {
                    return Ok((bytes, true));
                };
                bytes.extend_from_slice(copied);
                rest = after;
            }
            129..=255 => {
                let Some((&byte, after)) = after.split_first() else {
                    return Ok((bytes, true));
                };
                bytes.resize(bytes.len() + 257 - count, byte);
                rest = after;
            }
        }
        if bytes.len() > most {
            return Err(Refused::Bomb);
        }
    }
    Ok((bytes, true))
}

fn hexadecimal(input: &[u8]) -> (Vec<u8>, bool) {
    let digits: Vec<u8> = input
        .iter()
        .take_while(|byte| **byte != b'>')
        .filter_map(|byte| char::from(*byte).to_digit(16))
        .filter_map(|digit| u8::try_from(digit).ok())
        .collect();
    let bytes = digits
        .chunks(2)
        .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit));
    (bytes.collect(), false)
}

fn ascii85(input: &[u8], most: usize) -> Result<(Vec<u8>, bool), Refused> {
    let mut bytes = Vec::new();
    let mut group: Vec<u8> = Vec::with_capacity(5);
    for byte in input.iter().take_while(|byte| **byte != b'~') {
        match byte {
            b'z' if group.is_empty() => bytes.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => group.push(byte - b'!'),
            _ => {}
        }
        if group.len() == 5 {
            group85(&mut group, &mut bytes);
        }
        if bytes.len() > most {
            return Err(Refused::Bomb);
        }
    }
    if group.len() > 1 {
        group85(&mut group, &mut bytes);
    }
    Ok((bytes, false))
}

fn group85(group: &mut Vec<u8>, bytes: &mut Vec<u8>) {
    let kept = group.len() - 1;
    group.resize(5, 84);
    let number = group.iter().fold(0_u32, |number, digit| {
        number.wrapping_mul(85).wrapping_add(u32::from(*digit))
    });
    bytes.extend(number.to_be_bytes().iter().take(kept));
    group.clear();
}

/// Undoes the PNG predictors, which cross-reference streams use.
fn unpredict(bytes: &[u8], parameters: &Dict) -> Result<Vec<u8>, Refused> {
    let number = |key: &[u8], usual| size(parameters, key).unwrap_or(usual);
    let (columns, colours) = (number(b"Columns", 1), number(b"Colors", 1));
    let plain = number(b"BitsPerComponent", 8) == 8 && (1..=4).contains(&colours);
    if !plain || columns == 0 || columns > 1 << 20 {
        return Err(Refused::Malformed);
    }
    let mut above = vec![0_u8; columns * colours];
    let mut plain = Vec::with_capacity(bytes.len());
    for row in bytes.chunks(above.len() + 1) {
        let (kind, row) = row.split_first().ok_or(Refused::Malformed)?;
        if row.len() != above.len() {
            return Err(Refused::Malformed);
        }
        above = unpredict_row(*kind, row, &above, colours)?;
        plain.extend_from_slice(&above);
    }
    Ok(plain)
}

fn unpredict_row(kind: u8, row: &[u8], above: &[u8], step: usize) -> Result<Vec<u8>, Refused> {
    let mut done: Vec<u8> = Vec::with_capacity(row.len());
    for (place, (byte, up)) in row.iter().zip(above).enumerate() {
        let before = place.checked_sub(step);
        let left = before.and_then(|at| done.get(at)).copied().unwrap_or(0);
        let corner = before.and_then(|at| above.get(at)).copied().unwrap_or(0);
        let guess = match kind {
            0 => 0,
            1 => left,
            2 => *up,
            3 => left.midpoint(*up),
            4 => paeth(left, *up, corner),
            _ => return Err(Refused::Malformed),
        };
        done.push(byte.wrapping_add(guess));
    }
    Ok(done)
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let guess = i16::from(left) + i16::from(up) - i16::from(corner);
    let far = |from: u8| (guess - i16::from(from)).abs();
    if far(left) <= far(up) && far(left) <= far(corner) {
        left
    } else if far(up) <= far(corner) {
        up
    } else {
        corner
    }
}
