//! Stored objects: what is sealed opens however it comes, what opens was sealed so, and a header is
//! read as it was written.
#![no_main]

use std::sync::LazyLock;

use app::keys::{KeyId, Keyring, Wrapped};
use fuzz::files::{PIECE, header, opened, read_header, sealed};

const KEY: [u8; 32] = [7; 32];

static KEYS: LazyLock<Keyring> =
    LazyLock::new(|| Keyring::parse(&"a7".repeat(32)).expect("a key file of one key"));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((how, bytes)) = bytes.split_first_chunk::<4>() else {
        return;
    };
    if let Some((wrapped, length)) = read_header(bytes) {
        assert_eq!(
            header(&wrapped),
            bytes[..length],
            "written otherwise than read"
        );
        assert!(
            KEYS.unwrap_key(b"about", &wrapped).is_err(),
            "a key that we did not wrap"
        );
    }
    assert!(
        KEYS.open::<String>("about", bytes).is_err(),
        "what we did not seal opens"
    );
    let (key, rest) = bytes.split_at(bytes.len().min(usize::from(how[0])));
    let id: [u8; KeyId::LEN] = [how[1]; KeyId::LEN];
    let wrapped = Wrapped {
        by: KeyId(id),
        key: key.to_vec(),
    };
    let mut object = header(&wrapped);
    let length = object.len();
    assert!(opened(&KEY, bytes, PIECE).is_none_or(|content| sealed(&KEY, &content) == bytes));

    // A few pieces, so that their order counts.
    let content = rest.repeat(if how[2] == 0 {
        1 + 3 * PIECE / rest.len().max(1)
    } else {
        1
    });
    object.extend(sealed(&KEY, &content));
    assert_eq!(read_header(&object), Some((wrapped, length)));
    let at_once = if how[2] == 0 {
        PIECE
    } else {
        usize::from(how[2])
    };
    let inside = &object[length..];
    assert_eq!(opened(&KEY, inside, at_once).as_ref(), Some(&content));
    let mut altered = inside.to_vec();
    let place = usize::from(how[3]) * altered.len() / 256;
    altered[place] ^= how[1] | 1;
    assert_eq!(opened(&KEY, &altered, at_once), None);
    assert_eq!(opened(&KEY, &inside[..place], at_once), None);
});
