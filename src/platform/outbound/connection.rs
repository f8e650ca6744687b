//! One request on a connection of its own: resolved, connected, and read within bounds.

use std::{
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::{Arc, OnceLock},
    time::Duration,
};

use bytes::Bytes;
use futures_util::future::{Either, select};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::{
    Request, Uri,
    client::conn::http1,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, LOCATION, RETRY_AFTER, USER_AGENT},
    http::uri::{Authority, PathAndQuery, Scheme},
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};

use super::{OutboundError, address::is_public};
use crate::platform::secret::Secret;

/// Opens connections.
#[derive(Debug)]
pub(super) struct Connector {
    allows_private: bool,
    /// Made when it is first needed: reading the system's certificates takes a while.
    tls: OnceLock<Option<Arc<ClientConfig>>>,
}

/// Scheme, host and port, with the path that all requests begin with.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    is_tls: bool,
    authority: Authority,
    prefix: String,
}

/// What is asked of a host besides the target.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    /// The form to be posted; without one it is a GET.
    pub form: Option<Secret>,
    /// The `Authorization`.
    pub authorization: Option<Secret>,
}

/// What came back.
pub(super) struct Reply {
    pub status: u16,
    pub location: Option<String>,
    pub retry_after: Option<Duration>,
    pub body: Bytes,
}

impl Origin {
    pub fn parse(url: &str) -> Option<Self> {
        let parts = url.parse::<Uri>().ok()?.into_parts();
        let (scheme, authority) = (parts.scheme?, parts.authority?);
        let is_tls = scheme == Scheme::HTTPS;
        // A name and password would end up in logs.
        if (!is_tls && scheme != Scheme::HTTP) || authority.as_str().contains('@') {
            return None;
        }
        let prefix = parts.path_and_query.map_or_else(String::new, |path| path.path().trim_end_matches('/').to_owned());
        Some(Self { is_tls, authority, prefix })
    }

    /// What stands in the request for a path below this one.
    pub fn target(&self, path_and_query: &str) -> Option<PathAndQuery> {
        format!("{}{path_and_query}", self.prefix).parse().ok()
    }

    /// The target of a redirect, if it stays on this origin.
    pub fn same(&self, location: &Uri) -> Option<PathAndQuery> {
        let is_same = match (location.scheme(), location.authority()) {
            (None, None) => true,
            (Some(scheme), Some(authority)) => {
                (*scheme == Scheme::HTTPS) == self.is_tls
                    && authority.host().eq_ignore_ascii_case(self.authority.host())
                    && authority.port_u16().unwrap_or(self.port()) == self.port()
            }
            _ => false,
        };
        location.path_and_query().filter(|_| is_same).cloned()
    }

    /// Host and port, as the header `Host` has them.
    pub fn authority(&self) -> &str {
        self.authority.as_str()
    }

    fn port(&self) -> u16 {
        self.authority.port_u16().unwrap_or(if self.is_tls { 443 } else { 80 })
    }

    /// The host without the brackets of an IPv6 address.
    fn host(&self) -> &str {
        self.authority.host().trim_start_matches('[').trim_end_matches(']')
    }
}

/// Bytes to and from another host.
pub(super) trait Duplex: AsyncRead + AsyncWrite + Send {}

impl<S: AsyncRead + AsyncWrite + Send> Duplex for S {}

/// A connection to another host.
pub(super) type Connection = Pin<Box<dyn Duplex>>;

pub(super) fn broken(error: &dyn std::error::Error) -> OutboundError {
    OutboundError::Connection(error.to_string())
}

impl Connector {
    pub fn new(allows_private: bool) -> Self {
        Self { allows_private, tls: OnceLock::new() }
    }

    /// Makes one request.
    pub async fn ask(
        &self,
        origin: &Origin,
        target: &PathAndQuery,
        user_agent: &str,
        asked: &Asked,
        max_bytes: usize,
    ) -> Result<Reply, OutboundError> {
        let mut request = match asked.form {
            None => Request::get(target.as_str()),
            Some(_) => Request::post(target.as_str()).header(CONTENT_TYPE, "application/x-www-form-urlencoded"),
        };
        request = request
            .header(HOST, origin.authority.as_str())
            .header(USER_AGENT, user_agent)
            .header(ACCEPT, "application/json");
        if let Some(authorization) = &asked.authorization {
            request = request.header(AUTHORIZATION, authorization.expose());
        }
        let form = asked.form.as_ref().map_or_else(Bytes::new, |form| form.expose().to_owned().into());
        let request = request.body(Full::new(form)).map_err(|error| broken(&error))?;
        exchange(self.open(origin).await?, request, max_bytes).await
    }

    /// Opens a connection, with TLS where the origin says so.
    pub async fn open(&self, origin: &Origin) -> Result<Connection, OutboundError> {
        let stream = self.connect(origin).await?;
        if !origin.is_tls {
            return Ok(Box::pin(stream));
        }
        let name = ServerName::try_from(origin.host().to_owned()).map_err(|error| broken(&error))?;
        let tls =
            self.tls.get_or_init(tls).clone().ok_or_else(|| OutboundError::Connection("there is no TLS".to_owned()))?;
        Ok(Box::pin(TlsConnector::from(tls).connect(name, stream).await.map_err(|error| broken(&error))?))
    }

    /// Resolves the host once, and connects to the first of its addresses that answers.
    async fn connect(&self, origin: &Origin) -> Result<TcpStream, OutboundError> {
        let (host, port) = (origin.host(), origin.port());
        let found: Vec<SocketAddr> = match host.parse::<IpAddr>() {
            Ok(address) => vec![(address, port).into()],
            Err(_) => tokio::net::lookup_host((host, port)).await.map_err(|error| broken(&error))?.collect(),
        };
        let allowed = found.iter().filter(|address| self.allows_private || is_public(address.ip()));
        let mut last = None;
        for address in allowed {
            match TcpStream::connect(address).await {
                Ok(stream) => return Ok(stream),
                Err(error) => last = Some(broken(&error)),
            }
        }
        let none = if found.is_empty() {
            OutboundError::Connection("its name has no address".to_owned())
        } else {
            OutboundError::Private
        };
        Err(last.unwrap_or(none))
    }
}

/// Trusts what the system trusts. Only a library without any usable suite gives nothing.
fn tls() -> Option<Arc<ClientConfig>> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().ok()?;
    Some(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}

/// Sends a request and reads what comes back.
async fn exchange(stream: Connection, request: Request<Full<Bytes>>, max_bytes: usize) -> Result<Reply, OutboundError> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|error| broken(&error))?;
    let reading = std::pin::pin!(async {
        let response = sender.send_request(request).await.map_err(|error| broken(&error))?;
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (status, location) = (response.status().as_u16(), header(LOCATION));
        let retry_after = header(RETRY_AFTER).and_then(|secs| secs.trim().parse().ok()).map(Duration::from_secs);
        let read = Limited::new(response.into_body(), max_bytes).collect().await;
        let body = read.map_err(|error| match error.downcast_ref::<LengthLimitError>() {
            Some(_) => OutboundError::TooLarge,
            None => OutboundError::Connection(error.to_string()),
        })?;
        Ok(Reply { status, location, retry_after, body: body.to_bytes() })
    });
    match select(reading, std::pin::pin!(connection)).await {
        Either::Left((reply, _)) => reply,
        // It may have ended after the last byte.
        Either::Right((_, reading)) => reading.await,
    }
}
