//! A proxy before a server, which can be cut off or stalled at any moment.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Line {
    Open,
    /// Connections are broken, new ones refused at once.
    Cut,
    /// Connections are taken, and nothing goes through.
    Stalled,
}

pub struct Proxy {
    line: Arc<watch::Sender<Line>>,
    counts: Arc<AtomicUsize>,
}

/// The Redis commands that count, and that set an expiry.
const COUNTING: [&[u8]; 2] = [b"\r\nINCRBY\r\n", b"\r\nPEXPIRE\r\n"];

impl Proxy {
    /// A proxy before the host and port of a URL; returns the URL that goes through it.
    pub async fn before(url: &str) -> (Self, String) {
        let (front, rest) = url.rsplit_once('@').map_or_else(
            || url.split_once("://").map(|(scheme, rest)| (format!("{scheme}://"), rest)).unwrap(),
            |(front, rest)| (format!("{front}@"), rest),
        );
        let (upstream, path) =
            rest.split_once('/').map_or((rest, String::new()), |(host, path)| (host, format!("/{path}")));
        let upstream = upstream.to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let line = Arc::new(watch::channel(Line::Open).0);
        let lines = Arc::clone(&line);
        let counts = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&counts);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if *lines.borrow() == Line::Cut {
                    continue;
                }
                let (upstream, lines, seen) = (upstream.clone(), lines.subscribe(), Arc::clone(&seen));
                tokio::spawn(async move {
                    let server = TcpStream::connect(upstream).await.unwrap();
                    let (client_in, client_out) = client.into_split();
                    let (server_in, server_out) = server.into_split();
                    let mut cut = lines.clone();
                    tokio::select! {
                        () = pass(client_in, server_out, lines.clone(), |bytes| count(bytes, &seen)) => {}
                        () = pass(server_in, client_out, lines, |_| {}) => {}
                        _ = cut.wait_for(|line| *line == Line::Cut) => {}
                    }
                });
            }
        });
        (Self { line, counts }, format!("{front}{address}{path}"))
    }

    /// Commands to count that have gone through to Redis.
    pub fn counts(&self) -> usize {
        self.counts.load(Ordering::Relaxed)
    }

    pub fn cut(&self) {
        self.line.send_replace(Line::Cut);
    }

    pub fn stall(&self) {
        self.line.send_replace(Line::Stalled);
    }

    pub fn mend(&self) {
        self.line.send_replace(Line::Open);
    }
}

fn count(bytes: &[u8], seen: &AtomicUsize) {
    for command in COUNTING {
        let found = bytes.windows(command.len()).filter(|window| *window == command).count();
        seen.fetch_add(found, Ordering::Relaxed);
    }
}

async fn pass(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    mut lines: watch::Receiver<Line>,
    see: impl Fn(&[u8]),
) {
    let mut bytes = vec![0; 64 * 1024];
    loop {
        let Ok(length @ 1..) = from.read(&mut bytes).await else { return };
        see(&bytes[..length]);
        if lines.wait_for(|line| *line == Line::Open).await.is_err() || to.write_all(&bytes[..length]).await.is_err() {
            return;
        }
    }
}
