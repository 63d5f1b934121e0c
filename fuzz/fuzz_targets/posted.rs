//! Bodies of forms: any bytes are read or refused, and fields and files come out as they were put in,
//! in either way of writing them.
#![no_main]

use fuzz::posted::form;

const BOUNDARY: &str = "motcuaboundary";
const MULTIPART: &str = "multipart/form-data; boundary=motcuaboundary";
const PLAIN: &str = "application/x-www-form-urlencoded";

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for kind in [MULTIPART, PLAIN] {
        let (all, named) = (form(kind, bytes, true), form(kind, bytes, false));
        assert_eq!(all.is_some(), named.is_some());
        let ((fields, files), (same, empty)) = match all.zip(named) {
            Some(both) => both,
            None => continue,
        };
        assert_eq!(fields, same);
        assert!(fields.len() <= 4_000 && files.len() == empty.len());
        let mut texts = fields.iter().flat_map(|(name, value)| [name, value]);
        assert!(texts.all(|text| !text.contains('\0')));
        assert!(empty.iter().all(|(_, content)| content.is_empty()));
    }
    written(bytes);
});

/// Names and values with a NUL between them; those whose name begins with `f` are files.
fn written(bytes: &[u8]) {
    let mut parts = bytes.split(|byte| *byte == 0).take(64);
    let (mut multipart, mut plain) = (Vec::new(), String::new());
    let (mut fields, mut files) = (Vec::new(), Vec::new());
    while let (Some(name), Some(value)) = (parts.next(), parts.next()) {
        let name: String = name
            .iter()
            .map(|byte| char::from(b'a' + byte % 26))
            .collect();
        if contains(value, BOUNDARY.as_bytes()) {
            return;
        }
        let is_file = name.starts_with('f');
        let file = if is_file { "; filename=\"a\"" } else { "" };
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}");
        multipart.extend([head.as_bytes(), b"\r\n\r\n", value, b"\r\n"].concat());
        if is_file {
            files.push((name, value.to_vec()));
            continue;
        }
        let text = String::from_utf8_lossy(value).into_owned();
        let escaped: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
        plain.push_str(&format!("{name}={escaped}&"));
        fields.push((name, text));
    }
    multipart.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
    assert_eq!(
        form(MULTIPART, &multipart, true),
        Some((fields.clone(), files))
    );
    assert_eq!(
        form(PLAIN, plain.as_bytes(), true),
        Some((fields, Vec::new()))
    );
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|part| part == wanted)
}
