//! A host that the operator has chosen for this installation: asked with any method, also in a private network, with bodies that are
//! sent and received as streams. One connection for each request.

use std::{future::poll_fn, io, pin::Pin, sync::Arc, task::Context, time::Duration};

use bytes::Bytes;
use futures_util::{StreamExt, future::BoxFuture, stream::BoxStream};
use http_body_util::{BodyExt, Empty, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::{
    Method, Request,
    body::{Body, Frame, Incoming},
    client::conn::http1,
    header::{CONTENT_LENGTH, HOST, USER_AGENT},
};
use hyper_util::rt::TokioIo;

use super::{
    Outbound, OutboundError,
    connection::{Connector, Origin, broken},
};

/// How long it may take to connect, to answer after the last byte of a request, and between two parts of an answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long sending a body may take in all.
const SENDING: Duration = Duration::from_mins(10);

/// A host of the operator's choice. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// Its name in logs and metrics.
    name: &'static str,
    origin: Origin,
    outbound: Outbound,
}

/// The body of a request.
pub enum Sent {
    /// None.
    Nothing,
    /// These bytes.
    Bytes(Bytes),
    /// So many bytes, in parts.
    Parts(u64, BoxStream<'static, io::Result<Bytes>>),
}

impl std::fmt::Debug for Sent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sent").finish_non_exhaustive()
    }
}

/// What came back, of whatever status.
#[derive(Debug)]
pub struct EndpointAnswer {
    /// The status.
    pub status: u16,
    /// The `Content-Length`.
    pub length: Option<u64>,
    /// The body.
    pub body: ReplyParts,
}

/// The body of an answer, which is read from its own connection.
pub struct ReplyParts {
    connection: Option<BoxFuture<'static, ()>>,
    body: Incoming,
}

impl std::fmt::Debug for ReplyParts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReplyParts").finish_non_exhaustive()
    }
}

type RequestBody = UnsyncBoxBody<Bytes, io::Error>;

impl Sent {
    fn into_body(self) -> (Option<u64>, RequestBody) {
        match self {
            Self::Nothing => (None, RequestBody::new(Empty::new().map_err(|never| match never {}))),
            Self::Bytes(bytes) => {
                let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                (Some(length), RequestBody::new(Full::new(bytes).map_err(|never| match never {})))
            }
            Self::Parts(length, parts) => {
                (Some(length), RequestBody::new(StreamBody::new(parts.map(|part| part.map(Frame::data)))))
            }
        }
    }
}

impl Outbound {
    /// A host of the operator's choice, by its URL.
    ///
    /// # Errors
    /// [`OutboundError::Url`].
    pub fn endpoint(&self, name: &'static str, base: &str) -> Result<Endpoint, OutboundError> {
        let origin = Origin::parse(base).ok_or_else(|| OutboundError::Url("what is configured".to_owned()))?;
        let outbound = Self { connector: Arc::new(Connector::new(true)), ..self.clone() };
        Ok(Endpoint { name, origin, outbound })
    }
}

impl Endpoint {
    /// Makes one request; `target` is the path with the query, as it stands in the request.
    ///
    /// # Errors
    /// [`OutboundError`], where there is no answer.
    pub async fn ask(
        &self,
        method: &str,
        target: &str,
        headers: &[(&'static str, String)],
        body: Sent,
    ) -> Result<EndpointAnswer, OutboundError> {
        let asked = tokio::time::timeout(SENDING, self.send(method, target, headers, body)).await;
        let asked = asked.unwrap_or(Err(OutboundError::Late));
        let outcome = asked.as_ref().map_or_else(OutboundError::outcome, |_| "answered");
        self.outbound.metrics.asked(self.name, outcome);
        if let Err(error) = &asked {
            tracing::info!(host = self.name, %error, "asking another host failed");
        }
        asked
    }

    async fn send(
        &self,
        method: &str,
        target: &str,
        headers: &[(&'static str, String)],
        body: Sent,
    ) -> Result<EndpointAnswer, OutboundError> {
        let connecting = tokio::time::timeout(PATIENCE, self.outbound.connector.open(&self.origin)).await;
        let stream = connecting.unwrap_or(Err(OutboundError::Late))?;
        let (length, body) = body.into_body();
        let method = Method::from_bytes(method.as_bytes()).map_err(|error| broken(&error))?;
        let mut request = Request::builder()
            .method(method)
            .uri(target)
            .header(HOST, self.origin.authority())
            .header(USER_AGENT, &self.outbound.user_agent);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        if let Some(length) = length {
            request = request.header(CONTENT_LENGTH, length);
        }
        let request = request.body(body).map_err(|error| broken(&error))?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|error| broken(&error))?;
        // What went wrong on it, whoever waits for the answer is told.
        let mut connection: Option<BoxFuture<'static, ()>> = Some(Box::pin(async move { drop(connection.await) }));
        let mut answering = Box::pin(sender.send_request(request));
        let answer = poll_fn(|context| {
            drive(&mut connection, context);
            answering.as_mut().poll(context)
        });
        let answer = answer.await.map_err(|error| broken(&error))?;
        let length = answer.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        let (status, body) = (answer.status().as_u16(), answer.into_body());
        Ok(EndpointAnswer { status, length, body: ReplyParts { connection, body } })
    }
}

/// Lets a connection work as far as it can.
fn drive(connection: &mut Option<BoxFuture<'static, ()>>, context: &mut Context<'_>) {
    if let Some(working) = connection
        && working.as_mut().poll(context).is_ready()
    {
        *connection = None;
    }
}

impl ReplyParts {
    /// The next part; `None` after the last.
    ///
    /// # Errors
    /// The connection broke, or is silent.
    pub async fn next(&mut self) -> Option<Result<Bytes, OutboundError>> {
        loop {
            let frame = poll_fn(|context| {
                drive(&mut self.connection, context);
                Pin::new(&mut self.body).poll_frame(context)
            });
            match tokio::time::timeout(PATIENCE, frame).await {
                Err(_) => return Some(Err(OutboundError::Late)),
                Ok(None) => return None,
                Ok(Some(Err(error))) => return Some(Err(broken(&error))),
                Ok(Some(Ok(frame))) => {
                    if let Ok(part) = frame.into_data() {
                        return Some(Ok(part));
                    }
                }
            }
        }
    }

    /// All of it, up to so many bytes.
    ///
    /// # Errors
    /// As [`ReplyParts::next`]; [`OutboundError::TooLarge`].
    pub async fn bytes(mut self, most: usize) -> Result<Vec<u8>, OutboundError> {
        let mut bytes = Vec::new();
        while let Some(part) = self.next().await {
            bytes.extend_from_slice(&part?);
            if bytes.len() > most {
                return Err(OutboundError::TooLarge);
            }
        }
        Ok(bytes)
    }
}
