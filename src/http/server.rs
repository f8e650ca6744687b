//! The listener: accepts a limited number of connections, serves HTTP/1.1 on them, and shuts them down gracefully.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use super::{
    connection_stream::ConnectionStream,
    connections::{Connections, Place},
    envelope::Settings,
    fast_path::FastPath,
    header_lines::HeaderLines,
    health,
    refusal::{self, Refusal, Refuse},
    timer::ConnectionTimer,
};
use futures_util::{
    FutureExt,
    future::{Either, ready},
};
use http_body_util::{Either as Body, Full};
use hyper::{body::Body as _, server::conn::http1, service::service_fn};
use hyper_util::{rt::TokioIo, server::graceful::GracefulShutdown};
use poem::{
    Endpoint,
    http::{HeaderValue, header, uri::Scheme},
    web::{LocalAddr, RemoteAddr},
};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

/// The limits of connections.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Open at once, of all and of one network.
    pub connections: Connections,
    /// From the first byte of a request (or from the end of the last one) to the end of its headers.
    pub header_deadline: Duration,
    /// For how long a client may read nothing of a response.
    pub write_deadline: Duration,
    /// How long requests may take to finish when the server stops.
    pub stop_deadline: Duration,
}

/// Connections that the system holds before they are accepted.
const BACKLOG: i32 = 1024;

/// The pause after accepting failed: with no file handle left, the next call would fail at once again.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// The time between the end of accepting and the shutdown of connections. A connection on which nothing was read yet
/// would be closed at once, with a request on its way; in this time the first request of each is read.
const SETTLE: Duration = Duration::from_millis(200);

/// Binds to an address; port 0 takes a free one.
///
/// # Errors
/// The address is taken, or not ours.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    // Accepted connections inherit it: a response is sent when it is written.
    socket.set_tcp_nodelay(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

/// Serves until `stop`, then finishes the requests in progress.
pub async fn serve<E: Endpoint + 'static>(
    listener: TcpListener,
    limits: Limits,
    endpoint: E,
    fast_path: Option<FastPath>,
    envelope: Arc<Settings>,
    stop: CancellationToken,
) {
    let endpoint = Arc::new(endpoint);
    let connections = limits.connections;
    let open = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.header_read_timeout(limits.header_deadline);
    let handle = |stream: TcpStream, peer: SocketAddr, place: Place| {
        let local = stream.local_addr().map_or_else(|_| LocalAddr::default(), |addr| LocalAddr(addr.into()));
        let (endpoint, fast_path) = (Arc::clone(&endpoint), fast_path.clone());
        let (phase, is_reserve) = (Arc::clone(&place.phase), place.is_reserve);
        let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
            let has_body = !request.body().is_end_stream();
            let headers = HeaderLines::of(request.headers());
            let refusal = if is_reserve && !health::PATHS.contains(&request.uri().path()) {
                Some(Refusal::NoPlace)
            } else {
                refusal::of_request(request.version(), &headers, has_body)
            };
            if let Some(refusal) = refusal {
                request.extensions_mut().insert(refusal);
            } else if let Some(fast_path) = &fast_path
                && let Some(answer) = fast_path.answer(request.method(), request.uri(), &headers, peer)
            {
                return Either::Left(ready(Ok(answer.map(|body| Body::Left(Full::new(body))))));
            }
            let (endpoint, phase) = (Arc::clone(&endpoint), Arc::clone(&phase));
            let request = (request, local.clone(), RemoteAddr(peer.into()), Scheme::HTTP).into();
            let answer = async move {
                let mut response = hyper::Response::from(endpoint.get_response(request).await);
                if is_reserve {
                    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
                }
                if has_body && response.headers().contains_key(header::CONNECTION) {
                    phase.leave_unread();
                }
                Ok::<_, std::convert::Infallible>(response.map(Body::Right))
            };
            // Boxed, so that the fast path need not carry its size.
            Either::Right(answer.boxed())
        });
        let settings = Arc::clone(&envelope);
        let refuse: Arc<Refuse> = Arc::new(move |problem| settings.refuse(problem, Some(peer.ip())));
        let (id, phase) = (place.id(), &place.phase);
        let stream = ConnectionStream::new(stream, limits.write_deadline, Arc::clone(phase), refuse);
        let timer = ConnectionTimer::new(Arc::clone(phase));
        let http = http.clone().timer(timer).serve_connection(TokioIo::new(stream), service);
        let connection = open.watch(http);
        let task = tokio::spawn(async move {
            // A client that disconnects, or sends its headers too slowly, is not worth a log line.
            let _broken = connection.await;
            drop(place);
        });
        connections.serve(id, task.abort_handle());
    };
    while let Some(accepted) = stop.run_until_cancelled(listener.accept()).await {
        match accepted {
            Ok((stream, peer)) => {
                if let Some(place) = connections.admit(peer.ip()) {
                    handle(stream, peer, place);
                }
            }
            Err(error) => {
                tracing::warn!(%error, "accepting a connection failed");
                // Most likely there is no file handle left.
                connections.close_some();
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    // Connections in the system's queue may have sent a request already, and would be reset.
    if let Ok(listener) = listener.into_std() {
        while let Ok((stream, peer)) = listener.accept() {
            if stream.set_nonblocking(true).is_ok()
                && let Ok(stream) = TcpStream::from_std(stream)
                && let Some(place) = connections.admit(peer.ip())
            {
                handle(stream, peer, place);
            }
        }
    }
    tokio::time::sleep(SETTLE).await;
    if tokio::time::timeout(limits.stop_deadline, open.shutdown()).await.is_err() {
        tracing::warn!("stopping: some requests did not finish in time");
    }
}
