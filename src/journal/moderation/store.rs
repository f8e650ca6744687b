//! All SQL of moderation: what is reported in [`subjects`], reports and cases in [`cases`] and [`queue`], verdicts in [`verdicts`].

mod cases;
mod queue;
mod subjects;
mod verdicts;

use std::collections::BTreeMap;

use entity::control::journal::{moderation_case, moderation_report, moderation_verdict};
use sea_orm::{
    ColumnTrait,
    sea_query::{Expr, ExprTrait, Query},
};

pub use self::{cases::Reported, verdicts::Decided};
use super::model::{Case, Subject, stored};
use crate::{
    identity::access::UserId,
    platform::{
        db::{Control, DatabaseTransaction, Row},
        error::StoreError,
    },
};

/// Reports, cases and verdicts. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    control: Control,
}

/// A row; `None` where a later release has stored what this one does not know.
fn case_of(row: moderation_case::Model) -> Option<Case> {
    Some(Case {
        id: row.id,
        subject: Subject { kind: stored(row.kind)?, id: row.subject },
        author: row.author.as_deref().map(UserId::stored),
        reports: row.reports,
        first_ms: row.first_ms,
        last_ms: row.last_ms,
        reported_text: row.reported_text,
        stood_revision: row.stood_revision,
        appealed: row.appealed,
    })
}

impl Store {
    /// A store on the control tables.
    #[must_use]
    pub fn new(control: Control) -> Self {
        Self { control }
    }

    /// The tables.
    #[must_use]
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// All rows about a user, for an export: what they reported, and what was reported and decided of theirs. Who reported or decided
    /// is not told.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rows_of(&self, user: &UserId) -> Result<BTreeMap<&'static str, Vec<Row>>, StoreError> {
        let transaction = self.control.begin_reading().await?;
        let reports = moderation_report::Column::Reporter.eq(user.as_str());
        let reports = self.control.rows_where::<moderation_report::Entity>(&transaction, reports).await?;
        let cases = moderation_case::Column::Author.eq(user.as_str());
        let mut cases = self.control.rows_where::<moderation_case::Entity>(&transaction, cases).await?;
        let verdicts = moderation_verdict::Column::Author.eq(user.as_str());
        let mut verdicts = self.control.rows_where::<moderation_verdict::Entity>(&transaction, verdicts).await?;
        self.control.commit(transaction).await?;
        for case in &mut cases {
            for told in ["reports", "first_ms", "last_ms"] {
                case.remove(told);
            }
        }
        for verdict in &mut verdicts {
            for told in ["moderator", "undone_by"] {
                verdict.remove(told);
            }
        }
        Ok(BTreeMap::from([("reports", reports), ("cases", cases), ("verdicts", verdicts)]))
    }

    /// Before an account is deleted: takes back its reports, and removes what verdicts about it have kept of its texts.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn remove(&self, user: &UserId) -> Result<(), StoreError> {
        let transaction = self.control.begin().await?;
        let reported = Query::select()
            .column(moderation_report::Column::CaseId)
            .from(self.control.table(moderation_report::Entity))
            .and_where(moderation_report::Column::Reporter.eq(user.as_str()))
            .and_where(moderation_report::Column::Outcome.eq(cases::OPEN))
            .to_owned();
        let fewer = Query::update()
            .table(self.control.table(moderation_case::Entity))
            .value(moderation_case::Column::Reports, Expr::col(moderation_case::Column::Reports).sub(1))
            .value(
                moderation_case::Column::Open,
                Expr::col(moderation_case::Column::Reports)
                    .gt(1)
                    .or(Expr::col(moderation_case::Column::Appealed).is_not_null()),
            )
            .and_where(moderation_case::Column::Id.in_subquery(reported))
            .to_owned();
        self.control.execute(&transaction, &fewer).await?;
        let own = moderation_report::Column::Reporter.eq(user.as_str());
        self.control.delete(&transaction, moderation_report::Entity, own).await?;
        let forget = Query::update()
            .table(self.control.table(moderation_verdict::Entity))
            .value(moderation_verdict::Column::Subject, "")
            .value(moderation_verdict::Column::Before, "{}")
            .value(moderation_verdict::Column::Note, "")
            .value(moderation_verdict::Column::Appeal, None::<String>)
            .value(moderation_verdict::Column::AppealState, 0_i16)
            .and_where(moderation_verdict::Column::Author.eq(user.as_str()))
            .to_owned();
        self.control.execute(&transaction, &forget).await?;
        self.control.commit(transaction).await
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn begin(&self) -> Result<DatabaseTransaction, StoreError> {
        self.control.begin().await
    }

    /// Commits one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn commit(&self, transaction: DatabaseTransaction) -> Result<(), StoreError> {
        self.control.commit(transaction).await
    }
}
