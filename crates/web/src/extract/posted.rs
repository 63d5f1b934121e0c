//! Forms as they were typed, nothing lost, and proved to be ours.

use app::forms::Typed;
use app::processing::NewScan;
use axum::extract::{FromRequest, Request};

use super::body::{Fields, Files, Upload, read};
use crate::error::{Kept, Lost, Trouble, is_worth_keeping};
use crate::session::{self, CSRF_FIELD, CSRF_HEADER, HELD_FIELD, Staff, Visitor, header};
use crate::state::Web;

/// A form of a signed-in person, proved by field or header; or, where it was held while its sender
/// signed in again, by the cookie that went out with it.
#[derive(Debug)]
pub(crate) struct Posted {
    /// Who sent it.
    pub(crate) staff: Staff,
    /// The fields, without the secret.
    pub(crate) typed: Typed,
    /// Files of a multipart form.
    pub(crate) uploads: Vec<Upload>,
}

impl Posted {
    /// The content of the file sent as `field`; empty when there is none.
    pub(crate) fn file(&self, field: &str) -> &[u8] {
        let found = self.uploads.iter().find(|upload| upload.field == field);
        found.map_or(&[], |upload| upload.content.as_slice())
    }

    /// Scans of components, sent as `s1`, `s2`, ….
    pub(crate) fn scans(&self) -> Vec<NewScan> {
        scans_of(&self.uploads)
    }
}

impl FromRequest<Web> for Posted {
    type Rejection = Lost;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Lost> {
        let (parts, body) = request.into_parts();
        let worth = is_worth_keeping(&parts);
        let staff = Staff::of(&parts, web).await;
        let given = header(&parts.headers, CSRF_HEADER).to_owned();
        let held = session::held_cookie(&parts.headers, web.config).unwrap_or_default();
        let request = Request::from_parts(parts, body);
        let staff = match staff {
            Err(Trouble::SignIn) if worth => return Err(unsigned(request).await),
            staff => staff?,
        };
        let (fields, uploads) = read(request, Files::Take).await?;
        let (typed, secrets) = without_secrets(fields);
        let form = if given.is_empty() {
            &secrets.csrf
        } else {
            &given
        };
        let proved = session::same(&secrets.held, &held) || staff.proves(form).is_ok();
        if !proved {
            let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
            let fields = typed.iter().map(owned).collect();
            let kept = worth.then(|| Kept::of(fields, !uploads.is_empty()));
            let trouble = Trouble::Forged;
            return Err(Lost { trouble, kept });
        }
        Ok(Self {
            staff,
            typed,
            uploads,
        })
    }
}

/// A form whose sender is not signed in any more: its words are kept, its files are not even held.
async fn unsigned(request: Request) -> Lost {
    let trouble = Trouble::SignIn;
    let kept = match read(request, Files::Skip).await {
        Ok((fields, uploads)) => Some(Kept::of(fields, !uploads.is_empty())),
        Err(Trouble::TooLarge) => return Trouble::TooLarge.into(),
        Err(_) => None,
    };
    Lost { trouble, kept }
}

/// A form of somebody who is not signed in, proved by the form's own cookie.
#[derive(Debug)]
pub(crate) struct Guest {
    /// Who sent it.
    pub(crate) visitor: Visitor,
    /// The fields, without the secret.
    pub(crate) typed: Typed,
}

impl FromRequest<Web> for Guest {
    type Rejection = Trouble;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Trouble> {
        let language = session::language(request.headers(), request.uri().query());
        let here = request.uri().path().to_owned();
        let cookie = session::form_cookie(request.headers(), web.config).unwrap_or_default();
        let (fields, _) = read(request, Files::Skip).await?;
        let (typed, secrets) = without_secrets(fields);
        if !session::same(&secrets.csrf, &cookie) {
            return Err(Trouble::Forged);
        }
        Ok(Self {
            visitor: Visitor {
                w: crate::words::Words(language),
                here,
            },
            typed,
        })
    }
}

/// Files named like places for scans: `s1`, `s2`, ….
fn scans_of(uploads: &[Upload]) -> Vec<NewScan> {
    let scan = |upload: &Upload| {
        let component = upload.field.strip_prefix('s')?.parse().ok()?;
        let content = upload.content.clone();
        (!content.is_empty()).then_some(NewScan { component, content })
    };
    uploads.iter().filter_map(scan).collect()
}

/// What proves that a form is ours.
#[derive(Debug, Default, PartialEq, Eq)]
struct Secrets {
    csrf: String,
    held: String,
}

fn without_secrets(fields: Fields) -> (Typed, Secrets) {
    let mut secrets = Secrets::default();
    let mut rest = Vec::with_capacity(fields.len());
    for (name, value) in fields {
        match name.as_str() {
            CSRF_FIELD => secrets.csrf = value,
            HELD_FIELD => secrets.held = value,
            _ => rest.push((name, value)),
        }
    }
    (Typed::new(rest), secrets)
}

#[cfg(test)]
mod tests {
    use super::super::body::urlencoded;
    use super::*;

    #[test]
    fn a_form_keeps_its_order_its_repeats_and_its_wrong_values() {
        let fields = urlencoded(
            "ask=1&ask=2&name=Nguy%E1%BB%85n+An&number=03%00x&_csrf=s&_giu=h".as_bytes(),
        );
        let (typed, secrets) = without_secrets(fields.unwrap());
        assert_eq!((secrets.csrf.as_str(), secrets.held.as_str()), ("s", "h"));
        assert_eq!(typed.all("ask").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(typed.get("name"), "Nguyễn An");
        assert_eq!(typed.get("number"), "03x");
        assert!(typed.iter().all(|(name, _)| !name.starts_with('_')));
    }

    #[test]
    fn scans_are_files_of_components_and_nothing_else() {
        let named = |field: &str, content: &[u8]| Upload {
            field: field.to_owned(),
            content: content.to_vec(),
        };
        let sent = [
            named("s2", b"%PDF-1.7"),
            named("s3", b""),
            named("sets", b"x"),
            named("request", b"%PDF-1.7"),
        ];
        let found: Vec<NewScan> = scans_of(&sent);
        let only = NewScan {
            component: 2,
            content: b"%PDF-1.7".to_vec(),
        };
        assert_eq!(found, [only]);
    }
}
