//! Small PDFs written by hand, object by object, right in everything that is not made wrong.

use std::collections::BTreeMap;

/// A document as its objects, and what later revisions change.
#[derive(Clone, Default)]
pub(crate) struct Pdf {
    objects: BTreeMap<u32, Vec<u8>>,
    later: Vec<(u32, Vec<u8>)>,
    /// Objects that are in the stream with number 8.
    packed: Vec<u32>,
}

/// A stream with its length.
pub(crate) fn stream(dict: &str, data: &[u8]) -> Vec<u8> {
    let head = format!("<<{dict}/Length {}>>\nstream\n", data.len());
    [head.as_bytes(), data, b"\nendstream"].concat()
}

impl Pdf {
    /// One page with some text.
    pub(crate) fn plain() -> Self {
        let mut pdf = Self::default();
        pdf.set(1, "<</Type/Catalog/Pages 2 0 R>>");
        pdf.set(2, "<</Type/Pages/Count 1/Kids[3 0 R]>>");
        pdf.set(
            3,
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
        );
        pdf.set_bytes(4, &stream("", b"BT ET"));
        pdf
    }

    /// A document in which an object is said to be the first in an object stream.
    pub(crate) fn packed(stream: &[u8], number: u32) -> Self {
        let mut pdf = Self::plain();
        pdf.set_bytes(8, stream);
        pdf.packed.push(number);
        pdf
    }

    pub(crate) fn set(&mut self, number: u32, body: &str) {
        self.set_bytes(number, body.as_bytes());
    }

    pub(crate) fn set_bytes(&mut self, number: u32, body: &[u8]) {
        self.objects.insert(number, body.to_vec());
    }

    /// Adds keys to a dictionary.
    pub(crate) fn extend(&mut self, number: u32, keys: &str) {
        let body = self.objects.get_mut(&number).unwrap();
        body.truncate(body.len() - 2);
        body.extend_from_slice(keys.as_bytes());
        body.extend_from_slice(b">>");
    }

    /// A later revision with another value for an object.
    pub(crate) fn revise(&mut self, number: u32, body: &str) {
        self.later.push((number, body.as_bytes().to_vec()));
    }

    pub(crate) fn write(&self) -> Vec<u8> {
        let mut out = b"%PDF-1.7\n".to_vec();
        let mut places = BTreeMap::new();
        for (number, body) in &self.objects {
            if !self.packed.contains(number) {
                places.insert(*number, out.len());
                object(&mut out, *number, body);
            }
        }
        if self.packed.is_empty() {
            let mut start = table(&mut out, &places, None);
            for (number, body) in &self.later {
                let place = out.len();
                object(&mut out, *number, body);
                start = table(&mut out, &BTreeMap::from([(*number, place)]), Some(start));
            }
        } else {
            self.cross_stream(&mut out, &places);
        }
        out
    }

    fn cross_stream(&self, out: &mut Vec<u8>, places: &BTreeMap<u32, usize>) {
        let start = out.len();
        let mut rows = Vec::new();
        for number in 0..20_u32 {
            let (kind, second) = match places.get(&number) {
                Some(place) => (1, u32::try_from(*place).unwrap()),
                None if self.packed.contains(&number) => (2, 8),
                None if number == 19 => (1, u32::try_from(start).unwrap()),
                None => (0, 0),
            };
            rows.push(kind);
            rows.extend_from_slice(&second.to_be_bytes());
            rows.push(0);
        }
        object(
            out,
            19,
            &stream("/Type/XRef/W[1 4 1]/Size 20/Root 1 0 R", &rows),
        );
        out.extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
    }
}

fn object(out: &mut Vec<u8>, number: u32, body: &[u8]) {
    out.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
    out.extend_from_slice(body);
    out.extend_from_slice(b"\nendobj\n");
}

/// Writes a cross-reference table and says where it begins.
fn table(out: &mut Vec<u8>, places: &BTreeMap<u32, usize>, previous: Option<usize>) -> usize {
    use std::fmt::Write as _;
    let start = out.len();
    let mut text = "xref\n".to_owned();
    let highest = places.keys().next_back().copied().unwrap();
    if previous.is_none() && highest < 1000 {
        writeln!(text, "0 {}", highest + 1).unwrap();
        for number in 0..=highest {
            match places.get(&number) {
                Some(place) => writeln!(text, "{place:010} 00000 n ").unwrap(),
                None => writeln!(text, "0000000000 65535 f ").unwrap(),
            }
        }
    } else {
        for (number, place) in places {
            write!(text, "{number} 1\n{place:010} 00000 n \n").unwrap();
        }
    }
    let size = u64::from(highest) + 1;
    let previous = previous.map(|at| format!("/Prev {at}")).unwrap_or_default();
    write!(text, "trailer\n<</Root 1 0 R/Size {size}{previous}>>\n").unwrap();
    write!(text, "startxref\n{start}\n%%EOF\n").unwrap();
    out.extend_from_slice(text.as_bytes());
    start
}
