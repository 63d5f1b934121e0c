//! The words of notices: those that ship with the product until the province saves its own, checked
//! before they are kept.

use domain::notice::{
    Channel, Fault as Wrong, Field, Found, Kind, QuietHours, Template, check, fits,
};
use jiff::civil::Date;
use store::{AuditLine, SavedTemplate};

use crate::access::Actor;
use crate::no::{Denied, Fault, No};
use crate::ports::PortError;
use crate::state::App;
use crate::words::{self, Language};

use super::hours::quiet_hours;
use super::rights::{may_edit, may_read};

/// The words of a notice as they are in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordingView {
    /// The words.
    pub template: Template,
    /// Their language.
    pub language: Language,
    /// The version that was saved; 0 for the words that ship with the product.
    pub version: u32,
}

/// A kind of notice with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindView {
    /// Which.
    pub kind: Kind,
    /// Whether the law wants it today: then it is never off.
    pub required: bool,
    /// Where it is prescribed, or what it serves; empty where nothing is in force.
    pub basis: String,
    /// Whether it is switched off.
    pub off: bool,
    /// Its words, by channel and language; channels without words are not sent.
    pub wordings: Vec<WordingView>,
}

/// Everything that the page of notices shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeBook {
    /// Every kind.
    pub kinds: Vec<KindView>,
    /// When nobody is disturbed.
    pub quiet: QuietHours,
    /// Channels that this installation has.
    pub channels: Vec<Channel>,
    /// Whether the actor may change them.
    pub may_edit: bool,
}

/// Words as they were typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// The words.
    pub template: Template,
    /// Their language.
    pub language: Language,
    /// The version that was edited.
    pub version: u32,
}

/// The words that ship with the product; none for social networks, whose provider approves texts.
fn shipped(kind: Kind, channel: Channel, language: Language) -> Option<Template> {
    let key = |part: &str| format!("notice.text.{}.{part}", kind.as_str());
    let text = |part: &str| words::t(language, &key(part)).to_owned();
    let (subject, body) = match channel {
        Channel::Mail => (text("subject"), text("body")),
        Channel::Sms => (String::new(), text("sms")),
        Channel::Social => return None,
    };
    Some(Template {
        kind,
        channel,
        subject,
        body,
    })
}

/// The words in force; none when a channel has none.
pub(super) async fn in_force(
    app: &App,
    (kind, channel): (Kind, Channel),
    language: Language,
) -> Result<Option<Template>, No> {
    let saved = app.store().templates().await?;
    Ok(view_of(&saved, (kind, channel), language).map(|view| view.template))
}

fn view_of(
    saved: &[SavedTemplate],
    (kind, channel): (Kind, Channel),
    language: Language,
) -> Option<WordingView> {
    let own = saved.iter().find(|saved| {
        saved.template.kind == kind
            && saved.template.channel == channel
            && saved.language == language.code()
    });
    match own {
        Some(own) => Some(WordingView {
            template: own.template.clone(),
            language,
            version: own.version,
        }),
        None => shipped(kind, channel, language).map(|template| WordingView {
            template,
            language,
            version: 0,
        }),
    }
}

/// Languages in which a channel's words are kept: a mail has both.
fn languages(channel: Channel) -> &'static [Language] {
    match channel {
        Channel::Mail => &[Language::Vi, Language::En],
        Channel::Sms | Channel::Social => &[Language::Vi],
    }
}

/// Every kind with its words, for whoever may read the log.
///
/// # Errors
/// [`No::Denied`], [`No::Broken`].
pub async fn book(app: &App, actor: &Actor) -> Result<NoticeBook, No> {
    may_read(app, actor)?;
    let saved = app.store().templates().await?;
    let off = app.store().notices_off().await?;
    let wordings = |kind: Kind| {
        let mut found = Vec::new();
        for channel in Channel::ALL {
            let views = languages(channel)
                .iter()
                .filter_map(|language| view_of(&saved, (kind, channel), *language));
            found.extend(views);
        }
        found
    };
    let today = app.clock().now().date();
    let kinds = Kind::ALL.iter().map(|kind| KindView {
        kind: *kind,
        required: kind.is_required(today),
        basis: basis(*kind, today),
        off: off.contains(kind) && !kind.is_required(today),
        wordings: wordings(*kind),
    });
    let here = |channel: &Channel| app.notifier(*channel).is_some();
    Ok(NoticeBook {
        kinds: kinds.collect(),
        quiet: quiet_hours(app).await?,
        channels: Channel::ALL.into_iter().filter(here).collect(),
        may_edit: may_edit(app, actor).is_ok(),
    })
}

/// The text that prescribes the notice on `day`.
fn basis(kind: Kind, day: Date) -> String {
    let duty = kind.duty(day);
    duty.map(|duty| duty.citation.to_string())
        .unwrap_or_default()
}

/// One wording, to be edited; empty where a channel has no words yet.
///
/// # Errors
/// [`No::Denied`]: unseen when there is no such wording.
pub async fn wording(
    app: &App,
    actor: &Actor,
    (kind, channel): (Kind, Channel),
    language: Language,
) -> Result<WordingView, No> {
    may_edit(app, actor)?;
    if !languages(channel).contains(&language) {
        return Err(Denied::Unseen.into());
    }
    let saved = app.store().templates().await?;
    let found = view_of(&saved, (kind, channel), language);
    Ok(found.unwrap_or_else(|| WordingView {
        template: Template {
            kind,
            channel,
            subject: String::new(),
            body: String::new(),
        },
        language,
        version: 0,
    }))
}

/// Judges words without keeping them: what a preview does. A text that a provider approves beforehand
/// is asked for there.
///
/// # Errors
/// [`No::Denied`]; [`No::Invalid`] with every fault at its field.
pub async fn edit(app: &App, actor: &Actor, edited: &Edited) -> Result<(), No> {
    may_edit(app, actor)?;
    if !languages(edited.template.channel).contains(&edited.language) {
        return Err(Denied::Unseen.into());
    }
    let found = check(&edited.template);
    let mut faults = in_words(&found);
    if found.iter().all(|found| found.field != Field::Subject) {
        faults.extend(approval(app, &edited.template).await);
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(No::Invalid(faults))
    }
}

/// What is wrong with the text by what the channel's provider says of it; nothing where texts are free
/// or this installation has no such channel.
async fn approval(app: &App, template: &Template) -> Vec<Fault> {
    let Some(notifier) = app.notifier(template.channel) else {
        return Vec::new();
    };
    match notifier.approved(&template.subject).await {
        Ok(Some(approved)) => in_words(&fits(template, &approved)),
        Ok(None) => Vec::new(),
        Err(PortError::Fail(_) | PortError::Deleted { .. }) => {
            vec![Fault::new("subject", "notice.fault.not_known")]
        }
        Err(PortError::Retry(_)) => vec![Fault::new("subject", "notice.fault.not_asked")],
    }
}

fn in_words(found: &[Found]) -> Vec<Fault> {
    let faults = found.iter();
    faults
        .map(|found| fault(found.field, found.at, &found.fault))
        .collect()
}

/// Keeps words as the next version.
///
/// # Errors
/// As [`edit`]; a fault at `version` when somebody else saved meanwhile.
pub async fn save(app: &App, actor: &Actor, edited: Edited) -> Result<(), No> {
    edit(app, actor, &edited).await?;
    let (kind, channel) = (edited.template.kind, edited.template.channel);
    let line = line(
        actor,
        "notice.template_saved",
        &format!(
            "{}.{}.{}",
            kind.as_str(),
            channel.as_str(),
            edited.language.code()
        ),
    );
    let saved = SavedTemplate {
        template: edited.template,
        language: edited.language.code().to_owned(),
        version: edited.version,
        staff: actor.staff.clone(),
        saved_at: app.clock().now(),
    };
    if app.store().save_template(saved, line).await? {
        Ok(())
    } else {
        Err(No::Invalid(vec![Fault::new(
            "version",
            "notice.fault.stale",
        )]))
    }
}

/// Switches a kind off or on. One that the law wants stays on.
///
/// # Errors
/// [`No::Denied`]; [`No::Invalid`] with the article that wants it.
pub async fn switch(app: &App, actor: &Actor, kind: Kind, off: bool) -> Result<(), No> {
    may_edit(app, actor)?;
    let today = app.clock().now().date();
    if off && kind.is_required(today) {
        let fault = Fault::new("off", "notice.fault.required").with("basis", &basis(kind, today));
        return Err(No::Invalid(vec![fault]));
    }
    let action = if off {
        "notice.switched_off"
    } else {
        "notice.switched_on"
    };
    let when = (app.clock().now(), line(actor, action, kind.as_str()));
    Ok(app.store().switch_notice(kind, off, when).await?)
}

pub(super) fn line(actor: &Actor, action: &str, subject: &str) -> AuditLine {
    AuditLine {
        actor: actor.staff.to_string(),
        action: action.to_owned(),
        subject: subject.to_owned(),
        purpose: "notice".to_owned(),
        detail: String::new(),
    }
}

/// A fault of a template in words, at its field.
fn fault(field: Field, at: usize, wrong: &Wrong) -> Fault {
    let fault = Fault::new(field.as_str(), fault_key(wrong));
    let fault = match wrong {
        Wrong::UnknownPlace(name)
        | Wrong::UnknownParameter(name)
        | Wrong::MissingParameter(name) => fault.with("name", name),
        Wrong::MissingPlace(place) => fault.with("name", &place.as_str()),
        Wrong::TooLong { characters, limit } => fault.with("n", characters).with("limit", limit),
        Wrong::TooManyParts { parts, limit } => fault.with("n", parts).with("limit", limit),
        Wrong::ParameterTooLong {
            name,
            characters,
            limit,
        } => fault
            .with("name", name)
            .with("n", characters)
            .with("limit", limit),
        Wrong::Empty
        | Wrong::LooseBrace
        | Wrong::LineBreak
        | Wrong::ForeignLink
        | Wrong::MailAddress
        | Wrong::LongNumber
        | Wrong::Amount
        | Wrong::NoApprovedText
        | Wrong::NoParameter
        | Wrong::NotEnabled => fault,
    };
    fault.with("at", &at)
}

fn fault_key(wrong: &Wrong) -> &'static str {
    match wrong {
        Wrong::Empty => "notice.fault.empty",
        Wrong::UnknownPlace(_) => "notice.fault.unknown_place",
        Wrong::LooseBrace => "notice.fault.loose_brace",
        Wrong::MissingPlace(_) => "notice.fault.missing_place",
        Wrong::TooLong { .. } => "notice.fault.too_long",
        Wrong::TooManyParts { .. } => "notice.fault.too_many_parts",
        Wrong::LineBreak => "notice.fault.line_break",
        Wrong::ForeignLink => "notice.fault.foreign_link",
        Wrong::MailAddress => "notice.fault.mail_address",
        Wrong::LongNumber => "notice.fault.long_number",
        Wrong::Amount => "notice.fault.amount",
        Wrong::NoApprovedText => "notice.fault.no_approved_text",
        Wrong::NoParameter => "notice.fault.no_parameter",
        Wrong::NotEnabled => "notice.fault.not_enabled",
        Wrong::UnknownParameter(_) => "notice.fault.unknown_parameter",
        Wrong::MissingParameter(_) => "notice.fault.missing_parameter",
        Wrong::ParameterTooLong { .. } => "notice.fault.parameter_too_long",
    }
}
