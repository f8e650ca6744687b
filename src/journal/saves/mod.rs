//! Saves: what games store on players' devices, kept so that no device's progress is lost.
//!
//! - A **slot** is a place for the saves of one game: a folder (the id of a title, or any name) and a name in it. It has versions, each a
//!   set of files; one of them counts.
//! - **A new version names the one that it follows** (`If-Match`). If another device was faster the answer has both sets, and nothing is
//!   changed. If it was faster while the files were on their way, the version is *held*: kept beside the others, without counting.
//! - **Nothing is deleted by an upload.** A set that is empty, or much smaller than the last, needs to be confirmed; by WebDAV, where
//!   nobody can be asked, it is held. An old version that is restored is a new one with its files.
//! - **A file is stored once for a user**, by its digest, however many versions have it ([`blobs`](crate::platform::blobs), bucket `saves`);
//!   it is uploaded by a signed address. What no version has any more is removed by a job, and so are the oldest versions.
//! - **A door of WebDAV** (`/dav/saves/{folder}/{slot}/…`) for programs that know nothing of this: [`AppPasswords`] open it. What one
//!   of these changes within a minute becomes one version. Until then all devices see the changes, the last one of each file;
//!   where two devices change the same file, each of the two is in a version of its own.
//! - Saves are always private.
//!
//! [`AppPasswords`]: crate::identity::app_passwords

mod api;
mod config;
mod examples;
mod model;
mod request;
mod response;
mod service;
mod store;

pub use self::{
    api::{Door, SavesApi},
    config::{SavesConfig, Settings},
    model::{DAV_SAVES, SAVE_HELD, SaveError},
    service::{Saves, TAKE_SAVE},
};

/// Single steps, for fuzzing.
pub mod steps {
    pub use super::request::{BODY_READERS, URI_READERS, read_path};
}
