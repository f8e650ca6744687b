//! The SQL of invitations.

use entity::control::identity::{invitation, member, studio, user};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult, Set,
    sea_query::{Expr, ExprTrait, Order, Query},
};

use super::{Store, members::role_of};
use crate::{
    identity::{
        access::UserId,
        accounts::Membership,
        studios::model::{Actor, Invitation, MOST_MEMBERS, NewInvitation, StudioError},
    },
    platform::{clock, db::StudioId, error::StoreError},
};

#[derive(FromQueryResult)]
struct NamesRow {
    slug: String,
    title: String,
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
    /// Keeps an invitation whose code has that digest, in place of an older one to the same address; and forgets those
    /// that have ended.
    ///
    /// # Errors
    /// [`StudioError::MemberAlready`], [`StudioError::TooManyMembers`], [`StudioError::RoleMissing`], or [`StoreError`].
    pub async fn keep_invitation(
        &self,
        studio: StudioId,
        order: &NewInvitation,
        digest: [u8; 32],
        expires_at_ms: i64,
        actor: Actor<'_>,
    ) -> Result<Invitation, StudioError> {
        let control = self.database.control();
        let now_ms = clock::now_ms();
        let transaction = self.begin_staffing(studio, actor).await?;
        let same = invitation::Column::Studio.eq(studio.0).and(invitation::Column::EmailKey.eq(order.email.key()));
        let gone = same.or(invitation::Column::ExpiresAtMs.lte(now_ms));
        control.delete(&transaction, invitation::Entity, gone).await?;
        self.refuse_member(&transaction, studio, &order.email.key()).await?;
        let members = self.count(&transaction, member::Entity, member::Column::Studio.eq(studio.0)).await?;
        let open = self.count(&transaction, invitation::Entity, invitation::Column::Studio.eq(studio.0)).await?;
        if members + open >= MOST_MEMBERS {
            return Err(StudioError::TooManyMembers(MOST_MEMBERS));
        }
        let by = if let Actor::User(user) = actor { user.as_str() } else { "" };
        let invited = invitation::Model {
            id: uuid::Uuid::now_v7().simple().to_string(),
            studio: studio.0,
            email: order.email.as_str().to_owned(),
            email_key: order.email.key(),
            role: order.role.name().to_owned(),
            digest: digest.to_vec(),
            invited_by: by.to_owned(),
            created_at_ms: now_ms,
            expires_at_ms,
        };
        let row = invitation::ActiveModel {
            id: Set(invited.id.clone()),
            studio: Set(invited.studio),
            email: Set(invited.email.clone()),
            email_key: Set(invited.email_key.clone()),
            role: Set(invited.role.clone()),
            digest: Set(invited.digest.clone()),
            invited_by: Set(invited.invited_by.clone()),
            created_at_ms: Set(now_ms),
            expires_at_ms: Set(expires_at_ms),
        };
        control.insert(&transaction, vec![row]).await?;
        // Not the address: what is in the audit stays there, and whoever is invited may never answer.
        let (object, detail) = (format!("invitation:{}", invited.id), invited.role.clone());
        self.write_down(&transaction, Some(studio), actor, "member.invited", object, detail).await?;
        control.commit(transaction).await?;
        Ok(invited.into())
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

    /// Withdraws an invitation.
    ///
    /// # Errors
    /// [`StudioError::NoInvitation`], [`StudioError::RoleMissing`], or [`StoreError`].
    pub async fn withdraw(&self, studio: StudioId, id: &str, actor: Actor<'_>) -> Result<(), StudioError> {
        let control = self.database.control();
        let transaction = self.begin_staffing(studio, actor).await?;
        let that = invitation::Column::Studio.eq(studio.0).and(invitation::Column::Id.eq(id));
        if control.delete(&transaction, invitation::Entity, that).await? == 0 {
            return Err(StudioError::NoInvitation);
        }
        let object = format!("invitation:{id}");
        self.write_down(&transaction, Some(studio), actor, "invitation.withdrawn", object, String::new()).await?;
        Ok(control.commit(transaction).await?)
    }

    /// Makes a user the member that the invitation with that code is for, and uses it up.
    ///
    /// # Errors
    /// [`StudioError::CodeNotValid`], [`StudioError::MemberAlready`], or [`StoreError`].
    pub async fn accept(&self, digest: [u8; 32], user: &UserId) -> Result<Membership, StudioError> {
        let control = self.database.control();
        let now_ms = clock::now_ms();
        let transaction = control.begin().await?;
        let is_it = || invitation::Column::Digest.eq(digest.to_vec()).and(invitation::Column::ExpiresAtMs.gt(now_ms));
        let find = control.select::<invitation::Entity>().and_where(is_it()).to_owned();
        let found: Vec<invitation::Model> = control.returned(&transaction, &find).await?;
        let invitation::Model { id, studio, role, .. } = found.into_iter().next().ok_or(StudioError::CodeNotValid)?;
        let (studio, role) = (StudioId(studio), role_of(&role));
        // The studio first, as all do who change its members; of two who come at once the second then finds nothing left.
        self.hold_studio(&transaction, studio).await?;
        if control.delete(&transaction, invitation::Entity, is_it()).await? == 0 {
            return Err(StudioError::CodeNotValid);
        }
        if !self.insert_member(&transaction, studio, user, role).await? {
            return Err(StudioError::MemberAlready);
        }
        let select = Query::select()
            .columns([studio::Column::Slug, studio::Column::Title])
            .from(control.table(studio::Entity))
            .and_where(studio::Column::Id.eq(studio.0))
            .to_owned();
        let names: Vec<NamesRow> = control.returned(&transaction, &select).await?;
        let NamesRow { slug, title } = names.into_iter().next().ok_or(StudioError::CodeNotValid)?;
        let (object, detail) = (format!("user:{user}"), format!("{}, invitation:{id}", role.name()));
        self.write_down(&transaction, Some(studio), Actor::User(user), "member.joined", object, detail).await?;
        control.commit(transaction).await?;
        Ok(Membership { studio: slug, title, role: Some(role), since_ms: now_ms })
    }

    /// Ends the open invitations of somebody who may invite no longer: nobody comes back by his own.
    pub(super) async fn end_invitations_of(
        &self,
        transaction: &DatabaseTransaction,
        studio: StudioId,
        user: &UserId,
    ) -> Result<(), StoreError> {
        let theirs = invitation::Column::Studio.eq(studio.0).and(invitation::Column::InvitedBy.eq(user.as_str()));
        self.database.control().delete(transaction, invitation::Entity, theirs).await?;
        Ok(())
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
        let is_one = member::Column::Studio.eq(studio.0).and(Expr::col(member::Column::User).in_subquery(with_address));
        if self.count(transaction, member::Entity, is_one).await? == 0 {
            Ok(())
        } else {
            Err(StudioError::MemberAlready)
        }
    }
}
