//! The app password of a request.

use std::net::IpAddr;

use poem::Request;

use crate::{
    http::{client::Client, problem::Problem, rate_limit},
    identity::{
        access::rate_classes,
        app_passwords::{
            model::{AppPasswordError, AppUser},
            request::basic,
            service::AppPasswords,
        },
    },
    platform::secret::Secret,
};

async fn find(passwords: &AppPasswords, password: Option<Secret>, from: IpAddr) -> Result<AppUser, AppPasswordError> {
    passwords.verify(&password.ok_or(AppPasswordError::Wrong)?, from).await
}

/// Who makes a request with an app password; it is counted against their limit.
///
/// # Errors
/// None was sent, or a wrong one (401); not over https (403); too many wrong ones, or too many requests (429).
pub async fn app_user(request: &Request, passwords: &AppPasswords) -> Result<AppUser, Problem> {
    if !Client::is_private(request) {
        return Err(AppPasswordError::NotPrivate.into());
    }
    let from = Client::address_of(request)?;
    let found = find(passwords, basic(request), from).await;
    let user = found.map_err(|error| Problem::from(error).with_basic_challenge())?;
    rate_limit::count(request, || rate_classes::app_subject(&user.user))?;
    Ok(user)
}
