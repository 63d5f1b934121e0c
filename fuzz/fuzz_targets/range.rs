//! ByteRange, the message and the certificates: the bytes stand in a signed document at the place
//! of its signature dictionary, with right cross references around them. Nobody signed any of this.
#![no_main]

use fuzz::nobody_signed;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut document = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    let sig = [
        b"<</Type/Sig/SubFilter/ETSI.CAdES.detached".as_slice(),
        bytes,
        b">>",
    ]
    .concat();
    let objects: [&[u8]; 5] = [
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R>>",
        b"<</FT/Sig/T(s)/V 5 0 R>>",
        &sig,
    ];
    for (number, object) in objects.iter().enumerate() {
        places.push(document.len());
        document.extend_from_slice(format!("{} 0 obj\n", number + 1).as_bytes());
        document.extend_from_slice(object);
        document.extend_from_slice(b"\nendobj\n");
    }
    let start = document.len();
    let rows: String = places
        .iter()
        .map(|place| format!("{place:010} 00000 n \n"))
        .collect();
    let end =
        format!("xref\n1 5\n{rows}trailer\n<</Root 1 0 R/Size 6>>\nstartxref\n{start}\n%%EOF\n");
    document.extend_from_slice(end.as_bytes());
    nobody_signed(&document);
});
