//! Verdicts: stored, listed for moderators and for authors, appealed against, and undone.

use entity::control::journal::{moderation_case, moderation_verdict};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryTrait, Set,
    sea_query::{CaseStatement, Condition, Expr, ExprTrait, Order, Query, SelectStatement},
};

use super::Store;
use crate::{
    identity::access::{ModerationReason, UserId},
    journal::moderation::model::{
        Action, Appeal, AppealState, Before, Case, NewVerdict, Subject, SubjectKind, Verdict, number, stored,
    },
    platform::{
        clock,
        error::StoreError,
        named::Named,
        page::{Page, rows_for},
    },
};

/// A verdict that is to be stored.
#[derive(Clone, Debug)]
pub struct Decided<'a> {
    /// The case; none where it is about a moderator.
    pub case: Option<i64>,
    /// What it is about.
    pub subject: &'a Subject,
    /// Whose that is.
    pub author: Option<&'a UserId>,
    /// What was decided.
    pub verdict: &'a NewVerdict,
    /// Who decided it; nobody where reports alone did.
    pub moderator: Option<&'a UserId>,
    /// What was before.
    pub before: &'a Before,
}

#[derive(FromQueryResult)]
struct IdRow {
    id: i64,
}

#[derive(FromQueryResult)]
struct VerdictRow {
    #[sea_orm(nested)]
    row: moderation_verdict::Model,
    replaced: i64,
}

fn of(column: moderation_verdict::Column) -> Expr {
    Expr::col(("moderation_verdict", column))
}

/// A row; `None` where a later release has stored what this one does not know.
fn verdict_of(VerdictRow { row, replaced }: VerdictRow) -> Option<Verdict> {
    let appeal_state = AppealState::MEMBERS.iter().copied().find(|state| state.number() == row.appeal_state);
    let appeal = appeal_state.zip(row.appeal).map(|(state, text)| Appeal {
        state,
        text,
        at_ms: row.appeal_at_ms.unwrap_or_default(),
    });
    let has_ended = row.until_ms.is_some_and(|until_ms| until_ms <= clock::now_ms());
    Some(Verdict {
        id: row.id,
        case: row.case_id,
        subject: Subject { kind: stored::<SubjectKind>(row.kind)?, id: row.subject },
        author: row.author.as_deref().map(UserId::stored),
        action: stored::<Action>(row.action)?,
        reason: row.reason.map(ModerationReason::stored),
        note: row.note,
        until_ms: row.until_ms,
        automatic: row.automatic,
        moderator: row.moderator.as_deref().map(UserId::stored),
        at_ms: row.at_ms,
        before: serde_json::from_str(&row.before).unwrap_or_default(),
        is_in_force: replaced == 0 && row.undone_at_ms.is_none() && !has_ended,
        undone_at_ms: row.undone_at_ms,
        undone_by: row.undone_by.as_deref().map(UserId::stored),
        appeal,
    })
}

impl Store {
    /// Stores a verdict; returns its id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn insert_verdict(
        &self,
        transaction: &DatabaseTransaction,
        decided: &Decided<'_>,
        now_ms: i64,
    ) -> Result<i64, StoreError> {
        let Decided { case, subject, author, verdict, moderator, before } = decided;
        let row = moderation_verdict::ActiveModel {
            case_id: Set(*case),
            kind: Set(number(subject.kind)),
            subject: Set(subject.id.clone()),
            author: Set(author.map(|author| author.as_str().to_owned())),
            action: Set(number(verdict.action)),
            reason: Set(verdict.reason.map(ModerationReason::number)),
            note: Set(verdict.note.clone()),
            until_ms: Set(verdict.until_ms),
            automatic: Set(moderator.is_none()),
            moderator: Set(moderator.map(|moderator| moderator.as_str().to_owned())),
            at_ms: Set(now_ms),
            before: Set(serde_json::to_string(before).unwrap_or_default()),
            ..moderation_verdict::ActiveModel::default()
        };
        let mut insert = moderation_verdict::Entity::insert(row).into_query();
        insert.into_table(self.control.table(moderation_verdict::Entity)).returning_col(moderation_verdict::Column::Id);
        let row: Option<IdRow> = self.control.returned(transaction, &insert).await?.pop();
        Ok(row.map(|row| row.id).unwrap_or_default())
    }

    /// Verdicts with whether another has taken their place.
    fn verdicts(&self) -> SelectStatement {
        let later = |column: moderation_verdict::Column| Expr::col(("later_verdict", column));
        let mut replaces = Condition::any();
        for action in Action::MEMBERS.iter().filter(|action| !action.replaced_by().is_empty()) {
            let others = action.replaced_by().iter().map(|other| number(*other)).collect::<Vec<_>>();
            replaces = replaces.add(
                of(moderation_verdict::Column::Action)
                    .eq(number(*action))
                    .and(later(moderation_verdict::Column::Action).is_in(others)),
            );
        }
        let later_one = Query::select()
            .expr(Expr::val(1))
            .from_as(self.control.table(moderation_verdict::Entity), "later_verdict")
            .and_where(later(moderation_verdict::Column::CaseId).eq(of(moderation_verdict::Column::CaseId)))
            .and_where(later(moderation_verdict::Column::Id).gt(of(moderation_verdict::Column::Id)))
            .and_where(later(moderation_verdict::Column::UndoneAtMs).is_null())
            .cond_where(replaces)
            .to_owned();
        let is_replaced = CaseStatement::new()
            .case(Expr::exists(later_one), Expr::cust("CAST(1 AS BIGINT)"))
            .finally(Expr::cust("CAST(0 AS BIGINT)"));
        let mut select = self.control.select::<moderation_verdict::Entity>();
        select.expr_as(is_replaced, "replaced");
        select
    }

    /// A page of verdicts, the newest first: of one author, or of all.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn list_verdicts(
        &self,
        author: Option<&UserId>,
        (after, limit): (Option<i64>, usize),
    ) -> Result<Page<Verdict>, StoreError> {
        let select = self
            .verdicts()
            .and_where_option(author.map(|author| of(moderation_verdict::Column::Author).eq(author.as_str())))
            .and_where_option(after.map(|after| of(moderation_verdict::Column::Id).lt(after)))
            .order_by(("moderation_verdict", moderation_verdict::Column::Id), Order::Desc)
            .limit(rows_for(limit))
            .to_owned();
        let rows: Vec<VerdictRow> = self.control.all(&select).await?;
        let page = Page::cut(rows, limit);
        Ok(Page { more: page.more, items: page.items.into_iter().filter_map(verdict_of).collect() })
    }

    /// The verdict with that id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn verdict(&self, id: i64) -> Result<Option<Verdict>, StoreError> {
        Ok(self.verdicts_with(&[id]).await?.pop())
    }

    /// Those of these verdicts that are there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn verdicts_with(&self, ids: &[i64]) -> Result<Vec<Verdict>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let these = of(moderation_verdict::Column::Id).is_in(ids.iter().copied());
        let rows: Vec<VerdictRow> = self.control.all(self.verdicts().and_where(these)).await?;
        Ok(rows.into_iter().filter_map(verdict_of).collect())
    }

    /// The verdict with that id, within a transaction that holds its case.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn held_verdict(
        &self,
        transaction: &DatabaseTransaction,
        id: i64,
    ) -> Result<Option<Verdict>, StoreError> {
        let select = self.verdicts().and_where(of(moderation_verdict::Column::Id).eq(id)).to_owned();
        let row: Option<VerdictRow> = self.control.returned(transaction, &select).await?.pop();
        Ok(row.and_then(verdict_of))
    }

    /// The last verdict on each of these cases that was not undone.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn last_verdicts(&self, cases: &[i64]) -> Result<Vec<Verdict>, StoreError> {
        if cases.is_empty() {
            return Ok(Vec::new());
        }
        let last = Query::select()
            .expr(Expr::col(("last_verdict", moderation_verdict::Column::Id)).max())
            .from_as(self.control.table(moderation_verdict::Entity), "last_verdict")
            .and_where(Expr::col(("last_verdict", moderation_verdict::Column::CaseId)).is_in(cases.iter().copied()))
            .and_where(Expr::col(("last_verdict", moderation_verdict::Column::UndoneAtMs)).is_null())
            .group_by_col(("last_verdict", moderation_verdict::Column::CaseId))
            .to_owned();
        let select = self.verdicts().and_where(of(moderation_verdict::Column::Id).in_subquery(last)).to_owned();
        let rows: Vec<VerdictRow> = self.control.all(&select).await?;
        Ok(rows.into_iter().filter_map(verdict_of).collect())
    }

    /// Whether there is a verdict on a case after one, that was not undone.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn has_later(
        &self,
        transaction: &DatabaseTransaction,
        case: i64,
        verdict: i64,
    ) -> Result<bool, StoreError> {
        let select = Query::select()
            .column(moderation_verdict::Column::Id)
            .from(self.control.table(moderation_verdict::Entity))
            .and_where(moderation_verdict::Column::CaseId.eq(case))
            .and_where(moderation_verdict::Column::Id.gt(verdict))
            .and_where(moderation_verdict::Column::UndoneAtMs.is_null())
            .limit(1)
            .to_owned();
        Ok(!self.control.returned::<IdRow>(transaction, &select).await?.is_empty())
    }

    /// Notes that a verdict was undone.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_undone(
        &self,
        transaction: &DatabaseTransaction,
        verdict: i64,
        (by, now_ms): (&UserId, i64),
    ) -> Result<(), StoreError> {
        let update = Query::update()
            .table(self.control.table(moderation_verdict::Entity))
            .value(moderation_verdict::Column::UndoneAtMs, now_ms)
            .value(moderation_verdict::Column::UndoneBy, by.as_str())
            .and_where(moderation_verdict::Column::Id.eq(verdict))
            .to_owned();
        self.control.execute(transaction, &update).await.map(drop)
    }

    /// Stores what an author says against a verdict of a case, which waits for a moderator from now on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn add_appeal(
        &self,
        transaction: &DatabaseTransaction,
        (case, verdict): (&Case, i64),
        text: &str,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let appeal = Query::update()
            .table(self.control.table(moderation_verdict::Entity))
            .value(moderation_verdict::Column::Appeal, text)
            .value(moderation_verdict::Column::AppealAtMs, now_ms)
            .value(moderation_verdict::Column::AppealState, AppealState::Open.number())
            .and_where(moderation_verdict::Column::Id.eq(verdict))
            .to_owned();
        self.control.execute(transaction, &appeal).await?;
        let open = Query::update()
            .table(self.control.table(moderation_case::Entity))
            .value(moderation_case::Column::Appealed, verdict)
            .value(moderation_case::Column::Open, true)
            .and_where(moderation_case::Column::Id.eq(case.id))
            .to_owned();
        self.control.execute(transaction, &open).await.map(drop)
    }

    /// Decides an appeal.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn settle_appeal(
        &self,
        transaction: &DatabaseTransaction,
        verdict: i64,
        state: AppealState,
    ) -> Result<(), StoreError> {
        let update = Query::update()
            .table(self.control.table(moderation_verdict::Entity))
            .value(moderation_verdict::Column::AppealState, state.number())
            .and_where(moderation_verdict::Column::Id.eq(verdict))
            .to_owned();
        self.control.execute(transaction, &update).await.map(drop)
    }
}
