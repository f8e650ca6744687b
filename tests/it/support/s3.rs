//! An S3-compatible server that checks signatures: s3s-fs, which `scripts/install-needs s3s-fs` installs.

use std::{
    io::ErrorKind,
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use tokio::net::TcpStream;

use super::eventually;

pub struct S3Server {
    /// What `BLOBS_URL` names.
    pub url: String,
    folder: PathBuf,
    child: Child,
}

impl S3Server {
    /// A server with an empty bucket; prints so where the program is not there.
    pub async fn start() -> Option<Self> {
        let folder = std::env::temp_dir().join(format!("cairn_s3_{}", uuid::Uuid::new_v4().simple()));
        std::fs::create_dir_all(folder.join("cairn")).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new("s3s-fs");
        command.args(["--host", "127.0.0.1", "--port", &port.to_string()]);
        command.args(["--access-key", "KEY", "--secret-key", "se/cret+"]).arg(&folder);
        let child = match command.stdout(Stdio::null()).stderr(Stdio::null()).spawn() {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                println!("skipped: s3s-fs is not there; `make test` installs it");
                return None;
            }
            started => started.unwrap(),
        };
        let server = Self { url: format!("http://KEY:se%2Fcret%2B@127.0.0.1:{port}/cairn"), folder, child };
        eventually("s3s-fs listens", async || TcpStream::connect(("127.0.0.1", port)).await.is_ok()).await;
        Some(server)
    }
}

/// A test that fails leaves no server behind.
impl Drop for S3Server {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _reaped_already = self.child.wait();
        let _not_there = std::fs::remove_dir_all(&self.folder);
    }
}
