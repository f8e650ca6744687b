//! Data as a server's first start leaves it, made once for all tests of a build: a copy of it is there in a tenth of the time.

use std::{
    fs::{self, File},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::{Cairn, Place, white_box::connect_options};

/// Locks out other tests while the template is made.
const LOCK: i64 = 7_342_901;

/// What tells one build from another.
fn build() -> String {
    let program = fs::metadata(std::env::current_exe().unwrap()).unwrap();
    let built = program.modified().unwrap().duration_since(UNIX_EPOCH).unwrap();
    format!("{:x}_{:x}", built.as_nanos(), program.len())
}

/// Starts and stops a server once. What it would do again at its next start is left to that.
async fn start_once(place: &Place) {
    Cairn::start(place, &[]).await.stop().await;
    place.execute_control("DELETE FROM job").await;
    place.execute_control("UPDATE installation SET secret_key_check = ''").await;
}

/// Makes a database on a server that is a copy of the template; `admin` is the URL of another one there.
pub async fn copy_database(admin_url: &str, server: &str, name: &str, redis_url: &str) {
    let (template, admin) =
        (format!("cairn_template_{}", build()), sea_orm::Database::connect(connect_options(admin_url.to_owned())));
    let admin = admin.await.unwrap();
    let copying = format!("CREATE DATABASE {name} TEMPLATE {template}");
    if admin.execute_unprepared(&copying).await.is_err() {
        admin.execute_unprepared(&format!("SELECT pg_advisory_lock({LOCK})")).await.unwrap();
        let exists = format!("SELECT datname::text FROM pg_database WHERE datname = '{template}'");
        let exists = Statement::from_string(DbBackend::Postgres, exists);
        if admin.query_one_raw(exists).await.unwrap().is_none() {
            let making = format!("{template}_making");
            admin.execute_unprepared(&format!("DROP DATABASE IF EXISTS {making} WITH (FORCE)")).await.unwrap();
            admin.execute_unprepared(&format!("CREATE DATABASE {making}")).await.unwrap();
            let made = Place {
                folder: std::env::temp_dir().join(&making),
                database_url: Some(format!("{server}/{making}")),
                redis_url: Some(redis_url.to_owned()),
            };
            start_once(&made).await;
            let _not_there = fs::remove_dir_all(&made.folder);
            let leave = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{making}'");
            admin.execute_unprepared(&leave).await.unwrap();
            admin.execute_unprepared(&format!("ALTER DATABASE {making} RENAME TO {template}")).await.unwrap();
        }
        admin.execute_unprepared(&copying).await.unwrap();
    }
    admin.close().await.unwrap();
}

/// Makes a data folder that is a copy of the template.
pub async fn copy_folder(folder: &Path) {
    let all = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let template = all.join(format!("template_{}", build()));
    if !template.exists() {
        let lock = File::create(all.join("template.lock")).unwrap();
        lock.lock().unwrap();
        if !template.exists() {
            for entry in fs::read_dir(&all).unwrap().map(Result::unwrap) {
                if entry.file_name().to_str().is_some_and(|name| name.starts_with("template_")) {
                    fs::remove_dir_all(entry.path()).unwrap();
                }
            }
            let making = all.join("template_making");
            start_once(&Place { folder: making.clone(), database_url: None, redis_url: None }).await;
            fs::rename(making, &template).unwrap();
        }
    }
    // As the program makes it.
    fs::DirBuilder::new().mode(0o700).create(folder).unwrap();
    for entry in fs::read_dir(&template).unwrap().map(Result::unwrap) {
        if entry.path().extension().is_some_and(|extension| extension == "sqlite") {
            fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
        }
    }
}
