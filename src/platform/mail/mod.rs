//! Sending emails: by SMTP, or into a folder where no mail server is configured.
//!
//! An email is a job (`platform::jobs`) of whoever has something to say: it waits in the database, is written when it is sent, and is
//! tried again for a configured time. A [`Mailer`] makes one attempt, and says how it ended:
//!
//! - The mail server has taken the email, or has refused it for now or for good: that is known.
//! - The connection broke, or no answer came, after something was sent: the email may have been taken. Another attempt might send it
//!   twice, so there is one more at most, with the same `Message-ID`, by which mail programs recognise the second.

mod address;
mod config;
mod folder;
mod language;
mod metrics;

use std::{path::PathBuf, sync::Arc, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
};

pub use self::{address::EmailAddress, config::MailConfig, language::Language, metrics::MailMetrics};
use super::{
    codec::hex,
    jobs::{Job, JobError, JobKind},
    secret::Secret,
    tasks::Tasks,
    token,
};

/// Emails that one instance sends at once.
const CONNECTIONS: usize = 4;

/// Time limit of one SMTP conversation.
const SMTP_TIMEOUT: Duration = Duration::from_secs(20);

/// Delay between the first failure and the second attempt; doubled after each further failure.
const FIRST_RETRY_DELAY: Duration = Duration::from_secs(1);

/// Longest delay between two attempts.
const MAX_RETRY_DELAY: Duration = Duration::from_mins(1);

/// Attempts to send an email of which nobody knows how they ended, at most.
const MAX_UNCERTAIN: i32 = 2;

/// Where emails go.
#[derive(Clone, Debug)]
pub enum Target {
    /// Into a folder, one file an email, in the form in which it would be sent (RFC 5322).
    Folder(PathBuf),
    /// To a mail server: `smtp://`, or `smtps://` for TLS, `?tls=required` for STARTTLS.
    Smtp(Secret),
}

/// How emails are sent.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where emails go.
    pub target: Target,
    /// The sender: an address, or `Name <address>`.
    pub sender: String,
    /// Emails of one kind that may wait, at most.
    pub max_pending: u64,
    /// How long a failing delivery is retried.
    pub retry_for: Duration,
    /// How long an email stays in the folder.
    pub keep_for: Duration,
}

/// An email in plain text.
#[derive(Clone, Debug)]
pub struct Email {
    /// The recipient.
    pub to: EmailAddress,
    /// The subject; it is logged, so it must not hold a secret.
    pub subject: String,
    /// The text, which may hold a code.
    pub text: Secret,
}

/// The mail settings can't be used.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub enum MailError {
    /// The URL of the mail server is invalid. The message doesn't quote it, since it may hold a password.
    #[error("mail_url is not a URL of a mail server (smtp://…, smtps://…, smtp://…?tls=required)")]
    Url,
    /// The sender is not an address.
    #[error("mail_sender must be an address, or a name and <address>")]
    Sender,
}

/// Sends emails. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Mailer(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    transport: Transport,
    sender: Mailbox,
    max_pending: u64,
    retry_for: Duration,
    metrics: MailMetrics,
}

#[derive(Debug)]
enum Transport {
    Folder(PathBuf),
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
}

/// Whether it is the URL of a mail server.
#[must_use]
pub fn is_smtp_url(url: &Secret) -> bool {
    AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose()).is_ok()
}

impl Mailer {
    /// A mailer with these settings. It doesn't connect yet: the mail server may be down.
    ///
    /// # Errors
    /// [`MailError`].
    pub fn new(settings: Settings, tasks: &Tasks, metrics: &MailMetrics) -> Result<Self, MailError> {
        let transport = match settings.target {
            Target::Folder(folder) => {
                tasks.spawn_until_stop("removal of old emails", folder::remove_old(folder.clone(), settings.keep_for));
                Transport::Folder(folder)
            }
            Target::Smtp(url) => {
                let builder =
                    AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose()).map_err(|_| MailError::Url)?;
                Transport::Smtp(builder.timeout(Some(SMTP_TIMEOUT)).build())
            }
        };
        Ok(Self(Arc::new(Inner {
            transport,
            sender: settings.sender.parse().map_err(|_| MailError::Sender)?,
            max_pending: settings.max_pending,
            retry_for: settings.retry_for,
            metrics: metrics.clone(),
        })))
    }

    /// A kind of jobs that send an email each.
    #[must_use]
    pub fn kind(&self, name: &'static str) -> JobKind {
        JobKind {
            name,
            at_once: CONNECTIONS,
            time_limit: SMTP_TIMEOUT + SMTP_TIMEOUT / 2,
            first_delay: FIRST_RETRY_DELAY,
            max_delay: MAX_RETRY_DELAY,
            retry_for: self.0.retry_for,
            max_uncertain: MAX_UNCERTAIN,
        }
    }

    /// How many emails of a kind may wait.
    #[must_use]
    pub fn max_pending(&self) -> u64 {
        self.0.max_pending
    }

    /// Makes one attempt to send an email, for that job.
    ///
    /// # Errors
    /// [`JobError`], without the address.
    pub async fn send(&self, job: &Job, email: &Email) -> Result<(), JobError> {
        let inner = &self.0;
        // The same in each attempt.
        let name = hex::of_bytes(&token::digest(&job.name()));
        let name = name.get(..32).unwrap_or_default();
        let message = Message::builder()
            .from(inner.sender.clone())
            .to(Mailbox::new(None, email.to.address().clone()))
            .subject(email.subject.clone())
            .message_id(Some(format!("<{name}@{}>", inner.sender.email.domain())))
            .header(ContentType::TEXT_PLAIN)
            .body(email.text.expose().to_owned())
            .map_err(|_| JobError::Hopeless("the email can't be written".to_owned()))?;
        let sent = match &inner.transport {
            Transport::Folder(folder) => to_folder(folder, format!("{}-{name}", job.asked_at_ms()), &message).await,
            Transport::Smtp(transport) => {
                job.begin_uncertain().await?;
                by_smtp(transport, message).await
            }
        };
        match &sent {
            Ok(()) => inner.metrics.finished("delivered"),
            Err(JobError::Hopeless(_)) => inner.metrics.finished("refused"),
            Err(_) => {}
        }
        sent
    }
}

/// Writes an email to a file, which a second attempt replaces.
async fn to_folder(folder: &std::path::Path, name: String, message: &Message) -> Result<(), JobError> {
    let (folder, bytes) = (folder.to_owned(), message.formatted());
    let written = tokio::task::spawn_blocking(move || folder::write(&folder, &name, &bytes)).await;
    let failed = |error: String| JobError::Failed(format!("writing the email to a file failed: {error}"));
    let path = written.map_err(|error| failed(error.to_string()))?.map_err(failed)?;
    tracing::info!(path = %path.display(), "no mail server is configured, email written to a file");
    Ok(())
}

async fn by_smtp(transport: &AsyncSmtpTransport<Tokio1Executor>, message: Message) -> Result<(), JobError> {
    let no_answer = || JobError::Uncertain("the mail server did not answer in time".to_owned());
    let Ok(sent) = tokio::time::timeout(SMTP_TIMEOUT, transport.send(message)).await else { return Err(no_answer()) };
    let Err(error) = sent else { return Ok(()) };
    // What a server says may quote the address, so its code must do.
    if let Some(code) = error.status() {
        let text = format!("the mail server refused the email ({code})");
        return Err(if error.is_permanent() { JobError::Hopeless(text) } else { JobError::Failed(text) });
    }
    if error.is_response() {
        return Err(JobError::Uncertain("the mail server's answer can't be understood".to_owned()));
    }
    let text = error.to_string();
    // lettre has no other way to tell: without a connection nothing was sent.
    let is_unsent = error.is_client() || error.is_tls() || text.starts_with("Connection error");
    Err(if is_unsent {
        JobError::Failed(format!("no conversation with the mail server: {text}"))
    } else {
        JobError::Uncertain(format!("the connection to the mail server broke: {text}"))
    })
}
