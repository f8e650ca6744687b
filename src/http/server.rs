//! The listener: accepts a limited number of connections, serves HTTP/1.1 on them, and shuts them down gracefully.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use super::{fast_path::FastPath, timer::ConnectionTimer, write_timeout::WriteTimeoutStream};
use futures_util::{
    FutureExt,
    future::{Either, ready},
};
use http_body_util::{Either as Body, Full};
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::{rt::TokioIo, server::graceful::GracefulShutdown};
use poem::{
    Endpoint,
    http::uri::Scheme,
    web::{LocalAddr, RemoteAddr},
};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_util::sync::CancellationToken;

/// The limits of connections.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Open at once; further ones wait in the system's queue.
    pub connections: usize,
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
    stop: CancellationToken,
) {
    let endpoint = Arc::new(endpoint);
    let permits = Arc::new(Semaphore::new(limits.connections));
    let open = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.header_read_timeout(limits.header_deadline);
    let handle = |stream: TcpStream, peer: SocketAddr, permit: ConnectionPermit| {
        let local = stream.local_addr().map_or_else(|_| LocalAddr::default(), |addr| LocalAddr(addr.into()));
        let (endpoint, fast_path) = (Arc::clone(&endpoint), fast_path.clone());
        let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            let ready_response = fast_path
                .as_ref()
                .and_then(|fast_path| fast_path.answer(request.method(), request.uri(), request.headers(), peer));
            if let Some(answer) = ready_response {
                return Either::Left(ready(Ok(answer.map(|body| Body::Left(Full::new(body))))));
            }
            let endpoint = Arc::clone(&endpoint);
            let request = (request, local.clone(), RemoteAddr(peer.into()), Scheme::HTTP).into();
            let answer = async move {
                let response = hyper::Response::from(endpoint.get_response(request).await);
                Ok::<_, std::convert::Infallible>(response.map(Body::Right))
            };
            // Boxed, so that the fast path need not carry its size.
            Either::Right(answer.boxed())
        });
        let stream = TokioIo::new(WriteTimeoutStream::new(stream, limits.write_deadline));
        let http = http.clone().timer(ConnectionTimer::default()).serve_connection(stream, service);
        let connection = open.watch(http);
        tokio::spawn(async move {
            // A client that disconnects, or sends its headers too slowly, is not worth a log line.
            let _broken = connection.await;
            drop(permit);
        });
    };
    while let Some(accepted) = stop.run_until_cancelled(accept(&listener, &permits)).await {
        match accepted {
            Ok((stream, peer, permit)) => handle(stream, peer, permit),
            Err(error) => {
                tracing::warn!(%error, "accepting a connection failed");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    // Connections in the system's queue may have sent a request already, and would be reset.
    if let Ok(listener) = listener.into_std() {
        while let (Ok((stream, peer)), Ok(permit)) = (listener.accept(), Arc::clone(&permits).try_acquire_owned()) {
            if stream.set_nonblocking(true).is_ok()
                && let Ok(stream) = TcpStream::from_std(stream)
            {
                handle(stream, peer, permit);
            }
        }
    }
    tokio::time::sleep(SETTLE).await;
    if tokio::time::timeout(limits.stop_deadline, open.shutdown()).await.is_err() {
        tracing::warn!("stopping: some requests did not finish in time");
    }
}

type ConnectionPermit = tokio::sync::OwnedSemaphorePermit;

async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, ConnectionPermit)> {
    let permit = Arc::clone(permits).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, permit))
}
