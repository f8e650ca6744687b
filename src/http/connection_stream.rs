//! The stream of one connection, with what hyper has no setting for.
//!
//! - A client that reads nothing of its response for too long is disconnected, since it occupies a connection and memory.
//! - hyper refuses what it can't parse with an empty answer; it is replaced by a problem.
//! - Where a body is left unread, what comes of it is discarded for a while before the connection is closed. Otherwise the
//!   client would be reset in the middle of sending, and might never read the answer.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use bytes::{Buf, Bytes};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep},
};

use super::{
    connections::{LINGER, Phase},
    refusal::{self, Refuse},
};

/// The part of what was read last that is kept, to see what a refused request was.
const KEPT_BYTES: usize = 512;

/// The stream of one connection.
pub struct ConnectionStream {
    stream: TcpStream,
    deadline: Duration,
    /// Runs while a write is pending.
    timer: Option<Pin<Box<Sleep>>>,
    phase: Arc<Phase>,
    refuse: Arc<Refuse>,
    /// The begin of what was read last.
    kept: [u8; KEPT_BYTES],
    kept_len: usize,
    /// What is left of the answer in place of hyper's, and the length of that.
    replacement: Option<(Bytes, usize)>,
    /// Runs from the end of writing to the end of discarding.
    linger: Option<Pin<Box<Sleep>>>,
}

impl ConnectionStream {
    /// A stream on which a write may be pending for `deadline`.
    pub fn new(stream: TcpStream, deadline: Duration, phase: Arc<Phase>, refuse: Arc<Refuse>) -> Self {
        Self {
            stream,
            deadline,
            timer: None,
            phase,
            refuse,
            kept: [0; KEPT_BYTES],
            kept_len: 0,
            replacement: None,
            linger: None,
        }
    }

    /// The outcome of a write, or an error when it has been pending for too long.
    fn bounded<T>(&mut self, context: &mut Context<'_>, outcome: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.timer = None;
            return outcome;
        }
        let deadline = self.deadline;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(deadline)));
        ready!(timer.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Whether an answer of ours is to be written in place of these bytes of hyper.
    fn is_replaced(&mut self, bytes: &[u8]) -> bool {
        // hyper answers by itself only while it waits for the headers of a request.
        if self.replacement.is_none() && self.phase.is_waiting() {
            let read = self.kept.get(..self.kept_len).unwrap_or_default();
            self.replacement = refusal::of_hyper(bytes, read, &*self.refuse).map(|answer| (answer, bytes.len()));
            if self.replacement.is_some() {
                self.phase.leave_unread();
            }
        }
        self.replacement.is_some()
    }

    /// Writes the answer in place of hyper's, and reports hyper's as written when all of it is.
    fn poll_replacement(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        while let Some((answer, length)) = &mut self.replacement {
            if answer.is_empty() {
                let length = *length;
                self.replacement = None;
                // hyper shuts the connection down after it.
                self.phase.end_waiting();
                return Poll::Ready(Ok(length));
            }
            let written = ready!(Pin::new(&mut self.stream).poll_write(context, answer))?;
            answer.advance(written);
        }
        Poll::Ready(Ok(0))
    }

    /// Discards what still comes.
    fn poll_discard(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let linger = self.linger.get_or_insert_with(|| Box::pin(sleep(LINGER)));
        if linger.as_mut().poll(context).is_ready() {
            return Poll::Ready(());
        }
        let mut scratch = [0; 4096];
        loop {
            let mut discarded = ReadBuf::new(&mut scratch);
            let outcome = ready!(Pin::new(&mut self.stream).poll_read(context, &mut discarded));
            if outcome.is_err() || discarded.filled().is_empty() {
                return Poll::Ready(());
            }
        }
    }
}

impl AsyncRead for ConnectionStream {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let before = out.filled().len();
        let outcome = Pin::new(&mut this.stream).poll_read(context, out);
        let read = out.filled().get(before..).unwrap_or_default();
        let kept = read.get(..KEPT_BYTES).unwrap_or(read);
        if let Some(place) = this.kept.get_mut(..kept.len()).filter(|place| !place.is_empty()) {
            place.copy_from_slice(kept);
            this.kept_len = kept.len();
        }
        outcome
    }
}

impl AsyncWrite for ConnectionStream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = if self.is_replaced(bytes) {
            self.poll_replacement(context)
        } else {
            Pin::new(&mut self.stream).poll_write(context, bytes)
        };
        self.bounded(context, outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = if self.is_replaced(slices.first().map_or(&[], |first| first)) {
            self.poll_replacement(context)
        } else {
            Pin::new(&mut self.stream).poll_write_vectored(context, slices)
        };
        self.bounded(context, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.linger.is_none() {
            ready!(Pin::new(&mut self.stream).poll_shutdown(context))?;
            if !self.phase.is_left_unread() {
                return Poll::Ready(Ok(()));
            }
            // Until then it may be closed like one that waits.
            self.phase.begin_waiting(Instant::now());
        }
        ready!(self.poll_discard(context));
        Poll::Ready(Ok(()))
    }
}
