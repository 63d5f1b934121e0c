//! Material for later validation (B-LT): certificates and answers on revocation, kept in the
//! document itself.

use lopdf::{Dictionary, Object, ObjectId, Stream, dictionary};

use super::fault::SignFault;
use super::revision::Revision;

/// What proves that certificates were good when they signed, each in DER.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Material {
    /// Certificates.
    pub certs: Vec<Vec<u8>>,
    /// Answers of OCSP responders, whole.
    pub ocsps: Vec<Vec<u8>>,
    /// Revocation lists.
    pub crls: Vec<Vec<u8>>,
}

impl Material {
    /// How long all of it is.
    pub fn bytes(&self) -> usize {
        let all = self.certs.iter().chain(&self.ocsps).chain(&self.crls);
        all.map(Vec::len).sum()
    }

    /// Adds what another has and this has not.
    pub fn extend(&mut self, other: Self) {
        let pairs = [
            (&mut self.certs, other.certs),
            (&mut self.ocsps, other.ocsps),
            (&mut self.crls, other.crls),
        ];
        for (mine, theirs) in pairs {
            for item in theirs {
                if !mine.contains(&item) {
                    mine.push(item);
                }
            }
        }
    }
}

/// Entries of each list that a document may bring: all of them are opened to find what is there already.
const MOST: usize = 100;
/// Bytes by which something deflated may be longer than it is.
const LONGER: usize = 1024;

/// The kinds of material: their lists in the store, and in the entry of one signature.
const KINDS: [(&str, &str); 3] = [("Certs", "Cert"), ("OCSPs", "OCSP"), ("CRLs", "CRL")];

/// Adds the material to the document's store, as one revision. Every signature that has no entry
/// yet gets one with all of it; what is there already is not kept twice.
pub fn add_validation(document: &[u8], material: &Material) -> Result<Vec<u8>, SignFault> {
    let mut revision = Revision::open(document)?;
    let mut store = entries(&revision, revision.catalog()?, "DSS");
    let mut entry = Dictionary::new();
    let lists = [&material.certs, &material.ocsps, &material.crls];
    for ((list, short), items) in KINDS.into_iter().zip(lists) {
        let mut kept = revision.references(&store, list);
        if kept.len() > MOST {
            return Err(SignFault::document("its store is too large"));
        }
        let mut named = Vec::new();
        for item in items {
            let id = match find(&revision, &kept, item) {
                Some(id) => id,
                None => revision.add(packed(item)?),
            };
            if !kept.contains(&id) {
                kept.push(id);
            }
            named.push(Object::Reference(id));
        }
        if !kept.is_empty() {
            let kept = kept.into_iter().map(Object::Reference);
            store.set(list, Object::Array(kept.collect()));
        }
        if !named.is_empty() {
            entry.set(short, Object::Array(named));
        }
    }
    let mut by_signature = entries(&revision, &store, "VRI");
    for key in signatures(&revision)? {
        if !by_signature.has(key.as_bytes()) {
            let entry = revision.add(entry.clone());
            by_signature.set(key, Object::Reference(entry));
        }
    }
    store.set("VRI", by_signature);
    keep(&mut revision, store)?;
    revision.write()
}

/// A stream, deflated where that makes it shorter.
fn packed(item: &[u8]) -> Result<Stream, SignFault> {
    let mut stream = Stream::new(Dictionary::new(), item.to_vec());
    stream.compress().map_err(SignFault::document)?;
    Ok(stream)
}

/// Writes the store where it was, or as a new object.
fn keep(revision: &mut Revision, mut store: Dictionary) -> Result<(), SignFault> {
    store.set("Type", "DSS");
    let before = revision
        .catalog()?
        .get(b"DSS")
        .and_then(Object::as_reference);
    if let Ok(id) = before {
        *revision.edit(id)? = store;
    } else {
        let id = revision.add(store);
        revision.edit_catalog()?.set("DSS", id);
    }
    Ok(())
}

fn entries(revision: &Revision, of: &Dictionary, key: &str) -> Dictionary {
    let found = revision
        .value(of, key)
        .and_then(|found| found.as_dict().ok());
    found.cloned().unwrap_or_else(|| dictionary! {})
}

fn find(revision: &Revision, among: &[ObjectId], item: &[u8]) -> Option<ObjectId> {
    let same = |id: &&ObjectId| {
        let stream = revision
            .object(**id)
            .and_then(|object| object.as_stream().map_err(SignFault::document));
        stream.is_ok_and(|stream| {
            // What is longer before it is opened is something else, or a bomb.
            stream.content.len() <= item.len().saturating_add(LONGER)
                && stream
                    .get_plain_content_with_limit(item.len())
                    .is_ok_and(|content| content == item)
        })
    };
    among.iter().find(same).copied()
}

/// The keys of all signatures and time stamps: SHA-1 of their contents, which is how the store
/// names them; nothing relies on it.
fn signatures(revision: &Revision) -> Result<Vec<String>, SignFault> {
    let mut keys = Vec::new();
    for field in revision.fields()?.iter().filter(|field| field.is("Sig")) {
        let field = revision.dictionary(field.id)?;
        let signature = revision
            .value(field, "V")
            .and_then(|value| value.as_dict().ok());
        let contents = signature.and_then(|signature| revision.value(signature, "Contents"));
        if let Some(contents) = contents.and_then(|contents| contents.as_str().ok()) {
            let hash = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, contents);
            keys.push(hex::encode_upper(hash));
        }
    }
    Ok(keys)
}
