//! The program itself, as a process.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex},
    thread::JoinHandle,
};

use super::Place;

pub struct Process {
    pub base: String,
    /// The output until it listened.
    pub greeting: String,
    child: Child,
    log: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

/// The program with arguments, keeping its things in that place.
pub fn cairn(place: &Place, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cairn"));
    command.args(arguments).envs(place.environment()).env_remove("RUST_LOG");
    command
}

impl Process {
    /// A server, when it listens.
    pub fn start(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let written = Arc::clone(&log);
        let mut errors = BufReader::new(child.stderr.take().unwrap());
        let reader = std::thread::spawn(move || {
            let mut line = String::new();
            while errors.read_line(&mut line).unwrap() > 0 {
                written.lock().unwrap().push_str(&std::mem::take(&mut line));
            }
        });
        let mut greeting = String::new();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        while !greeting.ends_with("  Ctrl-C stops it.\n") {
            assert!(lines.read_line(&mut greeting).unwrap() > 0, "it ended: {}", log.lock().unwrap());
        }
        std::thread::spawn(move || lines.read_to_end(&mut Vec::new()));
        let address = greeting.lines().find_map(|line| line.trim().strip_prefix("API")).unwrap();
        let base = address.trim().trim_end_matches("/openapi.json").to_owned();
        Self { base, greeting, child, log, reader: Some(reader) }
    }

    /// The log so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// How it ended, and all that it logged.
    pub fn wait(mut self) -> (ExitStatus, String) {
        let status = self.child.wait().unwrap();
        self.reader.take().unwrap().join().unwrap();
        (status, self.log.lock().unwrap().clone())
    }
}

/// A test that fails leaves no server behind.
impl Drop for Process {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _reaped_already = self.child.wait();
    }
}
