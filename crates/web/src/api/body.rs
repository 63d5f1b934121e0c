//! Bodies of requests: JSON read strictly, and fields that carry the names of the forms.

use std::collections::BTreeMap;

use app::forms::Typed;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use jiff::civil::DateTime;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Trouble;
use crate::session::header;
use crate::state::Web;

/// A JSON body. Other kinds are refused: a form of another site cannot send this one.
#[derive(Debug)]
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Web> for Body<T> {
    type Rejection = Trouble;

    async fn from_request(request: Request, _: &Web) -> Result<Self, Trouble> {
        let json = header(request.headers(), CONTENT_TYPE.as_str()).starts_with("application/json");
        let bytes = Bytes::from_request(request, &())
            .await
            .map_err(Trouble::of_body)?;
        let read = serde_json::from_slice(&bytes).ok().filter(|_| json);
        read.map(Self).ok_or(Trouble::Unreadable)
    }
}

/// The value of a field: one, or several of a repeated field.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum FieldValue {
    /// One value.
    One(String),
    /// Values of a repeated field, such as `ask`.
    Many(Vec<String>),
}

/// Fields by the names that the desk's forms give them.
pub(crate) type FieldMap = BTreeMap<String, FieldValue>;

/// The field in which a page sends the card of a collector, by which a person may get a new name. No
/// card lies before a program: it cannot say so. An applicant's is kept in the draft of a page alone.
const SCANNED: &str = "collector_source";

/// Fields as a form would have sent them.
pub(crate) fn typed(mut fields: FieldMap) -> Typed {
    let clean = |text: String| text.replace('\0', "");
    fields.retain(|name, _| name != SCANNED);
    let pairs = fields.into_iter().flat_map(|(name, value)| match value {
        FieldValue::One(value) => vec![(name, clean(value))],
        FieldValue::Many(values) => values
            .into_iter()
            .map(|value| (name.clone(), clean(value)))
            .collect(),
    });
    Typed::new(pairs.collect())
}

/// A local time with its offset: `2026-11-23T10:42:00+07:00`.
pub(crate) fn stamp(at: DateTime) -> String {
    format!("{}+07:00", at.strftime("%Y-%m-%dT%H:%M:%S"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_repeat_where_a_list_is_given() {
        let fields = serde_json::from_str(r#"{"ask":["1","3"],"reason":"Thiếu\u0000 dấu"}"#);
        let typed = typed(fields.unwrap());
        assert_eq!(typed.all("ask").collect::<Vec<_>>(), ["1", "3"]);
        assert_eq!(typed.get("reason"), "Thiếu dấu");
    }

    #[test]
    fn no_program_scans_a_card() {
        let fields = r#"{"collector_source":["0381"],"name":"An"}"#;
        let typed = typed(serde_json::from_str(fields).unwrap());
        assert_eq!(typed.iter().collect::<Vec<_>>(), [("name", "An")]);
    }

    #[test]
    fn times_carry_the_offset_of_viet_nam() {
        let at = jiff::civil::date(2026, 11, 23).at(10, 42, 0, 0);
        assert_eq!(stamp(at), "2026-11-23T10:42:00+07:00");
    }
}
