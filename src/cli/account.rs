//! `cairn account`: help for users who can't sign in.

use super::{CommandResult, context::Context, print_line, with_services};
use crate::{app::Services, identity::accounts::AccountError, platform::mail::EmailAddress};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Remove the second factor of a user who has lost it and all recovery codes. Make sure first who asks for it.
    ResetSecondFactor {
        /// The email address of the account, which is told.
        #[arg(value_parser = EmailAddress::parse)]
        email: EmailAddress,
    },
}

pub(super) async fn run(context: &Context, command: Command) -> CommandResult {
    let Command::ResetSecondFactor { email } = command;
    let reset = async |services: &Services| match services.accounts.reset_second_factor(&email).await {
        Err(AccountError::Gone) => {
            Err(format!("there is no account with the address {email} in {}", context.data).into())
        }
        outcome => Ok(outcome?),
    };
    print_line(with_services(context, reset).await?.as_str())
}
