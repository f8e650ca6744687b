//! A server whose disk fills up, and has room again.

use std::{fs, io::Write as _, path::Path, process::Command};

use serde_json::{Value, json};

use crate::support::{Backend, Cairn, Place, eventually, samples};

/// A disk of its own, of a few megabytes; unmounted when dropped.
struct SmallDisk<'a>(&'a Path);

impl<'a> SmallDisk<'a> {
    /// `None` where mounting is not allowed.
    fn mount(folder: &'a Path) -> Option<Self> {
        fs::create_dir_all(folder).unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=24m", "tmpfs"]).arg(folder).status();
        let disk = mounted.is_ok_and(|status| status.success()).then_some(Self(folder));
        if disk.is_none() {
            println!("skipped: a disk can't be mounted here");
        }
        disk
    }

    /// Takes all the room there is.
    fn fill(&self) {
        let mut filler = fs::File::create(self.0.join("filler")).unwrap();
        while filler.write(&[1; 4096]).is_ok_and(|written| written > 0) {}
    }

    fn make_room(&self) {
        fs::remove_file(self.0.join("filler")).unwrap();
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        let _ended = Command::new("umount").arg("-l").arg(self.0).status();
    }
}

/// The status and the code of an answer.
async fn posted(cairn: &Cairn, path: &str, body: String) -> (u16, Value) {
    let request =
        cairn.http.post(format!("{}{path}", cairn.base)).header("Content-Type", "application/json").body(body);
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let body: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default();
    (status, body["code"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_named_in_readyz_and_in_refusals_and_nothing_is_promised() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    let Some(disk) = SmallDisk::mount(&place.folder) else { return };
    let cairn = Cairn::start(&place, &[]).await;
    cairn.leave(&samples::all_three("a", "before")).await;
    assert_eq!(cairn.readyz().await["database"], "up");
    let register = json!({"email": "ann@example.org"}).to_string();
    disk.fill();
    // Before any write has failed.
    assert_eq!(cairn.readyz().await["database"], "full");
    assert_eq!(cairn.readyz().await["status"], "degraded");
    assert_eq!(posted(&cairn, "/v1/account/register", register.clone()).await, (503, json!("disk_full")));
    eventually("a write finds no room", async || {
        let body = samples::all_three("a", "during").to_string();
        posted(&cairn, "/add-object", body).await == (503, json!("disk_full"))
    })
    .await;
    assert_eq!(posted(&cairn, "/v1/account/password/forgotten", register.clone()).await, (503, json!("disk_full")));
    assert!(!cairn.world().await["objects"].as_array().unwrap().is_empty(), "reads go on");
    disk.make_room();
    eventually("a write finds room", async || {
        posted(&cairn, "/add-object", samples::all_three("a", "after").to_string()).await.0 == 201
    })
    .await;
    eventually("the room is noticed", async || cairn.readyz().await["database"] == "up").await;
    assert_eq!(posted(&cairn, "/v1/account/register", register).await, (202, Value::Null));
    cairn.stop().await;
    drop(disk);
    place.clear().await;
}
