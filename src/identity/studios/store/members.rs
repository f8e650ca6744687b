//! The SQL of members. Every change locks the studio's row first: if two owners leave at once, the second sees that the first
//! has left.

use entity::control::identity::{member, studio, user};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult,
    sea_query::{Expr, ExprTrait, OnConflict, Order, Query},
};

use super::Store;
use crate::{
    identity::{
        access::{Role, UserId},
        accounts::Membership,
        studios::model::{ActingMember, Actor, Member, StudioError},
    },
    platform::{clock, db::StudioId, error::StoreError},
};

/// A studio as a user sees it.
#[derive(Clone, Debug)]
pub struct VisibleStudio {
    /// The studio.
    pub studio: StudioId,
    /// Its title.
    pub title: String,
    /// The user's role, if they are a member.
    pub role: Option<Role>,
}

impl VisibleStudio {
    /// The user as one who acts in that role.
    #[must_use]
    pub fn acting_member(self, slug: &str, user: &UserId, role: Role) -> ActingMember {
        ActingMember { studio: self.studio, slug: slug.to_owned(), title: self.title, user: user.clone(), role }
    }
}

#[derive(FromQueryResult)]
struct SeenRow {
    id: i32,
    title: String,
    role: Option<String>,
}

#[derive(FromQueryResult)]
struct MembershipRow {
    slug: String,
    title: String,
    role: String,
    since_ms: i64,
}

#[derive(FromQueryResult)]
struct MemberRow {
    user: String,
    email: String,
    role: String,
    since_ms: i64,
}

#[derive(FromQueryResult)]
struct RoleRow {
    role: String,
}

#[derive(FromQueryResult)]
struct HeldRow {
    studio: i32,
    slug: String,
}

/// A stored role. One that this version does not know counts as the lowest.
pub(super) fn role_of(name: &str) -> Role {
    Role::parse(name).unwrap_or(Role::Viewer)
}

fn is_member(studio: StudioId, user: &UserId) -> Expr {
    member::Column::Studio.eq(studio.0).and(member::Column::User.eq(user.as_str()))
}

impl Store {
    /// The studio of that name, with a user's role in it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn visible_studio(&self, user: &UserId, slug: &str) -> Result<Option<VisibleStudio>, StoreError> {
        let control = self.database.control();
        let theirs = Expr::col(("member", member::Column::Studio))
            .equals(("studio", studio::Column::Id))
            .and(Expr::col(("member", member::Column::User)).eq(user.as_str()));
        let select = Query::select()
            .columns([("studio", studio::Column::Id), ("studio", studio::Column::Title)])
            .column(("member", member::Column::Role))
            .from(control.table(studio::Entity))
            .left_join(control.table(member::Entity), theirs)
            .and_where(Expr::col(("studio", studio::Column::Slug)).eq(slug))
            .to_owned();
        let rows: Vec<SeenRow> = control.all(&select).await?;
        let seen = |row: SeenRow| VisibleStudio {
            studio: StudioId(row.id),
            title: row.title,
            role: row.role.map(|role| role_of(&role)),
        };
        Ok(rows.into_iter().next().map(seen))
    }

    /// The studios that a user is a member of, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn memberships(&self, user: &UserId) -> Result<Vec<Membership>, StoreError> {
        let control = self.database.control();
        let same = Expr::col(("member", member::Column::Studio)).equals(("studio", studio::Column::Id));
        let select = Query::select()
            .columns([("studio", studio::Column::Slug), ("studio", studio::Column::Title)])
            .columns([("member", member::Column::Role), ("member", member::Column::SinceMs)])
            .from(control.table(member::Entity))
            .inner_join(control.table(studio::Entity), same)
            .and_where(Expr::col(("member", member::Column::User)).eq(user.as_str()))
            .order_by(("studio", studio::Column::Slug), Order::Asc)
            .to_owned();
        let rows: Vec<MembershipRow> = control.all(&select).await?;
        let membership = |row: MembershipRow| Membership {
            studio: row.slug,
            title: row.title,
            role: Some(role_of(&row.role)),
            since_ms: row.since_ms,
        };
        Ok(rows.into_iter().map(membership).collect())
    }

    /// The members of a studio, the oldest members first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn members(&self, studio: StudioId) -> Result<Vec<Member>, StoreError> {
        let control = self.database.control();
        let same = Expr::col(("member", member::Column::User)).equals(("user", user::Column::Id));
        let select = Query::select()
            .columns(
                [member::Column::User, member::Column::Role, member::Column::SinceMs].map(|column| ("member", column)),
            )
            .column(("user", user::Column::Email))
            .from(control.table(member::Entity))
            .inner_join(control.table(user::Entity), same)
            .and_where(Expr::col(("member", member::Column::Studio)).eq(studio.0))
            .order_by(("member", member::Column::SinceMs), Order::Asc)
            .order_by(("member", member::Column::User), Order::Asc)
            .to_owned();
        let rows: Vec<MemberRow> = control.all(&select).await?;
        let member = |row: MemberRow| Member {
            user: UserId::stored(&row.user),
            email: row.email,
            role: role_of(&row.role),
            since_ms: row.since_ms,
        };
        Ok(rows.into_iter().map(member).collect())
    }

    /// Changes a member's role; false if they have it already.
    ///
    /// # Errors
    /// [`StudioError::MemberNotFound`], [`StudioError::LastOwner`], [`StudioError::RoleMissing`], or [`StoreError`].
    pub async fn change_role(
        &self,
        (studio, slug): (StudioId, &str),
        user: &UserId,
        role: Role,
        actor: Actor<'_>,
    ) -> Result<bool, StudioError> {
        let transaction = self.begin_member_change(studio, actor).await?;
        let is = self.role_in(&transaction, studio, user).await?.ok_or(StudioError::MemberNotFound)?;
        if is == role {
            return Ok(false);
        }
        self.check_not_last_owner(&transaction, (studio, slug), is).await?;
        let control = self.database.control();
        let update = Query::update()
            .table(control.table(member::Entity))
            .value(member::Column::Role, role.name())
            .and_where(is_member(studio, user))
            .to_owned();
        control.execute(&transaction, &update).await?;
        self.delete_invitations_by(&transaction, studio, user).await?;
        let (object, detail) = (format!("user:{user}"), format!("{} to {}", is.name(), role.name()));
        self.insert_audit_entry(&transaction, studio, actor, "member.role_changed", object, detail).await?;
        control.commit(transaction).await?;
        Ok(true)
    }

    /// Removes a member; they leave if they are the actor.
    ///
    /// # Errors
    /// [`StudioError::MemberNotFound`], [`StudioError::LastOwner`], [`StudioError::RoleMissing`], or [`StoreError`].
    pub async fn remove_member(
        &self,
        (studio, slug): (StudioId, &str),
        user: &UserId,
        actor: Actor<'_>,
    ) -> Result<(), StudioError> {
        let leaves = actor == Actor::User(user);
        let control = self.database.control();
        // To leave takes no role.
        let transaction = if leaves {
            let transaction = control.begin().await?;
            self.lock_studio(&transaction, studio).await?;
            transaction
        } else {
            self.begin_member_change(studio, actor).await?
        };
        let is = self.role_in(&transaction, studio, user).await?.ok_or(StudioError::MemberNotFound)?;
        self.check_not_last_owner(&transaction, (studio, slug), is).await?;
        self.delete_member(&transaction, studio, user, actor).await?;
        Ok(control.commit(transaction).await?)
    }

    /// Ends all memberships of a user.
    ///
    /// # Errors
    /// [`StudioError::LastOwner`] with the studios that would have no owner: then none was ended; or [`StoreError`].
    pub async fn leave_all_studios(&self, user: &UserId) -> Result<(), StudioError> {
        let control = self.database.control();
        let transaction = control.begin().await?;
        let same = Expr::col(("member", member::Column::Studio)).equals(("studio", studio::Column::Id));
        let select = Query::select()
            .column(("member", member::Column::Studio))
            .column(("studio", studio::Column::Slug))
            .from(control.table(member::Entity))
            .inner_join(control.table(studio::Entity), same)
            .and_where(Expr::col(("member", member::Column::User)).eq(user.as_str()))
            // Everybody locks several studios in this order, so that there are no deadlocks.
            .order_by(("member", member::Column::Studio), Order::Asc)
            .to_owned();
        let rows: Vec<HeldRow> = control.returned(&transaction, &select).await?;
        let mut ownerless = Vec::new();
        for HeldRow { studio, slug } in rows {
            let studio = StudioId(studio);
            self.lock_studio(&transaction, studio).await?;
            // It may have changed before the studio was locked.
            let Some(is) = self.role_in(&transaction, studio, user).await? else { continue };
            match self.check_not_last_owner(&transaction, (studio, &slug), is).await {
                Ok(()) => self.delete_member(&transaction, studio, user, Actor::User(user)).await?,
                Err(StudioError::LastOwner(_)) => ownerless.push(slug),
                Err(other) => return Err(other),
            }
        }
        if !ownerless.is_empty() {
            return Err(StudioError::LastOwner(ownerless));
        }
        Ok(control.commit(transaction).await?)
    }

    /// Makes a user a member in that role, or changes a member's role.
    ///
    /// # Errors
    /// [`StudioError::LastOwner`], or [`StoreError`].
    pub async fn set_role(
        &self,
        (studio, slug): (StudioId, &str),
        user: &UserId,
        role: Role,
        actor: Actor<'_>,
    ) -> Result<(), StudioError> {
        let control = self.database.control();
        let transaction = control.begin().await?;
        self.lock_studio(&transaction, studio).await?;
        if self.insert_member(&transaction, studio, user, role).await? {
            let (object, detail) = (format!("user:{user}"), role.name().to_owned());
            self.insert_audit_entry(&transaction, studio, actor, "member.joined", object, detail).await?;
            return Ok(control.commit(transaction).await?);
        }
        drop(transaction);
        self.change_role((studio, slug), user, role, actor).await.map(drop)
    }

    /// Begins a transaction that changes the members of a studio, which it locks. Checks that the actor is an owner, if it is
    /// a user.
    pub(super) async fn begin_member_change(
        &self,
        studio: StudioId,
        actor: Actor<'_>,
    ) -> Result<DatabaseTransaction, StudioError> {
        let transaction = self.database.control().begin().await?;
        self.lock_studio_for(&transaction, studio, actor, Role::Owner).await?;
        Ok(transaction)
    }

    /// Locks a studio, and checks that the actor has a role in it now, if it is a user: they may have been removed, or have got
    /// another role, since the request was let through.
    pub(super) async fn lock_studio_for(
        &self,
        transaction: &DatabaseTransaction,
        studio: StudioId,
        actor: Actor<'_>,
        needs: Role,
    ) -> Result<(), StudioError> {
        self.lock_studio(transaction, studio).await?;
        let Actor::User(user) = actor else { return Ok(()) };
        // Without a role: an administrator who is not a member, or somebody who was removed a moment ago.
        let is = self.role_in(transaction, studio, user).await?.unwrap_or(Role::Viewer);
        if is >= needs { Ok(()) } else { Err(StudioError::RoleMissing { is, needs }) }
    }

    /// Inserts a member; false if they are a member already.
    pub(super) async fn insert_member(
        &self,
        transaction: &DatabaseTransaction,
        studio: StudioId,
        user: &UserId,
        role: Role,
    ) -> Result<bool, StoreError> {
        let control = self.database.control();
        let insert = Query::insert()
            .into_table(control.table(member::Entity))
            .columns([member::Column::Studio, member::Column::User, member::Column::Role, member::Column::SinceMs])
            .values_panic([studio.0.into(), user.as_str().into(), role.name().into(), clock::now_ms().into()])
            .on_conflict(OnConflict::columns([member::Column::Studio, member::Column::User]).do_nothing().to_owned())
            .to_owned();
        Ok(control.execute(transaction, &insert).await? > 0)
    }

    async fn delete_member(
        &self,
        transaction: &DatabaseTransaction,
        studio: StudioId,
        user: &UserId,
        actor: Actor<'_>,
    ) -> Result<(), StoreError> {
        let control = self.database.control();
        control.delete(transaction, member::Entity, is_member(studio, user)).await?;
        self.delete_invitations_by(transaction, studio, user).await?;
        self.delete_invitations_to(transaction, studio, user).await?;
        let action = if actor == Actor::User(user) { "member.left" } else { "member.removed" };
        self.insert_audit_entry(transaction, studio, actor, action, format!("user:{user}"), String::new()).await
    }

    async fn role_in(
        &self,
        transaction: &DatabaseTransaction,
        studio: StudioId,
        user: &UserId,
    ) -> Result<Option<Role>, StoreError> {
        let control = self.database.control();
        let select = Query::select()
            .column(member::Column::Role)
            .from(control.table(member::Entity))
            .and_where(is_member(studio, user))
            .to_owned();
        let rows: Vec<RoleRow> = control.returned(transaction, &select).await?;
        Ok(rows.first().map(|row| role_of(&row.role)))
    }

    /// Checks that a member with that role may leave or get another role: the last owner may not.
    async fn check_not_last_owner(
        &self,
        transaction: &DatabaseTransaction,
        (studio, slug): (StudioId, &str),
        is: Role,
    ) -> Result<(), StudioError> {
        let owners = member::Column::Studio.eq(studio.0).and(member::Column::Role.eq(Role::Owner.name()));
        if is == Role::Owner && self.count(transaction, member::Entity, owners).await? < 2 {
            return Err(StudioError::LastOwner(vec![slug.to_owned()]));
        }
        Ok(())
    }
}
