//! Members: who acts for a studio, and what they may do there.

use super::Studios;
use crate::{
    identity::{
        access::{Environment, Role, StudioAccess, UserId},
        accounts::Membership,
        studios::model::{ActingMember, Actor, Member, Slug, StudioError},
    },
    platform::{db::StudioId, mail::EmailAddress},
};

impl Studios {
    /// A user's role in the studio of that name. An administrator who is not a member has the role of a viewer.
    ///
    /// # Errors
    /// [`StudioError::StudioNotFound`], also if the studio exists and the user is not a member.
    pub async fn acting_member(&self, user: &UserId, slug: &str) -> Result<ActingMember, StudioError> {
        let not_found = || StudioError::StudioNotFound(slug.to_owned());
        let visible = self.store.visible_studio(user, slug).await?.ok_or_else(not_found)?;
        let role = match visible.role {
            Some(role) => role,
            None if self.accounts.is_administrator(user).await? => Role::Viewer,
            None => return Err(not_found()),
        };
        Ok(visible.acting_member(slug, user, role))
    }

    /// What a user may do in one of a studio's worlds.
    ///
    /// # Errors
    /// [`StudioError::StudioNotFound`], [`StudioError::GameNotFound`], or the database can't be reached.
    pub async fn access(
        &self,
        user: &UserId,
        (studio, game): (&str, &str),
        environment: Environment,
    ) -> Result<StudioAccess, StudioError> {
        let member = self.acting_member(user, studio).await?;
        let game = self.game(member.studio, game).await?;
        Ok(member.access_to(&game, environment))
    }

    /// The studios that a user is a member of, by name.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn memberships(&self, user: &UserId) -> Result<Vec<Membership>, StudioError> {
        Ok(self.store.memberships(user).await?)
    }

    /// The studios that a user sees: their own, and for an administrator then all others.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn visible(&self, user: &UserId) -> Result<Vec<Membership>, StudioError> {
        let mut visible = self.memberships(user).await?;
        if self.accounts.is_administrator(user).await? {
            let others = self.store.studios().await?.into_iter();
            let others: Vec<Membership> = others
                .filter(|studio| visible.iter().all(|own| own.studio != studio.slug))
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

    /// The members of a studio, the oldest members first.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn members(&self, studio: StudioId) -> Result<Vec<Member>, StudioError> {
        Ok(self.store.members(studio).await?)
    }

    /// Changes a member's role.
    ///
    /// # Errors
    /// [`StudioError::MemberNotFound`], [`StudioError::LastOwner`], or the database can't be reached.
    pub async fn change_role(&self, by: &ActingMember, user: &UserId, role: Role) -> Result<Member, StudioError> {
        self.store.change_role((by.studio, &by.slug), user, role, Actor::User(&by.user)).await?;
        let members = self.members(by.studio).await?;
        members.into_iter().find(|member| member.user == *user).ok_or(StudioError::MemberNotFound)
    }

    /// Removes a member. Members may remove themselves; to remove others takes an owner.
    ///
    /// # Errors
    /// [`StudioError::RoleMissing`], [`StudioError::MemberNotFound`], [`StudioError::LastOwner`], or the database can't be
    /// reached.
    pub async fn remove_member(&self, by: ActingMember, user: &UserId) -> Result<(), StudioError> {
        let by = if by.user == *user { by } else { by.require(Role::Owner)? };
        self.store.remove_member((by.studio, &by.slug), user, Actor::User(&by.user)).await
    }

    /// Ends all memberships of a user, before the account is deleted.
    ///
    /// # Errors
    /// [`StudioError::LastOwner`]: then none was ended.
    pub async fn leave_all_studios(&self, user: &UserId) -> Result<(), StudioError> {
        self.store.leave_all_studios(user).await
    }

    /// Gives the account with that address a role, on behalf of the operator.
    ///
    /// # Errors
    /// [`StudioError::StudioNotFound`], [`StudioError::AccountNotFound`], [`StudioError::LastOwner`], or the database can't be
    /// reached.
    pub async fn set_role_by_email(&self, slug: &Slug, email: &EmailAddress, role: Role) -> Result<(), StudioError> {
        let (studio, user) = self.studio_and_user(slug, email).await?;
        self.store.set_role((studio, slug.as_str()), &user, role, Actor::CommandLine).await
    }

    /// Removes the member with that address, on behalf of the operator.
    ///
    /// # Errors
    /// [`StudioError::StudioNotFound`], [`StudioError::AccountNotFound`], [`StudioError::MemberNotFound`],
    /// [`StudioError::LastOwner`], or the database can't be reached.
    pub async fn remove_member_by_email(&self, slug: &Slug, email: &EmailAddress) -> Result<(), StudioError> {
        let (studio, user) = self.studio_and_user(slug, email).await?;
        self.store.remove_member((studio, slug.as_str()), &user, Actor::CommandLine).await
    }

    async fn studio_and_user(&self, slug: &Slug, email: &EmailAddress) -> Result<(StudioId, UserId), StudioError> {
        let studio = self.studio(slug).await?;
        let user = self.accounts.find_user_by_email(email).await?;
        Ok((studio, user.ok_or_else(|| StudioError::AccountNotFound(email.to_string()))?))
    }
}
