//! Emails that Cairn sent: to a mail server of the test, or into the mail folder without one.

use std::{
    fs,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use base64::{Engine, engine::general_purpose::STANDARD};

use super::eventually;

/// An email, as it arrived.
#[derive(Clone, Debug)]
pub struct Email {
    pub to: String,
    pub subject: String,
    pub text: String,
}

impl Email {
    fn read(raw: &str) -> Self {
        let raw = raw.replace("\r\n", "\n");
        let (head, text) = raw.split_once("\n\n").unwrap();
        let head = head.replace("\n ", " ");
        let header = |name: &str| {
            let line = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            line.unwrap_or_else(|| panic!("no {name} in\n{head}")).to_owned()
        };
        let text = match header("Content-Transfer-Encoding").as_str() {
            "quoted-printable" => {
                let decoded = quoted_printable::decode(text, quoted_printable::ParseMode::Robust).unwrap();
                String::from_utf8(decoded).unwrap().replace("\r\n", "\n")
            }
            _ => text.to_owned(),
        };
        Self { to: header("To"), subject: decoded_words(&header("Subject")), text }
    }

    /// The code in it.
    pub fn code(&self) -> String {
        let code = self.text.lines().find_map(|line| line.strip_prefix("    "));
        code.unwrap_or_else(|| panic!("no code in\n{}", self.text)).to_owned()
    }
}

/// A header's text, whose words beyond ASCII are encoded (RFC 2047).
fn decoded_words(header: &str) -> String {
    let decoded = |word: &str| {
        let encoded = word.strip_prefix("=?utf-8?b?")?.strip_suffix("?=")?;
        String::from_utf8(STANDARD.decode(encoded).unwrap()).ok()
    };
    let (mut text, mut was_encoded) = (String::new(), false);
    for word in header.split(' ') {
        let found = decoded(word);
        // Between two of them the space belongs to the encoding.
        if !(text.is_empty() || was_encoded && found.is_some()) {
            text.push(' ');
        }
        was_encoded = found.is_some();
        text.push_str(found.as_deref().unwrap_or(word));
    }
    text
}

/// The folder in which emails arrive.
pub struct Mailbox {
    folder: PathBuf,
}

impl Mailbox {
    /// The mail folder of a server without a mail server.
    pub fn in_data_of(place: &super::Place) -> Self {
        Self { folder: place.folder.join("mail") }
    }

    /// The files of emails, without those that are being written.
    fn files(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(&self.folder) else { return Vec::new() };
        let paths = entries.map(|entry| entry.unwrap().path());
        paths.filter(|path| path.extension().is_none_or(|extension| extension != "part")).collect()
    }

    /// All that have arrived, in no order.
    pub fn all(&self) -> Vec<Email> {
        let mut paths = self.files();
        paths.sort();
        // An email that is being written has no end yet.
        let whole = paths.iter().map(|path| fs::read_to_string(path).unwrap()).filter(|raw| raw.contains("\nCairn: "));
        whole.map(|raw| Email::read(&raw)).collect()
    }

    /// Waits for the email to that address with that subject, and removes it.
    pub async fn take(&self, to: &str, subject: &str) -> Email {
        let mut found = None;
        eventually(&format!("an email to {to}: {subject}; there are {:?}", self.all()), async || {
            for path in self.files() {
                let raw = fs::read_to_string(&path).unwrap();
                if !raw.contains("\nCairn: ") {
                    continue;
                }
                let email = Email::read(&raw);
                if email.to == to && email.subject == subject {
                    fs::remove_file(path).unwrap();
                    found = Some(email);
                    return true;
                }
            }
            false
        })
        .await;
        found.unwrap()
    }
}

/// How a mail server is spoken to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    Plain,
    /// TLS comes first, and the sender must name itself.
    Tls,
    /// TLS is asked for (STARTTLS).
    StartTls,
}

/// A mail server of the test's own (aiosmtpd), which keeps what it takes as files.
pub struct MailServer {
    pub url: String,
    pub mailbox: Mailbox,
    port: u16,
    manner: Manner,
    root: PathBuf,
    process: Option<Child>,
}

impl MailServer {
    /// A server that is not started yet, on a port that was free a moment ago.
    pub fn prepare(manner: Manner) -> Option<Self> {
        let there = Command::new("aiosmtpd").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        if !there.is_ok_and(|status| status.success()) {
            println!("skipped: aiosmtpd is not there; `make test` installs it");
            return None;
        }
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let root = std::env::temp_dir().join(format!("cairn_mail_{}", uuid::Uuid::new_v4().simple()));
        fs::create_dir_all(&root).unwrap();
        let url = match manner {
            Manner::Plain => format!("smtp://127.0.0.1:{port}"),
            Manner::Tls => format!("smtps://cairn:pass%3Aword%401@localhost:{port}"),
            Manner::StartTls => format!("smtp://localhost:{port}?tls=required"),
        };
        let mailbox = Mailbox { folder: root.join("mail/new") };
        Some(Self { url, mailbox, port, manner, root, process: None })
    }

    /// Its certificate, signed by itself.
    pub fn certificate(&self) -> PathBuf {
        self.root.join("certificate.pem")
    }

    fn certify(&self) {
        let mut openssl = Command::new("openssl");
        openssl.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]);
        openssl.args(["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"]);
        openssl.arg("-keyout").arg(self.root.join("key.pem")).arg("-out").arg(self.certificate());
        assert!(openssl.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success());
    }

    /// Starts it, and waits until it answers.
    pub async fn start(&mut self) {
        let (folder, key) = (self.root.join("mail"), self.root.join("key.pem"));
        if self.manner != Manner::Plain {
            self.certify();
        }
        let mut command = Command::new("aiosmtpd");
        if self.manner == Manner::Tls {
            // The Python that Debian's packages are for.
            command = Command::new("/usr/bin/python3");
            command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/mail_server.py"));
            command.arg(self.port.to_string()).arg(folder).arg(self.certificate()).arg(key);
        } else {
            command.args(["--nosetuid", "--listen", &format!("127.0.0.1:{}", self.port)]);
            if self.manner == Manner::StartTls {
                command.arg("--tlscert").arg(self.certificate()).arg("--tlskey").arg(key);
            }
            command.args(["--class", "aiosmtpd.handlers.Mailbox"]).arg(folder);
        }
        self.process = Some(command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap());
        let address = format!("localhost:{}", self.port);
        eventually("the mail server answers", async || tokio::net::TcpStream::connect(&address).await.is_ok()).await;
    }

    /// A running server.
    pub async fn running(manner: Manner) -> Option<Self> {
        let mut server = Self::prepare(manner)?;
        server.start().await;
        Some(server)
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            let _ended_already = process.kill();
            let _reaped_already = process.wait();
        }
        let _not_there = fs::remove_dir_all(&self.root);
    }
}
