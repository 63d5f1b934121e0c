//! Names of the fields of a letter that are filled and signed after it is laid out.

/// Name of the field that takes the number.
pub const NUMBER: &str = "number";
/// Name of the field that takes the number with its word and its symbol.
pub const WHOLE: &str = "whole-number";
/// Name of the field that takes the day.
pub const DAY: &str = "day";
/// Name of the field that takes the signature of the person.
pub const PERSON: &str = "person";
/// Name of the field that takes the signature of the agency.
pub const AGENCY: &str = "agency";
