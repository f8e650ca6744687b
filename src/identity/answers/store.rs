//! The SQL of kept answers.

use entity::control::identity::kept_answer;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryTrait, Set,
    sea_query::{ExprTrait, OnConflict, Order, Query, SelectStatement},
};

use crate::platform::{
    clock,
    db::Control,
    error::StoreError,
    kept_answers::{Claim, KeptAnswer, RequestDigests},
};

/// The answers of one caller that are kept; the oldest go.
pub const MAX_ANSWERS: u64 = 100;

/// The answers. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    control: Control,
}

fn known(row: kept_answer::Model, request: &RequestDigests) -> Claim {
    if row.content != request.content {
        return Claim::OtherRequest;
    }
    match row.status.and_then(|status| u16::try_from(status).ok()) {
        Some(status) => Claim::Answered(KeptAnswer { status, body: row.body.unwrap_or_default() }),
        None => Claim::Running,
    }
}

impl Store {
    /// A store over the control tables.
    #[must_use]
    pub fn new(control: Control) -> Self {
        Self { control }
    }

    /// Claims a request, or says what is known of it: since `since_ms`, and if it has no answer, since `abandoned_ms`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn claim(&self, request: &RequestDigests, since_ms: i64, abandoned_ms: i64) -> Result<Claim, StoreError> {
        let control = &self.control;
        let transaction = control.begin().await?;
        let is_lost = kept_answer::Column::Status.is_null().and(kept_answer::Column::CreatedAtMs.lte(abandoned_ms));
        let is_free = kept_answer::Column::CreatedAtMs.lte(since_ms).or(is_lost);
        let free = kept_answer::Column::Id.eq(request.id.to_vec()).and(is_free);
        control.delete(&transaction, kept_answer::Entity, free).await?;
        let row = kept_answer::ActiveModel {
            id: Set(request.id.to_vec()),
            caller: Set(request.caller.to_vec()),
            content: Set(request.content.to_vec()),
            status: Set(None),
            body: Set(None),
            created_at_ms: Set(clock::now_ms()),
        };
        let mut insert = kept_answer::Entity::insert(row).into_query();
        insert.into_table(control.table(kept_answer::Entity)).on_conflict(OnConflict::new().do_nothing().to_owned());
        if control.execute(&transaction, &insert).await? == 0 {
            let select = self.select(request);
            let rows: Vec<kept_answer::Model> = control.returned(&transaction, &select).await?;
            // Another request that failed may have released it at this moment.
            return Ok(rows.into_iter().next().map_or(Claim::Running, |row| known(row, request)));
        }
        self.trim(&transaction, request).await?;
        control.commit(transaction).await?;
        Ok(Claim::First)
    }

    async fn trim(&self, transaction: &DatabaseTransaction, request: &RequestDigests) -> Result<(), StoreError> {
        let of_caller = || kept_answer::Column::Caller.eq(request.caller.to_vec());
        let oldest = Query::select()
            .column(kept_answer::Column::Id)
            .from(self.control.table(kept_answer::Entity))
            .and_where(of_caller())
            .order_by(kept_answer::Column::CreatedAtMs, Order::Desc)
            .offset(MAX_ANSWERS)
            .limit(u64::from(u32::MAX))
            .to_owned();
        let surplus = of_caller().and(kept_answer::Column::Id.in_subquery(oldest));
        self.control.delete(transaction, kept_answer::Entity, surplus).await?;
        Ok(())
    }

    fn select(&self, request: &RequestDigests) -> SelectStatement {
        let is_it = kept_answer::Column::Id.eq(request.id.to_vec());
        self.control.select::<kept_answer::Entity>().and_where(is_it).to_owned()
    }

    /// What is known of a request, since `since_ms`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find(&self, request: &RequestDigests, since_ms: i64) -> Result<Option<Claim>, StoreError> {
        let select = self.select(request).and_where(kept_answer::Column::CreatedAtMs.gt(since_ms)).to_owned();
        let rows: Vec<kept_answer::Model> = self.control.all(&select).await?;
        Ok(rows.into_iter().next().map(|row| known(row, request)))
    }

    /// Keeps the answer to a claimed request; without one, releases the request.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn finish(&self, request: &RequestDigests, answer: Option<KeptAnswer>) -> Result<(), StoreError> {
        let control = &self.control;
        let transaction = control.begin().await?;
        let claimed = kept_answer::Column::Id
            .eq(request.id.to_vec())
            .and(kept_answer::Column::Content.eq(request.content.to_vec()))
            .and(kept_answer::Column::Status.is_null());
        match answer {
            Some(KeptAnswer { status, body }) => {
                let keep = Query::update()
                    .table(control.table(kept_answer::Entity))
                    .value(kept_answer::Column::Status, i16::try_from(status).ok())
                    .value(kept_answer::Column::Body, body)
                    .and_where(claimed)
                    .to_owned();
                control.execute(&transaction, &keep).await?;
            }
            None => {
                control.delete(&transaction, kept_answer::Entity, claimed).await?;
            }
        }
        control.commit(transaction).await
    }

    /// Deletes the answers to a caller.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete_of(&self, caller: [u8; 32]) -> Result<(), StoreError> {
        let transaction = self.control.begin().await?;
        let of_caller = kept_answer::Column::Caller.eq(caller.to_vec());
        self.control.delete(&transaction, kept_answer::Entity, of_caller).await?;
        self.control.commit(transaction).await
    }

    /// Deletes the answers of before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete_expired(&self, since_ms: i64) -> Result<(), StoreError> {
        let transaction = self.control.begin().await?;
        let is_old = kept_answer::Column::CreatedAtMs.lte(since_ms);
        self.control.delete(&transaction, kept_answer::Entity, is_old).await?;
        self.control.commit(transaction).await
    }
}
