//! A mail server of the tests' own that answers as it is told, and keeps what it was given.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What it does with an email that was sent whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Takes it after that many milliseconds.
    Take(u64),
    /// Keeps it and closes the connection without an answer: as far as the sender knows, it may have been taken.
    Vanish,
    /// Refuses the recipient for good, and quotes the address.
    Refuse,
}

/// An email that arrived, perhaps without an answer.
#[derive(Clone, Debug)]
pub struct Arrived {
    pub to: String,
    pub message_id: String,
    pub text: String,
}

pub struct FaultyMailServer {
    pub url: String,
    arrived: Arc<Mutex<Vec<Arrived>>>,
    task: JoinHandle<()>,
}

impl FaultyMailServer {
    pub async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let arrived = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&arrived);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let kept = Arc::clone(&kept);
                tokio::spawn(async move {
                    // The other side may be killed at any moment.
                    let _broken = converse(stream, manner, &kept).await;
                });
            }
        });
        Self { url, arrived, task }
    }

    pub fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap().clone()
    }
}

impl Drop for FaultyMailServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn converse(stream: TcpStream, manner: Manner, kept: &Mutex<Vec<Arrived>>) -> std::io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 here\r\n").await?;
    let mut to = String::new();
    while let Some(line) = lines.next_line().await? {
        let answer = match line.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => "250 here".to_owned(),
            "RCPT" => {
                to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                if manner == Manner::Refuse { format!("550 no <{to}> here") } else { "250 yes".to_owned() }
            }
            "DATA" => {
                writer.write_all(b"354 go on\r\n").await?;
                let mut text = String::new();
                loop {
                    // What has no end was not sent.
                    let Some(line) = lines.next_line().await? else { return Ok(()) };
                    if line == "." {
                        break;
                    }
                    text.push_str(&line);
                    text.push('\n');
                }
                let message_id = text.lines().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap_or_default();
                kept.lock().unwrap().push(Arrived {
                    to: to.clone(),
                    message_id: message_id.to_owned(),
                    text: text.clone(),
                });
                match manner {
                    Manner::Take(ms) => tokio::time::sleep(std::time::Duration::from_millis(ms)).await,
                    Manner::Vanish => return Ok(()),
                    Manner::Refuse => {}
                }
                "250 taken".to_owned()
            }
            "QUIT" => {
                writer.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => "250 yes".to_owned(),
        };
        writer.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}
