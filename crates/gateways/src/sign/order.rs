//! What is to be signed, by whom, and what of it is seen.

use jiff::civil::DateTime;

/// How a key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA with PKCS #1 v1.5 padding over SHA-256.
    RsaSha256,
    /// ECDSA on P-256 over SHA-256, the signature in DER.
    EcdsaP256Sha256,
}

/// One signature to be put on a PDF.
#[derive(Clone, Debug)]
pub struct Order {
    /// Certificates in DER, the signer's first, then its issuers.
    pub chain: Vec<Vec<u8>>,
    /// How the signer's key signs.
    pub algorithm: Algorithm,
    /// Name of the signature field: an empty one, or a new one.
    pub field: String,
    /// Text fields that this revision fills, by name.
    pub fill: Vec<(String, String)>,
    /// What is seen of the signature; nothing when `None`.
    pub appearance: Option<Appearance>,
    /// Why it is signed, in words.
    pub reason: String,
    /// The time that the signer claims, local time of Viet Nam.
    pub at: DateTime,
    /// The signature's standing among the document's signatures.
    pub standing: Standing,
    /// Fields that nobody may fill after this signature.
    pub lock: Vec<String>,
    /// Bytes to leave for a time stamp; 0 when none will come.
    pub stamp_room: usize,
}

impl Order {
    /// Bytes that a token of a time-stamp authority takes with three certificates in it.
    pub const STAMP_ROOM: usize = 8 * 1024;
}

/// What a signature says about later changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The first signature, after which fields may be filled and signatures added, nothing else
    /// (`DocMDP` level 2).
    Certifies,
    /// One signature among others.
    Approves,
    /// The last one: no field may be filled or signed after it.
    Closes,
}

/// A rectangle on a page, in points from the page's lower left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// The page, from 1.
    pub page: usize,
    /// The left edge.
    pub x: f32,
    /// The lower edge.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

/// The visible part of a signature.
#[derive(Clone, Debug)]
pub struct Appearance {
    /// Where; an existing field keeps its own place.
    pub place: Place,
    /// What.
    pub face: Face,
}

/// What is drawn in a rectangle: a picture, or lines of text when there is none.
#[derive(Clone, Debug)]
pub struct Face {
    /// A PNG with transparency, as large as the rectangle allows.
    pub image: Option<Vec<u8>>,
    /// Lines in Vietnamese.
    pub lines: Vec<String>,
    /// The colour of lines and their frame.
    pub ink: Ink,
    /// Size of the lines in points.
    pub size: f32,
}

/// Colours of Decree 30/2020, Annex I.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// A person's signature.
    Blue,
    /// The agency's seal.
    Red,
    /// Text.
    Black,
}
