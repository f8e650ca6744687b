//! A minimal HTTP/1.1 client for the load: one connection, one request at a time, responses with a length. It does not
//! decompress bodies, and discards them.

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// A response that takes longer is an error.
const PATIENCE: Duration = Duration::from_secs(10);

const GET: &[u8] = b"GET /get-objects HTTP/1.1\r\nHost: bench\r\nAccept-Encoding: gzip\r\n\r\n";

pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    pub fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream, buffer: vec![0; 64 * 1024] })
    }

    /// Fetches the snapshot; returns the status.
    pub fn get(&mut self) -> io::Result<u16> {
        self.stream.write_all(GET)?;
        self.answer()
    }

    /// Posts the body; returns the status.
    pub fn post(&mut self, body: &str) -> io::Result<u16> {
        let length = body.len();
        let request = format!(
            "POST /add-object HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        self.stream.write_all(request.as_bytes())?;
        self.answer()
    }

    fn answer(&mut self) -> io::Result<u16> {
        let mut filled = 0;
        let (status, mut left) = loop {
            let read = self.read(filled)?;
            filled += read;
            let seen = &self.buffer[..filled];
            if let Some(end) = seen.windows(4).position(|four| four == b"\r\n\r\n") {
                let (status, length) = parse(&seen[..end]).ok_or_else(|| broken("an answer without a length"))?;
                break (status, (end + 4 + length).checked_sub(filled).ok_or_else(|| broken("more than was said"))?);
            }
        };
        while left > 0 {
            let read = self.read(0)?;
            left = left.checked_sub(read).ok_or_else(|| broken("more than was said"))?;
        }
        Ok(status)
    }

    fn read(&mut self, from: usize) -> io::Result<usize> {
        match self.stream.read(&mut self.buffer[from..])? {
            0 => Err(broken("the connection ended, or the head is too long")),
            read => Ok(read),
        }
    }
}

/// A response's status and length.
fn parse(head: &[u8]) -> Option<(u16, usize)> {
    let mut lines = std::str::from_utf8(head).ok()?.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let length =
        lines.filter_map(|line| line.split_once(':')).find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    Some((status, length?.1.trim().parse().ok()?))
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}
