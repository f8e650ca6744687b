//! Media: screenshots, clips and captures of achievements that users keep on titles.
//!
//! - The client makes the UUID, and asks for an upload of so many bytes of a type and a digest. The bytes go to a signed address, past
//!   this feature ([`blobs`](crate::platform::blobs)).
//! - What arrived is checked by a job, one file at a time in an instance: it is what it says, within bounds, and what it tells beside the
//!   picture is taken away (`check`). Until then only its owner knows of it; of what was refused the owner alone learns why.
//! - Who sees it is its audience, in the statements themselves. Whoever sees it gets addresses that work for an hour or two.
//! - What goes takes its files with it, also with the account.

mod api;
mod check;
mod config;
mod examples;
mod model;
mod request;
mod response;
mod service;
mod store;

pub use self::{
    api::MediaApi,
    config::{MediaConfig, Settings},
    model::{Link, Media, MediaError, MediaType, MediaUuid},
    response::LinkResponse,
    service::{CHECK_MEDIA, Gallery},
};

/// Single steps, for fuzzing, and for tests with hostile files.
pub mod steps {
    pub use super::{
        check::{CheckError, Found, Thumbnail, check},
        model::{MediaType, Refusal},
        request::BODY_READERS,
    };
}
