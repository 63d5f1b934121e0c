//! Mail over SMTP.
//!
//! SMTP has no key by which a server knows a message again: whoever is killed after the server took
//! a mail and before that is recorded sends it a second time. Both have the same `Message-ID`, by
//! which mailboxes recognise the second one.

use std::time::Duration;

use app::ports::{Notifier, Outgoing, PortError};
use async_trait::async_trait;
use domain::notice::Channel;
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use super::BadChannel;

/// Answers of a server that are about us and not about the mail: it wants a password, or another.
const ABOUT_US: [u16; 4] = [530, 534, 535, 538];

/// Sends mail through one SMTP server.
pub struct MailNotifier {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    patience: Duration,
}

impl std::fmt::Debug for MailNotifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MailNotifier").finish_non_exhaustive()
    }
}

impl MailNotifier {
    /// Sends through the server of `url`: `smtps://user:password@host`,
    /// `smtp://user:password@host:587?tls=required` (STARTTLS), or `smtp://127.0.0.1:25` on the same
    /// machine. `from` is the sender: `Một Cửa <khong-tra-loi@thanhhoa.gov.vn>`. `authority` is a
    /// certificate in PEM that is trusted besides the public ones: that of the province's own mail.
    ///
    /// # Errors
    /// [`BadChannel`] when one cannot be read, or mail would go to another machine in clear.
    pub fn open(
        url: &str,
        from: &str,
        authority: Option<&str>,
        patience: Duration,
    ) -> Result<Self, BadChannel> {
        let bad = |why: &str| Err(BadChannel::new("MOTCUA_SMTP", why));
        let protected = url.starts_with("smtps://") || url.contains("tls=required");
        if !protected && !super::http::is_here(url) {
            return bad("write smtps://, or smtp:// with ?tls=required");
        }
        let Ok(mut builder) = AsyncSmtpTransport::<Tokio1Executor>::from_url(url) else {
            return bad("no address of an SMTP server");
        };
        if let Some(authority) = authority.filter(|_| protected) {
            let trusted = trusting(&super::http::host(url), authority)?;
            builder = builder.tls(if url.starts_with("smtps://") {
                Tls::Wrapper(trusted)
            } else {
                Tls::Required(trusted)
            });
        }
        let from = from
            .parse()
            .map_err(|cause| BadChannel::new("MOTCUA_MAIL_FROM", cause))?;
        Ok(Self {
            transport: builder.timeout(Some(patience)).build(),
            from,
            patience,
        })
    }

    fn message(&self, outgoing: &Outgoing) -> Result<Message, PortError> {
        let bad = |_| PortError::Fail("bad_address".to_owned());
        let to = Mailbox::new(None, outgoing.to.parse().map_err(bad)?);
        let id = format!("<{}@{}>", outgoing.code, self.from.email.domain());
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(&outgoing.subject)
            .message_id(Some(id))
            .header(ContentType::TEXT_PLAIN)
            .body(outgoing.body.clone());
        let mut message = message.map_err(|cause| PortError::Fail(cause.to_string()))?;
        // Nobody's absence answers to a notice.
        let name = HeaderName::new_from_ascii_str("Auto-Submitted");
        let automatic = HeaderValue::new(name, "auto-generated".to_owned());
        message.headers_mut().insert_raw(automatic);
        Ok(message)
    }
}

#[async_trait]
impl Notifier for MailNotifier {
    fn channel(&self) -> Channel {
        Channel::Mail
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<String, PortError> {
        let message = self.message(outgoing)?;
        let sending = self.transport.send(message);
        match tokio::time::timeout(self.patience, sending).await {
            Err(_) => Err(PortError::Retry("no_answer".to_owned())),
            Ok(Err(error)) => Err(judged(&error)),
            Ok(Ok(answer)) => Ok(answer.message().collect::<Vec<_>>().join(" ")),
        }
    }
}

/// TLS with one authority more.
fn trusting(host: &str, authority: &str) -> Result<TlsParameters, BadChannel> {
    let bad = |cause: Error| BadChannel::new("MOTCUA_SMTP_CA", cause);
    let certificate = Certificate::from_pem(authority.as_bytes()).map_err(bad)?;
    TlsParameters::builder(host.to_owned())
        .add_root_certificate(certificate)
        .build_rustls()
        .map_err(bad)
}

/// What an answer means: 5xx is for good, everything else may work later.
fn judged(error: &Error) -> PortError {
    if error.is_timeout() {
        return PortError::Retry("no_answer".to_owned());
    }
    let Some(status) = error.status() else {
        let whole = format!("{error} {:?}", std::error::Error::source(error));
        let unreachable = whole.contains("refused") || whole.contains("onnection");
        let reason = if unreachable {
            "no_connection".to_owned()
        } else {
            error.to_string()
        };
        return PortError::Retry(reason);
    };
    let said = std::error::Error::source(error).map(ToString::to_string);
    let reason = format!("{status} {}", said.unwrap_or_default());
    if error.is_permanent() && !ABOUT_US.contains(&u16::from(status)) {
        PortError::Fail(reason)
    } else {
        PortError::Retry(reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(url: &str, from: &str) -> Result<MailNotifier, BadChannel> {
        MailNotifier::open(url, from, None, Duration::from_secs(1))
    }

    const FROM: &str = "Một Cửa <khong-tra-loi@motcua.test>";

    #[test]
    fn mail_never_leaves_the_machine_in_clear() {
        for good in [
            "smtps://an:bi-mat@mail.test",
            "smtp://an:bi-mat@mail.test:587?tls=required",
            "smtp://127.0.0.1:2525",
            "smtp://localhost",
        ] {
            assert!(open(good, FROM).is_ok(), "{good}");
        }
        for bad in [
            "smtp://mail.test",
            "smtp://mail.test?tls=opportunistic",
            "smtp://127.0.0.1.mail.test",
            "mail.test",
            "",
        ] {
            assert_eq!(
                open(bad, FROM).unwrap_err().variable,
                "MOTCUA_SMTP",
                "{bad}"
            );
        }
        let no_sender = open("smtps://mail.test", "nobody").unwrap_err();
        assert_eq!(no_sender.variable, "MOTCUA_MAIL_FROM");
    }

    #[test]
    fn a_mail_is_known_by_its_code_and_answered_by_no_machine() {
        let mail = open("smtps://mail.test", FROM).unwrap();
        let outgoing = Outgoing {
            code: "c0de".to_owned(),
            to: "an@noi.vn".to_owned(),
            subject: "Đã tiếp nhận".to_owned(),
            body: "Hồ sơ\nH56".to_owned(),
        };
        let text = String::from_utf8(mail.message(&outgoing).unwrap().formatted()).unwrap();
        assert!(text.contains("Message-ID: <c0de@motcua.test>"), "{text}");
        assert!(text.contains("Auto-Submitted: auto-generated"), "{text}");
        let wrong = Outgoing {
            to: "an at noi".to_owned(),
            ..outgoing
        };
        let no = mail.message(&wrong).unwrap_err();
        assert_eq!(no, PortError::Fail("bad_address".to_owned()));
    }
}
