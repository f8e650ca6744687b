//! Mail: letters go out by SMTP, or into a folder where no server is named. Sending is bounded, in the background, and
//! tried again while it may yet work.
//!
//! Letters wait in memory: those that are not delivered when the program stops are lost, and the log says so. Who waits
//! for one asks again.

mod address;
mod config;

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

pub use self::{address::EmailAddress, config::MailConfig};
use super::{clock, metrics::Metrics, secret::Secret, tasks::Tasks};

/// Connections to the mail server at once.
const CONNECTIONS: usize = 4;

/// What one conversation with the mail server may take.
const SMTP_DEADLINE: Duration = Duration::from_secs(20);

/// What one that is under way may take when the program stops.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// From the first failure to the second attempt; doubled each time.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// Between two attempts, at most.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// Where letters go.
#[derive(Clone, Debug)]
pub enum Target {
    /// Into a folder, one file a letter, in the form in which it would be sent (RFC 5322).
    Folder(PathBuf),
    /// To a mail server: `smtp://`, or `smtps://` for TLS, `?tls=required` for STARTTLS.
    Smtp(Secret),
}

/// How mail is sent.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where to.
    pub target: Target,
    /// Whom letters are from: `Name <address>`.
    pub sender: String,
    /// Letters that may be on their way at once.
    pub letters: usize,
    /// How long sending is tried again.
    pub patience: Duration,
}

/// A letter.
#[derive(Clone, Debug)]
pub struct Email {
    /// To whom.
    pub to: EmailAddress,
    /// Its subject.
    pub subject: String,
    /// Plain text.
    pub text: Secret,
}

/// Mail can't be sent as it is configured.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The URL can't be used. Its text may hold a password, so it is not shown.
    #[error("mail_url is not a URL of a mail server (smtp://…, smtps://…, smtp://…?tls=required)")]
    Url,
    /// The sender is none.
    #[error("mail_sender must be an address, or a name and <address>")]
    Sender,
}

/// Too many letters are on their way.
#[derive(Debug, thiserror::Error)]
#[error("too many letters are on their way")]
pub struct Full;

/// Sends letters. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Mailer(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    way: Way,
    sender: Mailbox,
    room: Arc<Semaphore>,
    connections: Semaphore,
    patience: Duration,
    tasks: Tasks,
    metrics: Metrics,
}

#[derive(Debug)]
enum Way {
    Folder(PathBuf),
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
}

/// Room for one letter, taken before it is known whether one will be written.
#[derive(Debug)]
pub struct Place {
    post: Mailer,
    room: OwnedSemaphorePermit,
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{0}")]
    ForGood(String),
    #[error("{0}")]
    ForNow(String),
}

impl Mailer {
    /// Opens the post office. The mail server need not be there.
    ///
    /// # Errors
    /// The settings can't be used.
    pub fn open(settings: Settings, tasks: &Tasks, metrics: &Metrics) -> Result<Self, MailError> {
        let way = match settings.target {
            Target::Folder(folder) => Way::Folder(folder),
            Target::Smtp(url) => {
                let builder =
                    AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose()).map_err(|_| MailError::Url)?;
                Way::Smtp(builder.timeout(Some(SMTP_DEADLINE)).build())
            }
        };
        Ok(Self(Arc::new(Inner {
            way,
            sender: settings.sender.parse().map_err(|_| MailError::Sender)?,
            room: Arc::new(Semaphore::new(settings.letters)),
            connections: Semaphore::new(CONNECTIONS),
            patience: settings.patience,
            tasks: tasks.clone(),
            metrics: metrics.clone(),
        })))
    }

    /// Room for one letter.
    ///
    /// # Errors
    /// There is none.
    pub fn place(&self) -> Result<Place, Full> {
        let room = Arc::clone(&self.0.room).try_acquire_owned().map_err(|_| Full)?;
        Ok(Place { post: self.clone(), room })
    }
}

impl Place {
    /// Sends a letter in the background.
    pub fn send(self, letter: Email) {
        let inner = Arc::clone(&self.post.0);
        self.post.0.tasks.spawn("letter", async move {
            let outcome = inner.deliver(&letter).await;
            drop(self.room);
            inner.metrics.letter(outcome.is_ok());
            match outcome {
                Ok(()) => tracing::debug!(subject = letter.subject, "a letter is delivered"),
                Err(error) => tracing::warn!(subject = letter.subject, %error, "a letter is given up"),
            }
        });
    }
}

impl Inner {
    async fn deliver(&self, letter: &Email) -> Result<(), Failure> {
        let message = Message::builder()
            .from(self.sender.clone())
            .to(Mailbox::new(None, letter.to.address().clone()))
            .subject(letter.subject.clone())
            // The same at each attempt, so that a letter that was taken after all is not there twice.
            .message_id(None)
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.expose().to_owned())
            .map_err(|error| Failure::ForGood(error.to_string()))?;
        let began = Instant::now();
        let mut wait = FIRST_WAIT;
        loop {
            let error = match self.try_once(&message).await {
                Err(Failure::ForNow(error)) => error,
                outcome => return outcome,
            };
            if began.elapsed() + wait > self.patience {
                return Err(Failure::ForGood(error));
            }
            tracing::info!(error, wait_secs = wait.as_secs(), "a letter is not delivered yet");
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.tasks.stopping() => return Err(Failure::ForGood(format!("stopping; {error}"))),
            }
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    async fn last_words(&self) {
        self.tasks.stopping().await;
        tokio::time::sleep(LAST_WORDS).await;
    }

    async fn try_once(&self, message: &Message) -> Result<(), Failure> {
        match &self.way {
            Way::Folder(folder) => {
                let (folder, text) = (folder.clone(), message.formatted());
                let written = tokio::task::spawn_blocking(move || put_in(&folder, &text)).await;
                let written = written.map_err(|error| Failure::ForGood(error.to_string()))?;
                let path = written.map_err(|error| Failure::ForGood(error.to_string()))?;
                tracing::info!(path = %path.display(), "no mail server is configured: the letter is a file");
                Ok(())
            }
            Way::Smtp(transport) => {
                // Never closed.
                let _connection = self.connections.acquire().await;
                let sent = tokio::time::timeout(SMTP_DEADLINE, transport.send(message.clone()));
                let sent = tokio::select! {
                    sent = sent => sent,
                    () = self.last_words() => return Err(Failure::ForGood("stopping".to_owned())),
                };
                match sent {
                    Ok(Ok(_)) => Ok(()),
                    Ok(Err(error)) if error.is_permanent() => Err(Failure::ForGood(error.to_string())),
                    Ok(Err(error)) => Err(Failure::ForNow(error.to_string())),
                    Err(_) => Err(Failure::ForNow("no answer in time".to_owned())),
                }
            }
        }
    }
}

/// What is in a letter opens an account: only its owner may read the file.
fn put_in(folder: &Path, text: &[u8]) -> io::Result<PathBuf> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    std::fs::create_dir_all(folder)?;
    let path = folder.join(format!("{}-{:08x}.eml", clock::now_ms(), fastrand::u32(..)));
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
    file.write_all(text)?;
    Ok(path)
}
