//! The SQL of invitations.

use entity::control::identity::{invitation, member, studio, user};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult, Set,
    sea_query::{Expr, ExprTrait, LockType, Order, Query},
};

use super::{Store, members::role_of};
use crate::{
    identity::{
        access::UserId,
        accounts::{Membership, PreparedInvitation},
        studios::model::{Actor, Invitation, InvitationEmail, MAX_MEMBERS, NewInvitation, StudioError},
    },
    platform::{
        clock,
        db::StudioId,
        error::StoreError,
        jobs::{Jobs, NewJob},
    },
};

#[derive(FromQueryResult)]
struct NamesRow {
    slug: String,
    title: String,
}

#[derive(FromQueryResult)]
struct EmailRow {
    email: String,
    role: String,
    slug: String,
    title: String,
}

#[derive(FromQueryResult)]
struct AddressRow {
    email_key: String,
}

impl From<invitation::Model> for Invitation {
    fn from(row: invitation::Model) -> Self {
        let by = Some(row.invited_by).filter(|user| !user.is_empty());
        Self {
            id: row.id,
            email: row.email,
            role: role_of(&row.role),
            invited_by: by.map(|user| UserId::stored(&user)),
            created_at_ms: row.created_at_ms,
            expires_at_ms: row.expires_at_ms,
        }
    }
}

impl Store {
    /// Inserts an invitation with the job that sends its email, and deletes an older one to the same address and all that have
    /// expired.
    ///
    /// # Errors
    /// [`StudioError::AlreadyMember`], [`StudioError::TooManyMembers`], [`StudioError::RoleMissing`], or [`StoreError`].
    pub async fn insert_invitation(
        &self,
        studio: StudioId,
        new_invitation: &NewInvitation,
        prepared: PreparedInvitation,
        expires_at_ms: i64,
        actor: Actor<'_>,
        (jobs, email): (&Jobs, NewJob),
    ) -> Result<Invitation, StudioError> {
        let control = self.database.control();
        let now_ms = clock::now_ms();
        let transaction = self.begin_member_change(studio, actor).await?;
        let same =
            invitation::Column::Studio.eq(studio.0).and(invitation::Column::EmailKey.eq(new_invitation.email.key()));
        let outdated = same.or(invitation::Column::ExpiresAtMs.lte(now_ms));
        control.delete(&transaction, invitation::Entity, outdated).await?;
        self.refuse_member(&transaction, studio, &new_invitation.email.key()).await?;
        let members = self.count(&transaction, member::Entity, member::Column::Studio.eq(studio.0)).await?;
        let open = self.count(&transaction, invitation::Entity, invitation::Column::Studio.eq(studio.0)).await?;
        if members + open >= MAX_MEMBERS {
            return Err(StudioError::TooManyMembers(MAX_MEMBERS));
        }
        let by = if let Actor::User(user) = actor { user.as_str() } else { "" };
        let inserted = invitation::Model {
            id: prepared.id,
            studio: studio.0,
            email: new_invitation.email.as_str().to_owned(),
            email_key: new_invitation.email.key(),
            role: new_invitation.role.name().to_owned(),
            digest: prepared.digest.to_vec(),
            invited_by: by.to_owned(),
            created_at_ms: now_ms,
            expires_at_ms,
        };
        let row = invitation::ActiveModel {
            id: Set(inserted.id.clone()),
            studio: Set(inserted.studio),
            email: Set(inserted.email.clone()),
            email_key: Set(inserted.email_key.clone()),
            role: Set(inserted.role.clone()),
            digest: Set(inserted.digest.clone()),
            invited_by: Set(inserted.invited_by.clone()),
            created_at_ms: Set(now_ms),
            expires_at_ms: Set(expires_at_ms),
        };
        control.insert(&transaction, vec![row]).await?;
        // Without the address: the audit log keeps it for ever, and whoever is invited may never answer.
        let (object, detail) = (format!("invitation:{}", inserted.id), inserted.role.clone());
        self.insert_audit_entry(&transaction, studio, actor, "member.invited", object, detail).await?;
        let queued = jobs.enqueue(&transaction, email).await?;
        control.commit(transaction).await?;
        queued.wake().await;
        Ok(inserted.into())
    }

    /// What the email of an open invitation needs.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn invitation_email(&self, id: &str) -> Result<Option<InvitationEmail>, StoreError> {
        let control = self.database.control();
        let of_studio = Expr::col(("invitation", invitation::Column::Studio)).equals(("studio", studio::Column::Id));
        let select = Query::select()
            .columns([("invitation", invitation::Column::Email), ("invitation", invitation::Column::Role)])
            .columns([("studio", studio::Column::Slug), ("studio", studio::Column::Title)])
            .from(control.table(invitation::Entity))
            .inner_join(control.table(studio::Entity), of_studio)
            .and_where(Expr::col(("invitation", invitation::Column::Id)).eq(id))
            .and_where(Expr::col(("invitation", invitation::Column::ExpiresAtMs)).gt(clock::now_ms()))
            .to_owned();
        let row: Option<EmailRow> = control.all(&select).await?.pop();
        let email =
            |EmailRow { email, role, slug, title }| InvitationEmail { to: email, role: role_of(&role), slug, title };
        Ok(row.map(email))
    }

    /// The open invitations of a studio, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn invitations(&self, studio: StudioId) -> Result<Vec<Invitation>, StoreError> {
        let control = self.database.control();
        let select = control
            .select::<invitation::Entity>()
            .and_where(invitation::Column::Studio.eq(studio.0))
            .and_where(invitation::Column::ExpiresAtMs.gt(clock::now_ms()))
            .order_by(invitation::Column::Id, Order::Asc)
            .to_owned();
        let rows: Vec<invitation::Model> = control.all(&select).await?;
        Ok(rows.into_iter().map(Invitation::from).collect())
    }

    /// Deletes an open invitation.
    ///
    /// # Errors
    /// [`StudioError::InvitationNotFound`], [`StudioError::RoleMissing`], or [`StoreError`].
    pub async fn delete_invitation(&self, studio: StudioId, id: &str, actor: Actor<'_>) -> Result<(), StudioError> {
        let control = self.database.control();
        let transaction = self.begin_member_change(studio, actor).await?;
        let condition = invitation::Column::Studio.eq(studio.0).and(invitation::Column::Id.eq(id));
        if control.delete(&transaction, invitation::Entity, condition).await? == 0 {
            return Err(StudioError::InvitationNotFound);
        }
        let object = format!("invitation:{id}");
        self.insert_audit_entry(&transaction, studio, actor, "invitation.withdrawn", object, String::new()).await?;
        Ok(control.commit(transaction).await?)
    }

    /// Makes a user a member by the invitation with that code, and deletes it. The user must have the address that it was sent
    /// to; to anybody else it stays open.
    ///
    /// # Errors
    /// [`StudioError::InvalidCode`], [`StudioError::InvitedAnother`], [`StudioError::AlreadyMember`], or [`StoreError`].
    pub async fn accept_invitation(&self, digest: [u8; 32], user: &UserId) -> Result<Membership, StudioError> {
        let control = self.database.control();
        let now_ms = clock::now_ms();
        let transaction = control.begin().await?;
        let matches = || invitation::Column::Digest.eq(digest.to_vec()).and(invitation::Column::ExpiresAtMs.gt(now_ms));
        let find = control.select::<invitation::Entity>().and_where(matches()).to_owned();
        let found: Vec<invitation::Model> = control.returned(&transaction, &find).await?;
        let invitation::Model { id, studio, role, email_key, .. } =
            found.into_iter().next().ok_or(StudioError::InvalidCode)?;
        let (studio, role) = (StudioId(studio), role_of(&role));
        // Every change of members locks the studio first. Of two who accept at once the second then finds no invitation.
        self.lock_studio(&transaction, studio).await?;
        if control.delete(&transaction, invitation::Entity, matches()).await? == 0 {
            return Err(StudioError::InvalidCode);
        }
        if self.lock_email_key(&transaction, user).await? != email_key {
            return Err(StudioError::InvitedAnother);
        }
        if !self.insert_member(&transaction, studio, user, role).await? {
            return Err(StudioError::AlreadyMember);
        }
        let select = Query::select()
            .columns([studio::Column::Slug, studio::Column::Title])
            .from(control.table(studio::Entity))
            .and_where(studio::Column::Id.eq(studio.0))
            .to_owned();
        let names: Vec<NamesRow> = control.returned(&transaction, &select).await?;
        let NamesRow { slug, title } = names.into_iter().next().ok_or(StudioError::InvalidCode)?;
        let (object, detail) = (format!("user:{user}"), format!("{}, invitation:{id}", role.name()));
        self.insert_audit_entry(&transaction, studio, Actor::User(user), "member.joined", object, detail).await?;
        control.commit(transaction).await?;
        Ok(Membership { studio: slug, title, role: Some(role), since_ms: now_ms })
    }

    /// Deletes the open invitations by a member who leaves or gets another role: so nobody comes back by their own
    /// invitation.
    pub(super) async fn delete_invitations_by(
        &self,
        transaction: &DatabaseTransaction,
        studio: StudioId,
        user: &UserId,
    ) -> Result<(), StoreError> {
        let theirs = invitation::Column::Studio.eq(studio.0).and(invitation::Column::InvitedBy.eq(user.as_str()));
        self.database.control().delete(transaction, invitation::Entity, theirs).await?;
        Ok(())
    }

    /// Deletes the open invitations to the address of a member who leaves: so nobody comes back by one that they could not
    /// accept while they were a member.
    pub(super) async fn delete_invitations_to(
        &self,
        transaction: &DatabaseTransaction,
        studio: StudioId,
        user: &UserId,
    ) -> Result<(), StoreError> {
        let control = self.database.control();
        let address = Query::select()
            .column(user::Column::EmailKey)
            .from(control.table(user::Entity))
            .and_where(user::Column::Id.eq(user.as_str()))
            .to_owned();
        let theirs =
            invitation::Column::Studio.eq(studio.0).and(Expr::col(invitation::Column::EmailKey).in_subquery(address));
        control.delete(transaction, invitation::Entity, theirs).await?;
        Ok(())
    }

    /// The address of a user, which nobody changes until the transaction ends.
    async fn lock_email_key(&self, transaction: &DatabaseTransaction, user: &UserId) -> Result<String, StudioError> {
        let control = self.database.control();
        let select = Query::select()
            .column(user::Column::EmailKey)
            .from(control.table(user::Entity))
            .and_where(user::Column::Id.eq(user.as_str()))
            .lock(LockType::Update)
            .to_owned();
        let rows: Vec<AddressRow> = control.returned(transaction, &select).await?;
        rows.into_iter().next().map(|row| row.email_key).ok_or(StudioError::AccountGone)
    }

    async fn refuse_member(
        &self,
        transaction: &DatabaseTransaction,
        studio: StudioId,
        email_key: &str,
    ) -> Result<(), StudioError> {
        let control = self.database.control();
        let with_address = Query::select()
            .column(user::Column::Id)
            .from(control.table(user::Entity))
            .and_where(user::Column::EmailKey.eq(email_key))
            .to_owned();
        let is_member =
            member::Column::Studio.eq(studio.0).and(Expr::col(member::Column::User).in_subquery(with_address));
        if self.count(transaction, member::Entity, is_member).await? == 0 {
            Ok(())
        } else {
            Err(StudioError::AlreadyMember)
        }
    }
}
