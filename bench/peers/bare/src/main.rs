//! `bare PORT ANSWER`: hyper answering every request with the content of the file, or with 304 if `If-None-Match` is its
//! `ETag`. The file has the header fields, a line each, an empty line, and the body.
//!
//! As many threads as cores, as Cairn has. Nothing that a real server needs: no deadlines, no limits, no routes.

use std::{convert::Infallible, error::Error, sync::Arc};

use bytes::Bytes;
use http_body_util::Full;
use hyper::{
    HeaderMap, Request, Response, StatusCode,
    body::Incoming,
    header::{self, HeaderName},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

struct Answer {
    headers: HeaderMap,
    /// The headers that a 304 has too: all that do not describe a body.
    unchanged_headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn read(file: &str) -> Result<Self, Box<dyn Error>> {
        let mut head = std::fs::read(file)?;
        let end = head.windows(2).position(|two| two == b"\n\n").ok_or("the file has no empty line")?;
        let body = Bytes::from(head.split_off(end + 2));
        let mut headers = HeaderMap::new();
        for line in std::str::from_utf8(&head)?.lines().filter(|line| !line.is_empty()) {
            let (name, value) = line.split_once(": ").ok_or("a line of the head has no colon")?;
            headers.insert(HeaderName::try_from(name)?, value.parse()?);
        }
        let mut unchanged_headers = headers.clone();
        unchanged_headers.remove(header::CONTENT_TYPE);
        unchanged_headers.remove(header::CONTENT_ENCODING);
        Ok(Self { headers, unchanged_headers, body })
    }

    fn to(&self, request: &Request<Incoming>) -> Response<Full<Bytes>> {
        let asked = request.headers().get(header::IF_NONE_MATCH);
        let unchanged = asked.is_some() && asked == self.headers.get(header::ETAG);
        let mut response = Response::new(Full::new(if unchanged { Bytes::new() } else { self.body.clone() }));
        if unchanged {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        *response.headers_mut() = if unchanged { self.unchanged_headers.clone() } else { self.headers.clone() };
        response
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let [_, port, file] = &std::env::args().collect::<Vec<_>>()[..] else {
        return Err("usage: bare PORT ANSWER".into());
    };
    let (port, answer) = (port.parse()?, Arc::new(Answer::read(file)?));
    tokio::runtime::Builder::new_multi_thread().enable_io().build()?.block_on(serve(port, answer))
}

async fn serve(port: u16, answer: Arc<Answer>) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let answer = Arc::clone(&answer);
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let response = answer.to(&request);
                async move { Ok::<_, Infallible>(response) }
            });
            // Each response is sent at once, in one vectored write (hyper's defaults). Broken connections are ignored.
            let _broken = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}
