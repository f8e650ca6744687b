//! `cairn member`: who belongs to a studio.

use serde_json::json;

use super::{Outcome, list::Form, on_core};
use crate::{
    app::Core,
    config::Config,
    identity::{
        access::Role,
        studios::{Member, Slug},
    },
    platform::{clock, mail::EmailAddress},
};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Make somebody who has an account a member, or a member something else.
    Set {
        /// The studio.
        studio: String,
        /// The account's address.
        #[arg(value_parser = EmailAddress::parse)]
        email: EmailAddress,
        /// owner, developer, moderator or viewer.
        #[arg(value_parser = role)]
        role: Role,
    },
    /// List the members of a studio.
    List {
        /// The studio.
        studio: String,
        #[command(flatten)]
        form: Form,
    },
    /// Remove a member.
    Remove {
        /// The studio.
        studio: String,
        /// The account's address.
        #[arg(value_parser = EmailAddress::parse)]
        email: EmailAddress,
    },
}

fn role(text: &str) -> Result<Role, &'static str> {
    Role::parse(text).ok_or("must be owner, developer, moderator or viewer")
}

pub(super) async fn run(config: &Config, command: Command) -> Outcome {
    on_core(config, async |core| obey(core, command).await).await
}

async fn obey(core: &Core, command: Command) -> Outcome {
    let studios = &core.studios;
    match command {
        Command::Set { studio, email, role } => {
            Ok(studios.set_role_by_email(&Slug::parse(&studio)?, &email, role).await?)
        }
        Command::List { studio, form } => {
            let studio = studios.studio(&Slug::parse(&studio)?).await?;
            let line = |member: Member| {
                vec![
                    ("user_id", json!(member.user.as_str())),
                    ("email", json!(member.email)),
                    ("role", json!(member.role.name())),
                    ("since", json!(clock::format(member.since_ms))),
                ]
            };
            form.print(studios.members(studio).await?.into_iter().map(line).collect())
        }
        Command::Remove { studio, email } => Ok(studios.remove_member_by_email(&Slug::parse(&studio)?, &email).await?),
    }
}
