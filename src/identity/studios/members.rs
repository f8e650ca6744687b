//! Who may act for a studio, and what can be done about that.

use super::{
    model::{Actor, Member, Slug, Standing, StudioError},
    service::Studios,
};
use crate::{
    identity::{
        access::{
            model::{Environment, Role, StudioAccess},
            user_id::UserId,
        },
        accounts::Membership,
    },
    platform::{db::StudioId, mail::EmailAddress},
};

impl Studios {
    /// What a user is to the studio of that name. An administrator who is no member sees what a viewer does.
    ///
    /// # Errors
    /// [`StudioError::NoStudio`], also where there is one that is others'.
    pub async fn standing(&self, user: &UserId, slug: &str) -> Result<Standing, StudioError> {
        let none = || StudioError::NoStudio(slug.to_owned());
        let seen = self.store().seen_by(user, slug).await?.ok_or_else(none)?;
        let role = match seen.role {
            Some(role) => role,
            None if self.accounts().is_administrator(user).await? => Role::Viewer,
            None => return Err(none()),
        };
        Ok(seen.by(slug, user, role))
    }

    /// What a user may do in one of a studio's worlds.
    ///
    /// # Errors
    /// [`StudioError::NoStudio`], [`StudioError::NoGame`].
    pub async fn mandate(
        &self,
        user: &UserId,
        (studio, game): (&str, &str),
        environment: Environment,
    ) -> Result<StudioAccess, StudioError> {
        let standing = self.standing(user, studio).await?;
        let game = self.game(standing.studio, game).await?;
        Ok(standing.mandate(&game, environment))
    }

    /// The studios that a user belongs to.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn memberships(&self, user: &UserId) -> Result<Vec<Membership>, StudioError> {
        Ok(self.store().memberships(user).await?)
    }

    /// The studios that a user sees: those that one belongs to, all of them if one is an administrator.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn visible(&self, user: &UserId) -> Result<Vec<Membership>, StudioError> {
        let mut visible = self.memberships(user).await?;
        if self.accounts().is_administrator(user).await? {
            let others = self.store().studios().await?.into_iter();
            let others: Vec<Membership> = others
                .filter(|studio| visible.iter().all(|mine| mine.studio != studio.slug))
                .map(|studio| Membership {
                    studio: studio.slug,
                    title: studio.title,
                    role: None,
                    since_ms: studio.created_at_ms,
                })
                .collect();
            visible.extend(others);
        }
        Ok(visible)
    }

    /// The members of a studio.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn members(&self, studio: StudioId) -> Result<Vec<Member>, StudioError> {
        Ok(self.store().members(studio).await?)
    }

    /// Makes a member something else.
    ///
    /// # Errors
    /// There is no such member, or it is the last owner.
    pub async fn change_role(&self, by: &Standing, user: &UserId, role: Role) -> Result<Member, StudioError> {
        self.store().change_role((by.studio, &by.slug), user, role, Actor::User(&by.user)).await?;
        let members = self.members(by.studio).await?;
        members.into_iter().find(|member| member.user == *user).ok_or(StudioError::NoMember)
    }

    /// Removes a member; anybody may remove himself.
    ///
    /// # Errors
    /// There is no such member, or it is the last owner.
    pub async fn remove_member(&self, by: &Standing, user: &UserId) -> Result<(), StudioError> {
        self.store().remove_member((by.studio, &by.slug), user, Actor::User(&by.user)).await
    }

    /// Ends all that a user is to any studio, before the account goes.
    ///
    /// # Errors
    /// [`StudioError::LastOwner`]: then nothing has ended.
    pub async fn leave_all(&self, user: &UserId) -> Result<(), StudioError> {
        self.store().leave_all(user).await
    }

    /// Makes whoever has that address a member, at the word of whoever runs the program.
    ///
    /// # Errors
    /// There is no such studio or account, or it is the last owner who is to be something less.
    pub async fn give_role(&self, slug: &Slug, email: &EmailAddress, role: Role) -> Result<(), StudioError> {
        let (studio, user) = self.studio_and_user(slug, email).await?;
        self.store().give_role((studio, slug.as_str()), &user, role, Actor::CommandLine).await
    }

    /// Removes whoever has that address, at the word of whoever runs the program.
    ///
    /// # Errors
    /// There is no such studio, account or member, or it is the last owner.
    pub async fn expel(&self, slug: &Slug, email: &EmailAddress) -> Result<(), StudioError> {
        let (studio, user) = self.studio_and_user(slug, email).await?;
        self.store().remove_member((studio, slug.as_str()), &user, Actor::CommandLine).await
    }

    async fn studio_and_user(&self, slug: &Slug, email: &EmailAddress) -> Result<(StudioId, UserId), StudioError> {
        let studio = self.studio(slug).await?;
        let user = self.accounts().find_user_by_email(email).await?;
        Ok((studio, user.ok_or_else(|| StudioError::NoAccount(email.to_string()))?))
    }
}
