//! The listener: accepts connections in bounds, serves HTTP/1.1 on them, and ends them in order.

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

/// The bounds of the connections.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Open at once; more wait in the system's queue.
    pub connections: usize,
    /// From the first byte of a request (or from the end of the last one) to the end of its headers.
    pub header_deadline: Duration,
    /// For how long a client may take nothing of an answer.
    pub write_deadline: Duration,
    /// What requests may take to finish when the server stops.
    pub stop_deadline: Duration,
}

/// Connections that the system holds before they are accepted.
const BACKLOG: i32 = 1024;

/// After accepting failed: with no file handle left, the call would fail again at once, for ever.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// From the end of accepting until connections are told to end. One on which nothing was read yet is closed at once when
/// it is told, whatever is on its way on it; by then the first request of each has been read.
const SETTLE: Duration = Duration::from_millis(200);

/// Binds to an address; port 0 takes a free one.
///
/// # Errors
/// The address is taken, or not ours.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    // Accepted connections inherit it: an answer leaves when it is written.
    socket.set_tcp_nodelay(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

/// Serves until `stop`, then finishes the requests at hand.
pub async fn serve<E: Endpoint + 'static>(
    listener: TcpListener,
    limits: Limits,
    endpoint: E,
    fast_path: Option<FastPath>,
    stop: CancellationToken,
) {
    let endpoint = Arc::new(endpoint);
    let room = Arc::new(Semaphore::new(limits.connections));
    let open = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.header_read_timeout(limits.header_deadline);
    let take = |stream: TcpStream, peer: SocketAddr, permit: ConnectionPermit| {
        let local = stream.local_addr().map_or_else(|_| LocalAddr::default(), |addr| LocalAddr(addr.into()));
        let (endpoint, fast_path) = (Arc::clone(&endpoint), fast_path.clone());
        let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            let try_get = fast_path
                .as_ref()
                .and_then(|fast_path| fast_path.answer(request.method(), request.uri(), request.headers(), peer));
            if let Some(answer) = try_get {
                return Either::Left(ready(Ok(answer.map(|body| Body::Left(Full::new(body))))));
            }
            let endpoint = Arc::clone(&endpoint);
            let request = (request, local.clone(), RemoteAddr(peer.into()), Scheme::HTTP).into();
            let answer = async move {
                let response = hyper::Response::from(endpoint.get_response(request).await);
                Ok::<_, std::convert::Infallible>(response.map(Body::Right))
            };
            // In a box, so that the short way need not carry its size.
            Either::Right(answer.boxed())
        });
        let stream = TokioIo::new(WriteTimeoutStream::new(stream, limits.write_deadline));
        let http = http.clone().timer(ConnectionTimer::default()).serve_connection(stream, service);
        let connection = open.watch(http);
        tokio::spawn(async move {
            // A client that breaks off, or is too slow with its headers, is no event of ours.
            let _broken = connection.await;
            drop(permit);
        });
    };
    while let Some(accepted) = stop.run_until_cancelled(accept(&listener, &room)).await {
        match accepted {
            Ok((stream, peer, permit)) => take(stream, peer, permit),
            Err(error) => {
                tracing::warn!(%error, "accepting a connection failed");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    // What the system has taken in already would be cut off, with a request in it perhaps.
    if let Ok(listener) = listener.into_std() {
        while let (Ok((stream, peer)), Ok(permit)) = (listener.accept(), Arc::clone(&room).try_acquire_owned()) {
            if stream.set_nonblocking(true).is_ok()
                && let Ok(stream) = TcpStream::from_std(stream)
            {
                take(stream, peer, permit);
            }
        }
    }
    tokio::time::sleep(SETTLE).await;
    if tokio::time::timeout(limits.stop_deadline, open.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
}

type ConnectionPermit = tokio::sync::OwnedSemaphorePermit;

async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, ConnectionPermit)> {
    let permit = Arc::clone(room).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, permit))
}
