//! The `LayThuTuc` record as the national adapter hands it out: upper-case keys, every leaf a text.
//!
//! Leaves may also arrive as numbers, booleans or null, and lists as null: that is the same record
//! in another spelling. Anything else makes the record unreadable. Keys the catalogue has no use
//! for (URL, MALINHVUC, LOAITTHC …) are skipped; no form is linked in the published data.

use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

/// A leaf as text.
#[derive(Debug, Default)]
pub(super) struct Leaf(String);

impl Leaf {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// One procedure.
#[derive(Debug, Deserialize)]
pub(super) struct LayThuTuc {
    #[serde(rename = "MATTHC", default)]
    pub(super) code: Leaf,
    #[serde(rename = "TENTTHC", default)]
    pub(super) name: Leaf,
    #[serde(rename = "QUYETDINH", default)]
    pub(super) decision: Leaf,
    #[serde(rename = "TRANGTHAI", default)]
    pub(super) state: Leaf,
    #[serde(rename = "LINHVUCTHUCHIEN", default, deserialize_with = "list")]
    pub(super) fields: Vec<Field>,
    #[serde(rename = "CAPTHUCHIEN", default, deserialize_with = "list")]
    pub(super) levels: Vec<LevelName>,
    #[serde(rename = "DOITUONGTHUCHIEN", default, deserialize_with = "list")]
    pub(super) audience: Vec<Subject>,
    #[serde(rename = "CACHTHUCTHUCHIEN", default, deserialize_with = "list")]
    pub(super) ways: Vec<Way>,
    #[serde(rename = "THANHPHANHOSO", default, deserialize_with = "list")]
    pub(super) cases: Vec<WireCase>,
    #[serde(rename = "KETQUATHUCHIEN", default, deserialize_with = "list")]
    pub(super) results: Vec<WireResult>,
    #[serde(rename = "CANCUPHAPLY", default, deserialize_with = "list")]
    pub(super) instruments: Vec<Instrument>,
    #[serde(rename = "COQUANTHUCHIEN", default, deserialize_with = "list")]
    pub(super) agencies: Vec<Agency>,
    #[serde(rename = "YEUCAU", default)]
    pub(super) conditions: Leaf,
}

/// LINHVUCTHUCHIEN.
#[derive(Debug, Deserialize)]
pub(super) struct Field {
    #[serde(rename = "TENLINHVUC", default)]
    pub(super) name: Leaf,
}

/// CAPTHUCHIEN.
#[derive(Debug, Deserialize)]
pub(super) struct LevelName {
    #[serde(rename = "TENCAP", default)]
    pub(super) name: Leaf,
}

/// DOITUONGTHUCHIEN.
#[derive(Debug, Deserialize)]
pub(super) struct Subject {
    #[serde(rename = "TENDOITUONG", default)]
    pub(super) name: Leaf,
}

/// CACHTHUCTHUCHIEN.
#[derive(Debug, Deserialize)]
pub(super) struct Way {
    #[serde(rename = "KENH", default)]
    pub(super) channel: Leaf,
    #[serde(rename = "THOIGIAN", default, deserialize_with = "list")]
    pub(super) times: Vec<Time>,
}

/// THOIGIAN.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Time {
    #[serde(rename = "THOIGIANGIAIQUYET", default)]
    pub(super) count: Leaf,
    #[serde(rename = "DONVITINH", default)]
    pub(super) unit: Leaf,
    #[serde(rename = "MOTA", default)]
    pub(super) note: Leaf,
    #[serde(rename = "PHILEPHI", default, deserialize_with = "list")]
    pub(super) fees: Vec<Fee>,
}

/// PHILEPHI.
#[derive(Debug, Deserialize)]
pub(super) struct Fee {
    #[serde(rename = "MAPHILEPHI", default)]
    pub(super) code: Leaf,
    #[serde(rename = "SOTIEN", default)]
    pub(super) amount: Leaf,
    #[serde(rename = "DONVI", default)]
    pub(super) unit: Leaf,
    #[serde(rename = "MOTA", default)]
    pub(super) note: Leaf,
}

/// THANHPHANHOSO.
#[derive(Debug, Deserialize)]
pub(super) struct WireCase {
    #[serde(rename = "TRUONGHOP", default)]
    pub(super) name: Leaf,
    #[serde(rename = "GIAYTO", default, deserialize_with = "list")]
    pub(super) papers: Vec<Paper>,
}

/// GIAYTO.
#[derive(Debug, Deserialize)]
pub(super) struct Paper {
    #[serde(rename = "MAGIAYTO", default)]
    pub(super) code: Leaf,
    #[serde(rename = "TENGIAYTO", default)]
    pub(super) name: Leaf,
    #[serde(rename = "MA_KQ_THAYTHE", default)]
    pub(super) replaced_by: Leaf,
    #[serde(rename = "SOBANCHINH", default)]
    pub(super) originals: Leaf,
    #[serde(rename = "SOBANSAO", default)]
    pub(super) copies: Leaf,
    #[serde(rename = "TENMAUDON", default)]
    pub(super) form: Leaf,
}

/// KETQUATHUCHIEN.
#[derive(Debug, Deserialize)]
pub(super) struct WireResult {
    #[serde(rename = "MAKETQUA", default)]
    pub(super) code: Leaf,
    #[serde(rename = "TENKETQUA", default)]
    pub(super) name: Leaf,
}

/// CANCUPHAPLY.
#[derive(Debug, Deserialize)]
pub(super) struct Instrument {
    #[serde(rename = "SOVANBAN", default)]
    pub(super) number: Leaf,
    #[serde(rename = "TENVANBAN", default)]
    pub(super) title: Leaf,
}

/// COQUANTHUCHIEN.
#[derive(Debug, Deserialize)]
pub(super) struct Agency {
    #[serde(rename = "MADONVI", default)]
    pub(super) code: Leaf,
    #[serde(rename = "TENDONVI", default)]
    pub(super) name: Leaf,
}

fn list<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    Option::<Vec<T>>::deserialize(from).map(Option::unwrap_or_default)
}

impl<'de> Deserialize<'de> for Leaf {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(LeafVisitor)
    }
}

struct LeafVisitor;

impl Visitor<'_> for LeafVisitor {
    type Value = Leaf;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number, a boolean or null")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Leaf, E> {
        Ok(Leaf(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Leaf, E> {
        Ok(Leaf(text))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Leaf, E> {
        Ok(Leaf(number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Leaf, E> {
        Ok(Leaf(number.to_string()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Leaf, E> {
        Ok(Leaf(number.to_string()))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Leaf, E> {
        Ok(Leaf(value.to_string()))
    }

    fn visit_unit<E: Error>(self) -> Result<Leaf, E> {
        Ok(Leaf::default())
    }
}
