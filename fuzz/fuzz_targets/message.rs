//! Messages and time stamps: the bytes are the message of a signature whose range is right. Nobody
//! signed this document.
#![no_main]

use fuzz::nobody_signed;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // The first byte says which kind of signature it is in.
    let Some((kind, message)) = bytes.split_first() else {
        return;
    };
    let (kind, format) = match kind % 3 {
        0 => ("Sig", "ETSI.CAdES.detached"),
        1 => ("Sig", "adbe.pkcs7.detached"),
        _ => ("DocTimeStamp", "ETSI.RFC3161"),
    };
    let digits: String = message.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut document = format!(
        "%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>\nendobj\n"
    );
    let mut places = vec![9];
    for (number, object) in [
        (2, "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned()),
        (3, "<</Type/Page/Parent 2 0 R>>".to_owned()),
        (4, "<</FT/Sig/T(s)/V 5 0 R>>".to_owned()),
        (
            5,
            format!("<</Type/{kind}/SubFilter/{format}/ByteRange RANGE/Contents <{digits}>>>"),
        ),
    ] {
        places.push(document.len());
        document.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let start = document.len() + 22;
    let rows: String = places
        .iter()
        .map(|place| format!("{place:010} 00000 n \n"))
        .collect();
    let width = "[0000000000 0000000000 0000000000 0000000000]".len();
    let start = start - 22 + width - "RANGE".len();
    document.push_str(&format!(
        "xref\n1 5\n{rows}trailer\n<</Root 1 0 R/Size 6>>\nstartxref\n{start}\n%%EOF\n"
    ));
    let total = document.len() + width - "RANGE".len();
    let from = document.find("/Contents <").expect("just written") + 10 + width - "RANGE".len();
    let to = from + digits.len() + 2;
    let range = format!("[{:010} {from:010} {to:010} {:010}]", 0, total - to);
    let document = document.replacen("RANGE", &range, 1);
    nobody_signed(document.as_bytes());
});
