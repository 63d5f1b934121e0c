//! Words a notice and makes its deliveries, once for each message and channel.

use domain::dossier::{Dossier, Event, Record};
use domain::notice::{Channel, Kind, Placeholder, Values, render};
use domain::party::Party;
use jiff::civil::DateTime;
use store::{Message, NewDelivery, Recorded};

use crate::jobs::{centre_name, hopeless, staff_name};
use crate::no::{Denied, No};
use crate::people::party;
use crate::state::App;
use crate::words::{self, Language};

use super::hours::quiet_hours;
use super::order::{Notify, kind_of};
use super::wording::in_force;

/// What parts the Vietnamese words of a mail from the English ones.
const BETWEEN_LANGUAGES: &str = "\n\n—\n\n";

/// Handles the message: words the notice as its event left the dossier, and records its deliveries.
/// A message that comes again finds them there.
pub(crate) async fn prepare(app: &App, message: &Message) -> Result<(), No> {
    let order: Notify =
        serde_json::from_str(&message.body).map_err(|fault| No::Broken(Box::new(fault)))?;
    let loaded = app.store().load(&order.dossier).await?;
    let until = |told: &&Recorded| told.version <= order.version;
    let events = loaded.events.iter().take_while(until);
    let told = events.clone().last();
    let told = told
        .filter(|told| told.version == order.version)
        .ok_or_else(|| hopeless("nothing asks for this notice"))?;
    let before = events.take_while(|event| event.version < told.version);
    let before = before.fold(Dossier::Absent, |state, told| state.evolve(&told.event));
    if repeats(&told.event, &before) {
        return Ok(());
    }
    let dossier = before.evolve(&told.event);
    let record = dossier.record().ok_or(Denied::Unseen)?;
    let Some(kind) = kind_of(&told.event, Some(&dossier)) else {
        return Ok(());
    };
    let required = kind.is_required(told.event.at().date());
    if !required && app.store().notices_off().await?.contains(&kind) {
        return Ok(());
    }
    let values = values(app, record, told).await?;
    let person = party(app, &record.filed.applicant).await?;
    let asked = Asked {
        message: message.id,
        kind,
        record,
        values,
    };
    let deliveries = asked.deliveries(app, &order, &person).await?;
    app.store().add_deliveries(deliveries).await?;
    app.tell_notices();
    Ok(())
}

/// Whether the event only makes anew what was told of before: a document under another seal.
fn repeats(event: &Event, before: &Dossier) -> bool {
    let official = before.issued().and_then(|issued| issued.official.as_ref());
    matches!(event, Event::ResultMade { .. }) && official.is_some()
}

/// The person's address on a channel.
pub(super) fn address(person: &Party, channel: Channel) -> Option<&str> {
    let address = match channel {
        Channel::Mail => person.email.as_deref(),
        Channel::Sms | Channel::Social => person.phone.as_deref(),
    };
    address.filter(|address| !address.is_empty())
}

/// A notice that is asked for.
struct Asked<'a> {
    message: i64,
    kind: Kind,
    record: &'a Record,
    values: Values,
}

impl Asked<'_> {
    /// One delivery for each channel that the person and the installation have, or one that says why
    /// there is none: somebody has to be told in another way.
    async fn deliveries(
        &self,
        app: &App,
        order: &Notify,
        person: &Party,
    ) -> Result<Vec<NewDelivery>, No> {
        let now = app.clock().now();
        let first = quiet_hours(app).await?.after(now);
        let mut made = Vec::new();
        for channel in Channel::ALL {
            let reached = app.notifier(channel).is_some() && address(person, channel).is_some();
            if !reached {
                continue;
            }
            if let Some((subject, body)) = self.words(app, channel).await? {
                made.push(NewDelivery {
                    subject,
                    body,
                    first_try: Some(first),
                    ..self.blank(app, order, channel)
                });
            }
        }
        if made.is_empty() {
            let nobody = Channel::ALL
                .into_iter()
                .all(|channel| address(person, channel).is_none());
            let reason = if nobody { "no_address" } else { "no_channel" };
            let (subject, body) = self.words(app, Channel::Mail).await?.unwrap_or_default();
            made.push(NewDelivery {
                subject,
                body,
                reason: reason.to_owned(),
                ..self.blank(app, order, Channel::Mail)
            });
        }
        Ok(made)
    }

    fn blank(&self, app: &App, order: &Notify, channel: Channel) -> NewDelivery {
        NewDelivery {
            message: self.message,
            channel,
            code: hex::encode(app.ids().bytes::<16>()),
            dossier: order.dossier.clone(),
            dossier_code: self
                .record
                .code
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            unit: self.record.filed.receiving.clone(),
            party: self.record.filed.applicant.clone(),
            kind: self.kind,
            subject: String::new(),
            body: String::new(),
            first_try: None,
            reason: String::new(),
            created_at: app.clock().now(),
        }
    }

    /// Subject and text on a channel; a mail has the English words below the Vietnamese.
    async fn words(&self, app: &App, channel: Channel) -> Result<Option<(String, String)>, No> {
        let Some(template) = in_force(app, (self.kind, channel), Language::Vi).await? else {
            return Ok(None);
        };
        let (subject, mut body) = render(&template, &self.values);
        if channel == Channel::Mail
            && let Some(english) = in_force(app, (self.kind, channel), Language::En).await?
        {
            body.push_str(BETWEEN_LANGUAGES);
            body.push_str(&render(&english, &self.values).1);
        }
        Ok(Some((subject, body)))
    }
}

pub(super) async fn values(app: &App, record: &Record, told: &Recorded) -> Result<Values, No> {
    let event = &told.event;
    let vi = |key: &str| words::t(Language::Vi, key).to_owned();
    let filed = &record.filed;
    let procedure = app
        .procedure(&filed.procedure, filed.procedure_version)
        .await?;
    let (code, link) = match &record.code {
        Some(code) => (
            code.to_string(),
            format!("{}/tra-cuu/{code}", app.public_address()),
        ),
        None => (
            vi("notice.no_code"),
            format!("{}/tra-cuu", app.public_address()),
        ),
    };
    let mut values = Values::from([
        (Placeholder::Code, code),
        (Placeholder::Procedure, procedure.name.clone()),
        (
            Placeholder::Unit,
            centre_name(app, &app.heir(&filed.receiving)),
        ),
        (
            Placeholder::Agency,
            app.unit_name(&app.heir(&filed.competent)),
        ),
        (Placeholder::Handler, handler(app, record, told).await?),
        (Placeholder::At, moment(event.at())),
        (
            Placeholder::Due,
            record
                .published_due()
                .map_or_else(|| vi("limit.none"), moment),
        ),
        (Placeholder::Link, link),
    ]);
    let received = record.received_at.map(moment);
    values.extend(received.map(|at| (Placeholder::ReceivedAt, at)));
    match event {
        Event::Submitted {
            answer_by: Some(until),
            ..
        } => {
            values.insert(Placeholder::ReplyBy, moment(*until));
        }
        Event::SupplementRequested { request } => {
            values.insert(Placeholder::AnswerBy, moment(request.answer_by));
        }
        Event::Apologised(apology) => {
            values.insert(Placeholder::Due, moment(apology.until));
        }
        _ => {}
    }
    Ok(values)
}

/// Who received or handles it: whoever did what is told; the centre where the program did.
async fn handler(app: &App, record: &Record, told: &Recorded) -> Result<String, No> {
    let name = staff_name(app, &told.actor).await?;
    if name.is_empty() {
        return Ok(centre_name(app, &app.heir(&record.filed.receiving)));
    }
    Ok(name)
}

/// `17:00 27/11/2026`.
fn moment(at: DateTime) -> String {
    format!("{} {}", words::time(at), words::date(at.date()))
}
