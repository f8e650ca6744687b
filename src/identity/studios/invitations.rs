//! How somebody becomes a member: by a letter with a code, good once. Whether the address has an account is nowhere told,
//! and makes no difference: the letter goes out either way, and whoever has the code and is signed in joins.

use std::net::IpAddr;

use super::{
    model::{Actor, Invitation, NewInvitation, Standing, StudioError},
    service::Studios,
};
use crate::{
    identity::{
        access::user_id::UserId,
        accounts::{Code, Membership},
    },
    platform::{clock, db::StudioId},
};

impl Studios {
    /// Invites somebody into the studio. An older invitation to the same address is good no longer.
    ///
    /// # Errors
    /// Whoever has that address is a member already; there are too many; or too many letters go there, or come from there.
    pub async fn invite(&self, by: &Standing, order: &NewInvitation, from: IpAddr) -> Result<Invitation, StudioError> {
        let lasts = self.settings().invitations_last;
        let invite = self.accounts().invite(&order.email, from).await?;
        let expires_at_ms = clock::ms_from_now(lasts);
        let actor = Actor::User(&by.user);
        let kept = self.store().keep_invitation(by.studio, order, invite.digest(), expires_at_ms, actor).await?;
        let name = if by.title.is_empty() { by.slug.clone() } else { format!("{} ({})", by.title, by.slug) };
        self.accounts().send_invite(invite, &order.email, &name, order.role, lasts);
        Ok(kept)
    }

    /// The open invitations of a studio.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn invitations(&self, studio: StudioId) -> Result<Vec<Invitation>, StudioError> {
        Ok(self.store().invitations(studio).await?)
    }

    /// Withdraws an invitation.
    ///
    /// # Errors
    /// There is none that is open.
    pub async fn withdraw(&self, by: &Standing, id: &str) -> Result<(), StudioError> {
        self.store().withdraw(by.studio, id, Actor::User(&by.user)).await
    }

    /// Becomes the member that an invitation is for.
    ///
    /// # Errors
    /// The code is none of an open invitation; or the user is a member already.
    pub async fn accept(&self, user: &UserId, code: &Code, from: IpAddr) -> Result<Membership, StudioError> {
        let digest = self.accounts().offered(code, from).await?;
        self.store().accept(digest, user).await
    }
}
