//! `cairn member`: the members of a studio.

use serde_json::json;

use super::{CommandResult, context::Context, table::Format, with_services};
use crate::{
    app::Services,
    identity::{
        access::Role,
        studios::{Member, Slug},
    },
    platform::{clock, mail::EmailAddress},
};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Add a member, who must have an account, or change a member's role.
    #[command(alias = "set")]
    Add {
        /// The studio.
        studio: String,
        /// The email address of the account.
        #[arg(value_parser = EmailAddress::parse)]
        email: EmailAddress,
        /// The role: owner, developer, moderator or viewer.
        #[arg(value_parser = role)]
        role: Role,
    },
    /// List the members of a studio.
    List {
        /// The studio.
        studio: String,
        #[command(flatten)]
        format: Format,
    },
    /// Remove a member.
    Remove {
        /// The studio.
        studio: String,
        /// The email address of the account.
        #[arg(value_parser = EmailAddress::parse)]
        email: EmailAddress,
    },
}

fn role(text: &str) -> Result<Role, &'static str> {
    Role::parse(text).ok_or("must be owner, developer, moderator or viewer")
}

pub(super) async fn run(context: &Context, command: Command) -> CommandResult {
    with_services(context, async |services| run_on(services, command).await).await
}

async fn run_on(services: &Services, command: Command) -> CommandResult {
    let studios = &services.studios;
    match command {
        Command::Add { studio, email, role } => {
            Ok(studios.set_role_by_email(&Slug::parse(&studio)?, &email, role).await?)
        }
        Command::List { studio, format } => {
            let studio = studios.studio(&Slug::parse(&studio)?).await?;
            let row = |member: Member| {
                vec![
                    ("user_id", json!(member.user.as_str())),
                    ("email", json!(member.email)),
                    ("role", json!(member.role.name())),
                    ("since", json!(clock::format(member.since_ms))),
                ]
            };
            format.print(studios.members(studio).await?.into_iter().map(row).collect())
        }
        Command::Remove { studio, email } => Ok(studios.remove_member_by_email(&Slug::parse(&studio)?, &email).await?),
    }
}
