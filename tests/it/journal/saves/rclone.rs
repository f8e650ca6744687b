//! Debian's rclone at the door: as people use it, and as Ludusavi does.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use cairn_test_macros::cairn_test;

use super::{Gamer, SHARED, door::Program};
use crate::support::{Cairn, Place, eventually};

/// Files that are copied: as many as `CAIRN_TEST_RCLONE_FILES` says, since a thousand take a minute (`make test-rclone`).
fn files() -> usize {
    std::env::var("CAIRN_TEST_RCLONE_FILES").map_or(100, |files| files.parse().unwrap())
}

/// What runs rclone with the door as the remote `cairn:`.
struct Rclone {
    url: String,
    password: String,
    folder: PathBuf,
}

impl Rclone {
    /// `None` where the program is not there.
    fn at(program: &Program, folder: &Path) -> Option<Self> {
        let obscured = match Command::new("rclone").args(["obscure", &program.password]).output() {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                println!("skipped: rclone is not there; `make test` installs it");
                return None;
            }
            output => output.unwrap(),
        };
        let password = String::from_utf8(obscured.stdout).unwrap().trim().to_owned();
        std::fs::create_dir_all(folder).unwrap();
        Some(Self { url: program.base.clone(), password, folder: folder.to_owned() })
    }

    async fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new("rclone");
        command.env_clear().env("PATH", std::env::var("PATH").unwrap()).env("HOME", &self.folder);
        command
            .env("RCLONE_CONFIG", self.folder.join("none.conf"))
            .env("RCLONE_CONFIG_CAIRN_TYPE", "webdav")
            .env("RCLONE_CONFIG_CAIRN_VENDOR", "owncloud")
            .env("RCLONE_CONFIG_CAIRN_URL", &self.url)
            .env("RCLONE_CONFIG_CAIRN_USER", "ann")
            .env("RCLONE_CONFIG_CAIRN_PASS", &self.password);
        command.args(arguments).args([
            "--transfers",
            "8",
            "--checkers",
            "8",
            "--low-level-retries",
            "1",
            "--retries",
            "1",
        ]);
        command.current_dir(&self.folder);
        tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap()
    }

    async fn succeeds(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments).await;
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "rclone {arguments:?}: {said}");
        said
    }
}

#[cairn_test]
async fn rclone_copies_many_files_both_ways_and_finds_them_equal(place: &Place) {
    let cairn = Cairn::start(place, &[SHARED, ("CAIRN_SAVE_WINDOW_SECS", "2")]).await;
    let ann = Gamer::new(&cairn, place, "ann").await;
    let Some(rclone) = Rclone::at(&Program::new(&ann, "rclone").await, &place.folder.join("rclone")) else {
        return;
    };
    let (local, files) = (rclone.folder.join("local"), files());
    for at in 0..files {
        let folder = local.join(format!("Profil {} ü&+", at % 10));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("save {at}.dat")), format!("{at}").repeat(at % 7 + 1)).unwrap();
    }
    rclone.succeeds(&["copy", "local", "cairn:Celeste/main"]).await;
    let said = rclone.succeeds(&["check", "--download", "local", "cairn:Celeste/main"]).await;
    assert!(said.contains("0 differences found") && said.contains(&format!("{files} matching files")), "{said}");
    rclone.succeeds(&["copy", "cairn:Celeste/main", "back"]).await;
    let said = rclone.succeeds(&["check", "local", "back"]).await;
    assert!(said.contains("0 differences found") && said.contains(&format!("{files} matching files")), "{said}");
    // Nothing has changed, and what it was told of times is what it finds.
    let said = rclone.succeeds(&["sync", "-v", "local", "cairn:Celeste/main"]).await;
    assert!(!said.contains("Copied (") && !said.contains("Updated modification"), "{said}");
    let save = ann.save_in("Celeste").await;
    eventually("it is a version", async || ann.get(&save).await.1["current"]["files"] == files).await;
    // What is removed here is removed there.
    std::fs::remove_file(local.join("Profil 3 ü&+/save 3.dat")).unwrap();
    rclone.succeeds(&["sync", "local", "cairn:Celeste/main"]).await;
    eventually("it is gone", async || ann.get(&save).await.1["current"]["files"] == files - 1).await;
    cairn.stop().await;
}

#[cairn_test]
async fn ludusavi_keeps_a_save_for_each_game(place: &Place) {
    let cairn = Cairn::start(place, &[SHARED, ("CAIRN_SAVE_WINDOW_SECS", "1")]).await;
    let ann = Gamer::new(&cairn, place, "ann").await;
    let Some(ludusavi) = Rclone::at(&Program::new(&ann, "Ludusavi").await, &place.folder.join("rclone")) else {
        return;
    };
    let backup = ludusavi.folder.join("ludusavi-backup");
    for (game, file) in [("Celeste", "0.celeste"), ("Hollow Knight", "user1.dat")] {
        let folder = backup.join(game).join("drive-C/Saves");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(backup.join(game).join("mapping.yaml"), format!("name: {game}\n")).unwrap();
        std::fs::write(folder.join(file), "100 %").unwrap();
    }
    // As it uploads what was backed up, game by game; then all.
    let upload = ["sync", "-v", "--use-json-log", "--stats=100ms", "ludusavi-backup", "cairn:ludusavi-backup"];
    ludusavi.succeeds(&[&upload[..], &["--include=/Celeste/**"]].concat()).await;
    ludusavi.succeeds(&upload).await;
    let (_, page) = ann.get("/saves").await;
    let mut names: Vec<&str> =
        page["items"].as_array().unwrap().iter().map(|save| save["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["Celeste", "Hollow Knight"], "{page}");
    // And as it downloads on another device.
    ludusavi.succeeds(&["sync", "cairn:ludusavi-backup", "elsewhere"]).await;
    ludusavi.succeeds(&["check", "ludusavi-backup", "elsewhere"]).await;
    let listed = ludusavi.succeeds(&["lsjson", "-R", "--files-only", "cairn:ludusavi-backup"]).await;
    assert!(listed.contains("Celeste/drive-C/Saves/0.celeste"), "{listed}");
    cairn.stop().await;
}
