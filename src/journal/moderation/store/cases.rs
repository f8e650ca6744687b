//! Reports and the cases that they make. Whoever reports or decides holds the row of the case.

use entity::control::journal::{moderation_case, moderation_report};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryTrait, Set,
    sea_query::{Expr, ExprTrait, Func, LockType, OnConflict, Order, Query},
};

use super::{Store, case_of};
use crate::{
    identity::{
        access::{ModerationReason, UserId},
        sanctions,
    },
    journal::moderation::model::{Case, LOOKED_AT, Record, Report, Subject, SubjectNow, number},
    platform::error::StoreError,
};

/// The outcome of a report that nobody has settled.
pub(super) const OPEN: i16 = 0;
/// That of one that a moderator agreed with.
pub(super) const UPHELD: i16 = 1;
/// That of one that a moderator has dismissed.
pub(super) const DISMISSED: i16 = 2;

/// What became of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reported {
    /// It waits for a moderator.
    Open,
    /// It was settled before, and what it is about is as it was.
    Settled,
}

#[derive(FromQueryResult)]
struct OldestRow {
    reports: i64,
    oldest_ms: Option<i64>,
}

#[derive(FromQueryResult)]
struct OutcomeRow {
    outcome: i16,
}

#[derive(FromQueryResult)]
struct ReasonRow {
    reason: i16,
    reports: i64,
}

#[derive(FromQueryResult)]
struct ReporterRow {
    reporter: String,
}

#[derive(FromQueryResult)]
struct RecordRow {
    reporter: String,
    upheld: i64,
    dismissed: i64,
}

#[derive(FromQueryResult)]
struct OpenRow {
    reports: i64,
    first_ms: Option<i64>,
    last_ms: Option<i64>,
}

impl Store {
    /// How many reports a user has made since a moment, and when the first of them was.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn reports_since(
        &self,
        transaction: &DatabaseTransaction,
        reporter: &UserId,
        since_ms: i64,
    ) -> Result<(u64, Option<i64>), StoreError> {
        let select = Query::select()
            .expr_as(Expr::cust("count(*)"), "reports")
            .expr_as(Expr::col(moderation_report::Column::AtMs).min(), "oldest_ms")
            .from(self.control.table(moderation_report::Entity))
            .and_where(moderation_report::Column::Reporter.eq(reporter.as_str()))
            .and_where(moderation_report::Column::AtMs.gt(since_ms))
            .to_owned();
        let row: Option<OldestRow> = self.control.returned(transaction, &select).await?.pop();
        let count = |reports: i64| u64::try_from(reports).unwrap_or_default();
        Ok(row.map_or((0, None), |row| (count(row.reports), row.oldest_ms)))
    }

    /// The case of a subject, which is made where there is none, and which nobody else changes until the transaction ends.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn hold_case(
        &self,
        transaction: &DatabaseTransaction,
        subject: &Subject,
        author: Option<&UserId>,
    ) -> Result<Option<Case>, StoreError> {
        let row = moderation_case::ActiveModel {
            kind: Set(number(subject.kind)),
            subject: Set(subject.id.clone()),
            author: Set(author.map(|author| author.as_str().to_owned())),
            open: Set(false),
            reported_text: Set(String::new()),
            ..moderation_case::ActiveModel::default()
        };
        let there = OnConflict::columns([moderation_case::Column::Kind, moderation_case::Column::Subject])
            .do_nothing()
            .to_owned();
        let mut insert = moderation_case::Entity::insert(row).into_query();
        insert.into_table(self.control.table(moderation_case::Entity)).on_conflict(there);
        self.control.execute(transaction, &insert).await?;
        let of_subject = moderation_case::Column::Kind
            .eq(number(subject.kind))
            .and(moderation_case::Column::Subject.eq(subject.id.as_str()));
        let select =
            self.control.select::<moderation_case::Entity>().and_where(of_subject).lock(LockType::Update).to_owned();
        let row: Option<moderation_case::Model> = self.control.returned(transaction, &select).await?.pop();
        Ok(row.and_then(case_of))
    }

    /// The case with that id, held in the same way.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn hold_case_with_id(
        &self,
        transaction: &DatabaseTransaction,
        id: i64,
    ) -> Result<Option<Case>, StoreError> {
        let select = self
            .control
            .select::<moderation_case::Entity>()
            .and_where(moderation_case::Column::Id.eq(id))
            .lock(LockType::Update)
            .to_owned();
        let row: Option<moderation_case::Model> = self.control.returned(transaction, &select).await?.pop();
        Ok(row.and_then(case_of))
    }

    /// Stores a report of a subject as it is, in place of another by the same reporter. One that was settled stays so while what a
    /// moderator has let stand is unchanged.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn add_report(
        &self,
        transaction: &DatabaseTransaction,
        (case, now): (&Case, &SubjectNow),
        reporter: &UserId,
        report: &Report,
        now_ms: i64,
    ) -> Result<Reported, StoreError> {
        let of_reporter = || {
            moderation_report::Column::CaseId.eq(case.id).and(moderation_report::Column::Reporter.eq(reporter.as_str()))
        };
        let before = Query::select()
            .column(moderation_report::Column::Outcome)
            .from(self.control.table(moderation_report::Entity))
            .and_where(of_reporter())
            .to_owned();
        let before: Option<OutcomeRow> = self.control.returned(transaction, &before).await?.pop();
        let stands = case.stood_revision == Some(now.revision);
        if before.is_some_and(|before| before.outcome != OPEN) && stands {
            return Ok(Reported::Settled);
        }
        let row = moderation_report::ActiveModel {
            case_id: Set(case.id),
            reporter: Set(reporter.as_str().to_owned()),
            reason: Set(report.reason.number()),
            note: Set(report.note.clone()),
            at_ms: Set(now_ms),
            outcome: Set(OPEN),
            dismissed: Set(false),
            verdict: Set(None),
        };
        let old = |column: moderation_report::Column| Expr::col(("moderation_report", column));
        let was_dismissed =
            old(moderation_report::Column::Dismissed).or(old(moderation_report::Column::Outcome).eq(DISMISSED));
        let again = OnConflict::columns([moderation_report::Column::CaseId, moderation_report::Column::Reporter])
            .update_columns([
                moderation_report::Column::Reason,
                moderation_report::Column::Note,
                moderation_report::Column::AtMs,
                moderation_report::Column::Outcome,
                moderation_report::Column::Verdict,
            ])
            .value(moderation_report::Column::Dismissed, was_dismissed)
            .to_owned();
        let mut insert = moderation_report::Entity::insert(row).into_query();
        insert.into_table(self.control.table(moderation_report::Entity)).on_conflict(again);
        self.control.execute(transaction, &insert).await?;
        let update = Query::update()
            .table(self.control.table(moderation_case::Entity))
            .value(moderation_case::Column::ReportedText, now.text.as_str())
            .and_where(moderation_case::Column::Id.eq(case.id))
            .to_owned();
        self.control.execute(transaction, &update).await?;
        Ok(Reported::Open)
    }

    /// Counts the open reports of a case again, and notes whether it waits for a moderator; returns how many reports are open.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn count_again(&self, transaction: &DatabaseTransaction, case: i64) -> Result<i64, StoreError> {
        let select = Query::select()
            .expr_as(Expr::cust("count(*)"), "reports")
            .expr_as(Expr::col(moderation_report::Column::AtMs).min(), "first_ms")
            .expr_as(Expr::col(moderation_report::Column::AtMs).max(), "last_ms")
            .from(self.control.table(moderation_report::Entity))
            .and_where(moderation_report::Column::CaseId.eq(case))
            .and_where(moderation_report::Column::Outcome.eq(OPEN))
            .to_owned();
        let open: Option<OpenRow> = self.control.returned(transaction, &select).await?.pop();
        let OpenRow { reports, first_ms, last_ms } =
            open.unwrap_or(OpenRow { reports: 0, first_ms: None, last_ms: None });
        let is_open = Expr::val(reports > 0).or(Expr::col(moderation_case::Column::Appealed).is_not_null());
        let update = Query::update()
            .table(self.control.table(moderation_case::Entity))
            .value(moderation_case::Column::Reports, i32::try_from(reports).unwrap_or(i32::MAX))
            .value(moderation_case::Column::FirstMs, first_ms)
            .value(moderation_case::Column::LastMs, last_ms)
            .value(moderation_case::Column::Open, is_open)
            .and_where(moderation_case::Column::Id.eq(case))
            .to_owned();
        self.control.execute(transaction, &update).await?;
        Ok(reports)
    }

    /// What is known of those whose reports of a case are open: [`LOOKED_AT`] of them at most, without those who are banned.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn records(&self, transaction: &DatabaseTransaction, case: i64) -> Result<Vec<Record>, StoreError> {
        let reporters = Query::select()
            .column(moderation_report::Column::Reporter)
            .from(self.control.table(moderation_report::Entity))
            .and_where(moderation_report::Column::CaseId.eq(case))
            .and_where(moderation_report::Column::Outcome.eq(OPEN))
            .order_by(moderation_report::Column::Reporter, Order::Asc)
            .limit(LOOKED_AT)
            .to_owned();
        let reporters: Vec<ReporterRow> = self.control.returned(transaction, &reporters).await?;
        let reporters: Vec<UserId> = reporters.iter().map(|row| UserId::stored(&row.reporter)).collect();
        let with = |is: Expr| {
            let is = Expr::case(is, 1).finally(Expr::cust("NULL"));
            Func::count(Expr::Case(Box::new(is)))
        };
        let was_right = moderation_report::Column::Outcome.eq(UPHELD);
        let was_wrong =
            moderation_report::Column::Outcome.eq(DISMISSED).or(Expr::col(moderation_report::Column::Dismissed));
        let settled = Query::select()
            .column(moderation_report::Column::Reporter)
            .expr_as(with(was_right), "upheld")
            .expr_as(with(was_wrong), "dismissed")
            .from(self.control.table(moderation_report::Entity))
            .and_where(moderation_report::Column::Reporter.is_in(reporters.iter().map(UserId::as_str)))
            .group_by_col(moderation_report::Column::Reporter)
            .to_owned();
        let settled: Vec<RecordRow> = self.control.returned(transaction, &settled).await?;
        let ages = sanctions::since(&self.control, transaction, &reporters).await?;
        let record = |(user, since_ms): (UserId, i64)| {
            let own = settled.iter().find(|row| row.reporter == user.as_str());
            let (upheld, dismissed) = own.map_or((0, 0), |row| (row.upheld, row.dismissed));
            Record { since_ms, upheld, dismissed }
        };
        Ok(ages.into_iter().map(record).collect())
    }

    /// The reason that most open reports of a case give.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn said_in(
        &self,
        transaction: &DatabaseTransaction,
        case: i64,
    ) -> Result<Option<ModerationReason>, StoreError> {
        let select = Query::select()
            .column(moderation_report::Column::Reason)
            .expr_as(Expr::cust("count(*)"), "reports")
            .from(self.control.table(moderation_report::Entity))
            .and_where(moderation_report::Column::CaseId.eq(case))
            .and_where(moderation_report::Column::Outcome.eq(OPEN))
            .group_by_col(moderation_report::Column::Reason)
            .to_owned();
        let rows: Vec<ReasonRow> = self.control.returned(transaction, &select).await?;
        let most = rows.into_iter().max_by_key(|row| (row.reports, std::cmp::Reverse(row.reason)));
        Ok(most.map(|row| ModerationReason::stored(row.reason)))
    }

    /// Whose a subject is that is gone, as its case says.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn author_of_case(&self, subject: &Subject) -> Result<Option<UserId>, StoreError> {
        let select = self
            .control
            .select::<moderation_case::Entity>()
            .and_where(moderation_case::Column::Kind.eq(number(subject.kind)))
            .and_where(moderation_case::Column::Subject.eq(subject.id.as_str()))
            .to_owned();
        let row: Option<moderation_case::Model> = self.control.all(&select).await?.pop();
        Ok(row.and_then(|row| row.author).as_deref().map(UserId::stored))
    }

    /// Settles the open reports of a case by a verdict; returns who made them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn settle(
        &self,
        transaction: &DatabaseTransaction,
        case: i64,
        (verdict, are_right): (i64, bool),
    ) -> Result<Vec<UserId>, StoreError> {
        let update = Query::update()
            .table(self.control.table(moderation_report::Entity))
            .value(moderation_report::Column::Outcome, if are_right { UPHELD } else { DISMISSED })
            .value(moderation_report::Column::Verdict, verdict)
            .and_where(moderation_report::Column::CaseId.eq(case))
            .and_where(moderation_report::Column::Outcome.eq(OPEN))
            .returning_col(moderation_report::Column::Reporter)
            .to_owned();
        let rows: Vec<ReporterRow> = self.control.returned(transaction, &update).await?;
        Ok(rows.into_iter().map(|row| UserId::stored(&row.reporter)).collect())
    }

    /// Opens the reports again that a verdict on a case has settled.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn unsettle(&self, transaction: &DatabaseTransaction, case: i64, verdict: i64) -> Result<(), StoreError> {
        let update = Query::update()
            .table(self.control.table(moderation_report::Entity))
            .value(moderation_report::Column::Outcome, OPEN)
            .value(moderation_report::Column::Verdict, None::<i64>)
            .and_where(moderation_report::Column::CaseId.eq(case))
            .and_where(moderation_report::Column::Verdict.eq(verdict))
            .to_owned();
        self.control.execute(transaction, &update).await.map(drop)
    }

    /// Notes of a case what is in force, what was let stand, and whether there is an appeal.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn note(
        &self,
        transaction: &DatabaseTransaction,
        case: i64,
        (is_in_force, stood_revision, appealed): (bool, Option<i64>, Option<i64>),
    ) -> Result<(), StoreError> {
        let update = Query::update()
            .table(self.control.table(moderation_case::Entity))
            .value(moderation_case::Column::InForce, is_in_force)
            .value(moderation_case::Column::StoodRevision, stood_revision)
            .value(moderation_case::Column::Appealed, appealed)
            .and_where(moderation_case::Column::Id.eq(case))
            .to_owned();
        self.control.execute(transaction, &update).await.map(drop)
    }
}
