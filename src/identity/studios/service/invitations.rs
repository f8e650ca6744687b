//! Invitations: an email with a code, valid once. Whether the address has an account makes no difference and is not
//! revealed: the email is sent either way, and whoever has the code, and an account with that address, joins.

use std::net::IpAddr;

use super::Studios;
use crate::{
    identity::{
        access::UserId,
        accounts::{Code, Membership},
        studios::model::{ActingMember, Actor, Invitation, NewInvitation, StudioError},
    },
    platform::{clock, db::StudioId},
};

impl Studios {
    /// Invites somebody into the studio. An older invitation to the same address becomes invalid.
    ///
    /// # Errors
    /// [`StudioError::AlreadyMember`], [`StudioError::TooManyMembers`]; or too many emails go to that address, or come from
    /// that network.
    pub async fn invite(
        &self,
        by: &ActingMember,
        new_invitation: &NewInvitation,
        from: IpAddr,
    ) -> Result<Invitation, StudioError> {
        let lasts = self.settings.invitations_last;
        let NewInvitation { email, role } = new_invitation;
        let invite = self.accounts.prepare_invitation(email, from).await?;
        let expires_at_ms = clock::ms_from_now(lasts);
        let actor = Actor::User(&by.user);
        let invitation =
            self.store.insert_invitation(by.studio, new_invitation, invite.digest(), expires_at_ms, actor).await?;
        let studio_name = if by.title.is_empty() { by.slug.clone() } else { format!("{} ({})", by.title, by.slug) };
        self.accounts.send_invitation(invite, email, &studio_name, *role, lasts);
        Ok(invitation)
    }

    /// The open invitations of a studio, the oldest first.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn invitations(&self, studio: StudioId) -> Result<Vec<Invitation>, StudioError> {
        Ok(self.store.invitations(studio).await?)
    }

    /// Withdraws an open invitation.
    ///
    /// # Errors
    /// [`StudioError::InvitationNotFound`], or the database can't be reached.
    pub async fn withdraw_invitation(&self, by: &ActingMember, id: &str) -> Result<(), StudioError> {
        self.store.delete_invitation(by.studio, id, Actor::User(&by.user)).await
    }

    /// Makes a user a member by the code of an invitation.
    ///
    /// # Errors
    /// [`StudioError::InvalidCode`], [`StudioError::InvitedAnother`], [`StudioError::AlreadyMember`], or too many codes were tried from that network.
    pub async fn accept_invitation(&self, user: &UserId, code: &Code, from: IpAddr) -> Result<Membership, StudioError> {
        let digest = self.accounts.count_code(code, from).await?;
        self.store.accept_invitation(digest, user).await
    }
}
