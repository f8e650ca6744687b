//! Invitations: an email with a code, valid once. Whether the address has an account makes no difference and is not
//! revealed: the email is sent either way, and whoever has the code, and an account with that address, joins.

use std::net::IpAddr;

use super::Studios;
use crate::{
    identity::{
        access::UserId,
        accounts::{Code, Membership},
        studios::model::{ActingMember, Actor, Invitation, InvitationEmail, NewInvitation, StudioError},
    },
    platform::{
        clock,
        db::StudioId,
        jobs::{Job, JobError, JobOutcome, NewJob, Work},
    },
};

/// The kind of jobs that send invitations.
const EMAIL_KIND: &str = "invitation_mail";

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
        let prepared = self.accounts.prepare_invitation(&new_invitation.email, from, EMAIL_KIND).await?;
        let expires_at_ms = clock::ms_from_now(self.settings.invitations_last);
        let job = NewJob::new(&self.accounts.email_kind(EMAIL_KIND), &prepared.id);
        let email = (self.accounts.jobs(), job);
        self.store
            .insert_invitation(by.studio, new_invitation, prepared, expires_at_ms, Actor::User(&by.user), email)
            .await
    }

    /// What sends the emails of invitations.
    #[must_use]
    pub fn work(&self) -> Work {
        let studios = self.clone();
        Work::new(self.accounts.email_kind(EMAIL_KIND), move |job| {
            let studios = studios.clone();
            async move { studios.send_invitation(&job).await }
        })
    }

    /// Sends the email of an invitation, unless it was withdrawn meanwhile.
    async fn send_invitation(&self, job: &Job) -> Result<JobOutcome, JobError> {
        let id: String = job.payload()?;
        if let Some(InvitationEmail { to, role, slug, title }) = self.store.invitation_email(&id).await? {
            let studio = if title.is_empty() { slug } else { format!("{title} ({slug})") };
            let lifetime = self.settings.invitations_last;
            self.accounts.send_invitation(job, &to, (&studio, role), (&id, lifetime)).await?;
        }
        Ok(JobOutcome::Finished)
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
