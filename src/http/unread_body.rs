//! What is left of a request's body when it is answered.
//!
//! hyper reuses a connection only if the whole body has arrived at that moment, and closes it otherwise without a word to the
//! client, whose next request is lost. So what is left of a small body is waited for and discarded; after a large one the
//! connection is closed, and the answer says so.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use poem::{
    Body, Request,
    http::{HeaderMap, header},
};

/// The rest of a body of at most so many bytes is waited for.
const SMALL_BYTES: usize = 16 * 1024;

/// For so long.
const MAX_WAIT: Duration = Duration::from_secs(1);

type Parts = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

/// The parts of a body that have not been read yet, shared with whoever reads it; nothing when it has been read to its end.
#[derive(Clone)]
struct SharedParts(Arc<Mutex<Option<Parts>>>);

impl Stream for SharedParts {
    type Item = io::Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        let mut parts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let next = match parts.as_mut() {
            Some(parts) => ready!(parts.as_mut().poll_next(context)),
            None => None,
        };
        if next.is_none() {
            *parts = None;
        }
        Poll::Ready(next)
    }
}

/// A small body.
pub struct SmallRest(SharedParts);

/// Whether a large body was read to its end, by whoever reads it.
#[derive(Clone, Debug, Default)]
pub struct BodyRead(Arc<AtomicBool>);

impl BodyRead {
    /// That of a request; nothing where it has no large body.
    pub fn of(request: &Request) -> Option<&Self> {
        request.data()
    }

    /// The body was read to its end.
    pub fn mark(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The body of a request, as far as it will be left unread.
pub enum Unread {
    /// There is none.
    None,
    /// A small one.
    Small(SmallRest),
    /// A large one.
    Large(BodyRead),
}

impl Unread {
    /// Prepares a request for that its body may be left unread.
    pub fn of(request: &mut Request) -> Self {
        match length(request.headers()) {
            Some(0) => Self::None,
            Some(length) if length <= SMALL_BYTES => {
                let parts: Parts = Box::pin(request.take_body().into_bytes_stream());
                let parts = SharedParts(Arc::new(Mutex::new(Some(parts))));
                request.set_body(Body::from_bytes_stream(parts.clone()));
                Self::Small(SmallRest(parts))
            }
            _ => {
                let read = BodyRead::default();
                request.set_data(read.clone());
                Self::Large(read)
            }
        }
    }

    /// Discards the rest of a small body; returns whether the connection can be used for another request.
    pub async fn discard(self) -> bool {
        match self {
            Self::None => true,
            Self::Small(SmallRest(parts)) => discard(parts).await,
            Self::Large(read) => read.0.load(Ordering::Relaxed),
        }
    }
}

/// Discards the rest of a body; returns whether all of it has arrived.
async fn discard(mut parts: SharedParts) -> bool {
    let all = async { while let Some(Ok(_)) = parts.next().await {} };
    tokio::time::timeout(MAX_WAIT, all).await.is_ok()
}

/// The length of the body; `None` where it is not known.
fn length(headers: &HeaderMap) -> Option<usize> {
    if headers.contains_key(header::TRANSFER_ENCODING) {
        return None;
    }
    let Some(length) = headers.get(header::CONTENT_LENGTH) else { return Some(0) };
    length.to_str().ok()?.parse().ok()
}
