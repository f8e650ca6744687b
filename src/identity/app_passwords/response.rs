//! Responses about app passwords.

use poem_openapi::{ApiResponse, Object, types::Example};

use super::model::{AppPassword, NewAppPassword};
use crate::{
    http::{no_store::NoStore, schema::Timestamp},
    identity::examples,
};

/// An app password.
#[derive(Clone, Debug, Object)]
#[oai(example, rename = "AppPassword")]
pub struct AppPasswordResponse {
    /// Its id.
    #[oai(validator(max_length = 32))]
    id: String,
    /// What you call the program or the device that has it.
    name: String,
    /// When it was made.
    created_at: Timestamp,
    /// When it was last used, to within ten minutes; absent where it never was.
    #[oai(skip_serializing_if_is_none)]
    used_at: Option<Timestamp>,
}

impl From<AppPassword> for AppPasswordResponse {
    fn from(AppPassword { id, name, created_at_ms, used_at_ms }: AppPassword) -> Self {
        Self { id, name, created_at: Timestamp(created_at_ms), used_at: used_at_ms.map(Timestamp) }
    }
}

impl Example for AppPasswordResponse {
    fn example() -> Self {
        Self {
            id: examples::app_password(),
            name: "Steam Deck".to_owned(),
            created_at: Timestamp(examples::TIME_MS),
            used_at: None,
        }
    }
}

/// An app password that was just made.
#[derive(Clone, Debug, Object)]
#[oai(example, rename = "MadeAppPassword")]
pub struct MadeResponse {
    /// As it is listed from now on.
    app_password: AppPasswordResponse,
    /// The password. It is shown here alone.
    password: String,
}

impl From<NewAppPassword> for MadeResponse {
    fn from(NewAppPassword { listed, password }: NewAppPassword) -> Self {
        Self { app_password: listed.into(), password: password.expose().to_owned() }
    }
}

impl Example for MadeResponse {
    fn example() -> Self {
        Self { app_password: AppPasswordResponse::example(), password: "5f0c91d24a80b17e5f0c91d24a80b17e".to_owned() }
    }
}

/// The answer that shows a new one.
#[derive(ApiResponse)]
pub enum AppPasswordMade {
    /// It is made.
    #[oai(status = 201)]
    Made(NoStore<MadeResponse>),
}

/// All of a user.
#[derive(Debug, Object)]
#[oai(example, rename = "AppPasswordList")]
pub struct AppPasswordListResponse {
    /// They, the newest first: 20 at most.
    items: Vec<AppPasswordResponse>,
}

impl From<Vec<AppPassword>> for AppPasswordListResponse {
    fn from(all: Vec<AppPassword>) -> Self {
        Self { items: all.into_iter().map(AppPasswordResponse::from).collect() }
    }
}

impl Example for AppPasswordListResponse {
    fn example() -> Self {
        Self { items: vec![AppPasswordResponse::example()] }
    }
}

/// The answer that lists them.
#[derive(ApiResponse)]
pub enum AppPasswordsListed {
    /// All.
    #[oai(status = 200)]
    List(NoStore<AppPasswordListResponse>),
}
