//! Sending emails: by SMTP, or into a folder where no mail server is configured.
//!
//! Emails are delivered in the background. The number of undelivered ones is bounded, and a delivery that fails for a
//! reason that may pass is retried for a configured time. Undelivered emails are held in memory only: those left when the
//! program stops are lost and logged, and the user has to ask for another.

mod address;
mod config;
mod folder;
mod metrics;

use std::{path::PathBuf, sync::Arc, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

pub use self::{address::EmailAddress, config::MailConfig, metrics::MailMetrics};
use super::{secret::Secret, tasks::Tasks};

/// Connections to the mail server at once.
const CONNECTIONS: usize = 4;

/// Time limit of one SMTP conversation.
const SMTP_TIMEOUT: Duration = Duration::from_secs(20);

/// How long an SMTP conversation that is under way may go on when the program stops.
const STOP_GRACE: Duration = Duration::from_secs(5);

/// Delay between the first failure and the second attempt; doubled after each further failure.
const FIRST_RETRY_DELAY: Duration = Duration::from_secs(1);

/// Longest delay between two attempts.
const MAX_RETRY_DELAY: Duration = Duration::from_mins(1);

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
    /// Undelivered emails at once, at most.
    pub max_pending: usize,
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

/// The mail queue is full: too many emails are undelivered.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the mail queue is full")]
pub struct QueueFull;

/// Sends emails in the background. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Mailer(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    transport: Transport,
    sender: Mailbox,
    pending: Arc<Semaphore>,
    connections: Semaphore,
    retry_for: Duration,
    tasks: Tasks,
    metrics: MailMetrics,
}

#[derive(Debug)]
enum Transport {
    Folder(PathBuf),
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
}

/// A reserved place in the mail queue. It is taken before it is known whether there will be an email, so that a full queue
/// doesn't reveal whether an address has an account.
#[derive(Debug)]
pub struct Reservation {
    mailer: Mailer,
    permit: OwnedSemaphorePermit,
}

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Why an email was not delivered.
#[derive(Debug, thiserror::Error)]
enum DeliveryError {
    /// Another attempt would fail too, or there is no time for one.
    #[error("{0}")]
    Permanent(BoxError),
    /// Another attempt may succeed.
    #[error("{0}")]
    Transient(BoxError),
}

impl DeliveryError {
    fn permanent(error: impl Into<BoxError>) -> Self {
        Self::Permanent(error.into())
    }
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
            pending: Arc::new(Semaphore::new(settings.max_pending)),
            connections: Semaphore::new(CONNECTIONS),
            retry_for: settings.retry_for,
            tasks: tasks.clone(),
            metrics: metrics.clone(),
        })))
    }

    /// Reserves a place for one email.
    ///
    /// # Errors
    /// [`QueueFull`].
    pub fn reserve(&self) -> Result<Reservation, QueueFull> {
        let permit = Arc::clone(&self.0.pending).try_acquire_owned().map_err(|_| QueueFull)?;
        Ok(Reservation { mailer: self.clone(), permit })
    }
}

impl Reservation {
    /// Sends an email in the background.
    pub fn send(self, email: Email) {
        let inner = Arc::clone(&self.mailer.0);
        self.mailer.0.tasks.spawn("email delivery", async move {
            let outcome = inner.deliver(&email).await;
            drop(self.permit);
            inner.metrics.finished(outcome.is_ok());
            match outcome {
                Ok(()) => tracing::debug!(subject = email.subject, "email delivered"),
                Err(error) => tracing::warn!(subject = email.subject, %error, "email delivery abandoned"),
            }
        });
    }
}

impl Inner {
    /// Sends an email, and retries while that may help.
    async fn deliver(&self, email: &Email) -> Result<(), DeliveryError> {
        let message = Message::builder()
            .from(self.sender.clone())
            .to(Mailbox::new(None, email.to.address().clone()))
            .subject(email.subject.clone())
            // The same id in each attempt, so that an email that was accepted despite an error isn't shown twice.
            .message_id(None)
            .header(ContentType::TEXT_PLAIN)
            .body(email.text.expose().to_owned())
            .map_err(DeliveryError::permanent)?;
        let started = Instant::now();
        let mut delay = FIRST_RETRY_DELAY;
        loop {
            let error = match self.try_once(&message).await {
                Err(DeliveryError::Transient(error)) => error,
                outcome => return outcome,
            };
            if started.elapsed() + delay > self.retry_for {
                return Err(DeliveryError::Permanent(error));
            }
            tracing::info!(%error, retry_in_secs = delay.as_secs(), "email delivery failed, retrying");
            tokio::select! {
                () = tokio::time::sleep(delay) => {}
                () = self.tasks.stopping() => return Err(DeliveryError::permanent(format!("stopping; {error}"))),
            }
            delay = (delay * 2).min(MAX_RETRY_DELAY);
        }
    }

    async fn try_once(&self, message: &Message) -> Result<(), DeliveryError> {
        match &self.transport {
            Transport::Folder(folder) => {
                let (folder, bytes) = (folder.clone(), message.formatted());
                let written = tokio::task::spawn_blocking(move || folder::write(&folder, &bytes)).await;
                let path = written.map_err(DeliveryError::permanent)?.map_err(DeliveryError::permanent)?;
                tracing::info!(path = %path.display(), "no mail server is configured, email written to a file");
                Ok(())
            }
            Transport::Smtp(transport) => {
                // The semaphore is never closed, so this never fails.
                let _connection = self.connections.acquire().await;
                let sending = tokio::time::timeout(SMTP_TIMEOUT, transport.send(message.clone()));
                let sent = tokio::select! {
                    sent = sending => sent,
                    () = self.stop_grace_over() => return Err(DeliveryError::permanent("stopping")),
                };
                match sent {
                    Ok(Ok(_)) => Ok(()),
                    Ok(Err(error)) if error.is_permanent() => Err(DeliveryError::permanent(error)),
                    Ok(Err(error)) => Err(DeliveryError::Transient(error.into())),
                    Err(_) => Err(DeliveryError::Transient("the mail server did not answer in time".into())),
                }
            }
        }
    }

    /// Resolves [`STOP_GRACE`] after the program begins to stop.
    async fn stop_grace_over(&self) {
        self.tasks.stopping().await;
        tokio::time::sleep(STOP_GRACE).await;
    }
}
