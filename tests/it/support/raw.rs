//! A client that sends exactly the given bytes, on one connection.

use std::{collections::VecDeque, net::SocketAddr};

use reqwest::{
    Method,
    header::{HeaderMap, HeaderName},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::document;

pub struct Connection {
    stream: TcpStream,
    /// The methods and paths of the requests that are not answered yet.
    sent: VecDeque<(Method, String)>,
}

/// An answer, its headers in lower case.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")))
    }

    fn map(&self) -> HeaderMap {
        let pairs = self.headers.lines().filter_map(|line| line.split_once(": "));
        pairs.map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse().unwrap())).collect()
    }

    pub fn problem(&self) -> serde_json::Value {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let problem: serde_json::Value = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(problem["status"], self.status);
        assert_eq!(problem["request_id"].as_str(), self.header("x-request-id"));
        problem
    }
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Self {
        Self { stream: TcpStream::connect(address).await.unwrap(), sent: VecDeque::new() }
    }

    /// A connection from another loopback address than 127.0.0.1.
    pub async fn open_from(own: std::net::Ipv4Addr, address: SocketAddr) -> Self {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind((own, 0).into()).unwrap();
        Self { stream: socket.connect(address).await.unwrap(), sent: VecDeque::new() }
    }

    pub async fn send(&mut self, bytes: &[u8]) {
        for line in bytes.split(|byte| *byte == b'\n') {
            let line = String::from_utf8_lossy(line);
            if let [method, target, "HTTP/1.1"] = *line.trim_end().split(' ').collect::<Vec<_>>() {
                let path = target.split('?').next().unwrap().to_owned();
                self.sent.extend(method.parse().ok().map(|method| (method, path)));
            }
        }
        self.stream.write_all(bytes).await.unwrap();
    }

    /// Sends for as long as the other side takes it; returns how much that was.
    pub async fn send_what_is_taken(&mut self, bytes: &[u8]) -> usize {
        let mut sent = 0;
        while let Ok(written @ 1..) = self.stream.write(&bytes[sent..]).await {
            sent += written;
        }
        sent
    }

    /// A request with a body, and the length header that goes with it.
    pub async fn request(&mut self, method: &str, path: &str, headers: &str, body: &[u8]) -> Answer {
        let length = body.len();
        let head = format!("{method} {path} HTTP/1.1\r\nHost: cairn\r\n{headers}Content-Length: {length}\r\n\r\n");
        self.send(&[head.as_bytes(), body].concat()).await;
        self.answer(method != "HEAD").await.expect("an answer")
    }

    /// The next answer; none when the connection was closed.
    pub async fn answer(&mut self, with_body: bool) -> Option<Answer> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            match self.stream.read_u8().await {
                Ok(byte) => head.push(byte),
                Err(_) if head.is_empty() => return None,
                Err(error) => panic!("cut in the middle of {head:?}: {error}"),
            }
        }
        let head = String::from_utf8(head).unwrap();
        let (first, headers) = head.split_once("\r\n").unwrap();
        let status = first.split(' ').nth(1).unwrap().parse().unwrap();
        let headers: String = headers
            .lines()
            .map(|line| match line.split_once(": ") {
                Some((name, value)) => format!("{}: {value}\n", name.to_lowercase()),
                None => String::new(),
            })
            .collect();
        let mut answer = Answer { status, headers, body: Vec::new() };
        let length = answer.header("content-length").filter(|_| with_body).map(|length| length.parse().unwrap());
        if let Some(length) = length {
            answer.body = vec![0; length];
            self.stream.read_exact(&mut answer.body).await.unwrap();
        }
        if let Some((method, path)) = self.sent.pop_front() {
            document::check(&method, &path, status, &answer.map(), length.map(|_| answer.body.as_slice()));
        }
        Some(answer)
    }
}
