//! Servers of the tests' own in the place of others: they answer in the shapes that were recorded of those, and with their faults.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// A server that answers each request as a function says, word for word; where that is nothing it keeps the connection open.
pub struct Provider {
    pub base: String,
    asked: Arc<AtomicUsize>,
}

impl Provider {
    pub async fn start(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (asked, answer) = (Arc::new(AtomicUsize::new(0)), Arc::new(answer));
        let counted = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (counted, answer) = (Arc::clone(&counted), Arc::clone(&answer));
                tokio::spawn(async move {
                    let mut request = Vec::new();
                    while !request.ends_with(b"\r\n\r\n") {
                        let Ok(byte) = stream.read_u8().await else { return };
                        request.push(byte);
                    }
                    let head = String::from_utf8_lossy(&request).to_ascii_lowercase();
                    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
                    let mut body = vec![0; length.unwrap_or(0)];
                    if stream.read_exact(&mut body).await.is_err() {
                        return;
                    }
                    request.extend(body);
                    counted.fetch_add(1, Ordering::AcqRel);
                    let answer = answer(&String::from_utf8(request).unwrap());
                    if answer.is_empty() {
                        std::future::pending::<()>().await;
                    }
                    // The other side may be gone.
                    let _broken = stream.write_all(answer.as_bytes()).await;
                });
            }
        });
        Self { base, asked }
    }

    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::Acquire)
    }
}

/// An answer with that body.
pub fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}
