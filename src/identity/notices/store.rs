//! All SQL of notices: how they are stored here, how they are read in [`reading`].

mod reading;

use entity::control::identity::{notice, notice_setting, profile, user};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult,
    sea_query::{Alias, Expr, ExprTrait, OnConflict, Order, Query},
};

pub use self::reading::Store;
use super::{
    digest::{Digest, Rhythm},
    model::{MAX_NOTICES, NewNotice},
};
use crate::{
    identity::{access::UserId, profiles::blocked_either_way},
    platform::{clock, db::Control, error::StoreError, jobs},
};

/// Notices beyond the bound that are deleted at once: more than one transaction adds.
const TRIMMED: u64 = 100;

/// Stores a notice in the transaction of what happened, unless the user does not want that kind, has blocked the one who did it
/// or was blocked by them, or is gone. Returns whether it did.
///
/// # Errors
/// [`StoreError`].
pub async fn tell(
    control: &Control,
    transaction: &DatabaseTransaction,
    notice: &NewNotice<'_>,
) -> Result<bool, StoreError> {
    let (user, now_ms) = (notice.user.as_str(), clock::now_ms());
    let switched_off = Query::select()
        .expr(Expr::val(1))
        .from(control.table(notice_setting::Entity))
        .and_where(notice_setting::Column::UserId.eq(user))
        .and_where(notice_setting::Column::Kind.eq(notice.kind.name))
        .and_where(notice_setting::Column::App.eq(false))
        .to_owned();
    let detail = notice.detail.as_ref().map(|detail| serde_json::Value::from(detail.clone()).to_string());
    let values = [
        Expr::val(user),
        Expr::val(notice.kind.name),
        Expr::val(notice.actor.map(|actor| actor.as_str().to_owned())),
        Expr::val(notice.subject.clone()),
        Expr::val(detail),
        Expr::val(notice.fold.clone()),
        Expr::val(1_i32),
        Expr::val(now_ms),
    ];
    let mut wanted = Query::select();
    wanted
        .exprs(values)
        .from(control.table(user::Entity))
        .and_where(user::Column::Id.eq(user))
        .and_where(Expr::exists(switched_off).not())
        .and_where_option(notice.actor.map(|actor| blocked_either_way(notice.user, actor.as_str()).not()));
    let again = OnConflict::columns([notice::Column::UserId, notice::Column::Fold])
        .update_columns([
            notice::Column::Kind,
            notice::Column::Actor,
            notice::Column::Subject,
            notice::Column::Detail,
            notice::Column::AtMs,
        ])
        .value(notice::Column::Times, Expr::col(("notice", notice::Column::Times)).add(1))
        .value(notice::Column::ReadAtMs, None::<i64>)
        .to_owned();
    let insert = Query::insert()
        .into_table(control.table(notice::Entity))
        .columns([
            notice::Column::UserId,
            notice::Column::Kind,
            notice::Column::Actor,
            notice::Column::Subject,
            notice::Column::Detail,
            notice::Column::Fold,
            notice::Column::Times,
            notice::Column::AtMs,
        ])
        .select_from(wanted)
        .map_err(|error| StoreError::Statement(sea_orm::DbErr::Type(error.to_string())))?
        .on_conflict(again)
        .to_owned();
    if control.execute(transaction, &insert).await? == 0 {
        return Ok(false);
    }
    ask_for_digest(control, transaction, notice, now_ms).await?;
    let surplus = Query::select()
        .column(notice::Column::Id)
        .from(control.table(notice::Entity))
        .and_where(notice::Column::UserId.eq(user))
        .order_by(notice::Column::AtMs, Order::Desc)
        .order_by(notice::Column::Id, Order::Desc)
        .offset(MAX_NOTICES)
        .limit(TRIMMED)
        .to_owned();
    let surplus = notice::Column::Id.in_subquery(surplus);
    let of_user = Expr::col(Alias::new("user_id")).eq(user);
    control.delete(transaction, notice::Entity, of_user.and(surplus)).await?;
    Ok(true)
}

#[derive(FromQueryResult)]
struct MailRow {
    mail: i16,
}

/// Asks for an email with what a user is told from now on, where they want notices of this kind so.
async fn ask_for_digest(
    control: &Control,
    transaction: &DatabaseTransaction,
    notice: &NewNotice<'_>,
    now_ms: i64,
) -> Result<(), StoreError> {
    let setting = |column: notice_setting::Column| Expr::col(("notice_setting", column));
    let person = |column: profile::Column| Expr::col(("profile", column));
    let wish = Query::select()
        .column(("profile", profile::Column::Mail))
        .from(control.table(profile::Entity))
        .inner_join(
            control.table(notice_setting::Entity),
            setting(notice_setting::Column::UserId).equals(("profile", profile::Column::UserId)),
        )
        .and_where(person(profile::Column::UserId).eq(notice.user.as_str()))
        .and_where(setting(notice_setting::Column::UserId).eq(notice.user.as_str()))
        .and_where(setting(notice_setting::Column::Kind).eq(notice.kind.name))
        .and_where(setting(notice_setting::Column::Mail).eq(true))
        .to_owned();
    let rows: Vec<MailRow> = control.returned(transaction, &wish).await?;
    let Some(rhythm) = rows.first().and_then(|row| Rhythm::of_number(row.mail)) else { return Ok(()) };
    jobs::enqueue_quietly(control, transaction, Digest::job(notice.user, rhythm, now_ms)).await
}

/// How many notices of a user are unread, as a query of one number.
#[must_use]
pub fn unread_count(user: &UserId) -> sea_orm::sea_query::SelectStatement {
    let of = |column: notice::Column| Expr::col(("notice", column));
    Query::select()
        .expr(Expr::cust("count(*)"))
        .from(Alias::new("notice"))
        .and_where(of(notice::Column::UserId).eq(user.as_str()))
        .and_where(of(notice::Column::ReadAtMs).is_null())
        .to_owned()
}
