//! What moderators have hidden. Its audience is its owner alone, so that every condition of who sees what hides it; the audience that
//! its owner asked for waits beside it. The tables that have such things have the columns `hidden`, `audience` and `audience_asked`.

use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, SimpleExpr, UpdateStatement};

use crate::identity::{access::ModerationReason, profiles::model::Audience};

const HIDDEN: &str = "hidden";
const AUDIENCE: &str = "audience";
const ASKED: &str = "audience_asked";

fn where_hidden(then: impl Into<Expr>, otherwise: impl Into<Expr>) -> SimpleExpr {
    CaseStatement::new().case(Expr::col(HIDDEN).is_not_null(), then).finally(otherwise).into()
}

/// Has an update set the audience that an owner asks for: it is in force at once, unless the thing is hidden.
pub fn set_audience(update: &mut UpdateStatement, asked: Audience) {
    let nothing = Expr::cust("CAST(NULL AS SMALLINT)");
    update
        .value(AUDIENCE, where_hidden(Audience::Private.number(), asked.number()))
        .value(ASKED, where_hidden(asked.number(), nothing));
}

/// Has an update hide things, or show them again.
pub fn set_hidden(update: &mut UpdateStatement, hidden: Option<ModerationReason>) {
    match hidden {
        Some(reason) => update
            .value(ASKED, where_hidden(Expr::col(ASKED), Expr::col(AUDIENCE)))
            .value(AUDIENCE, Audience::Private.number())
            .value(HIDDEN, reason.number()),
        None => update
            .value(AUDIENCE, where_hidden(Expr::col(ASKED), Expr::col(AUDIENCE)))
            .value(ASKED, None::<i16>)
            .value(HIDDEN, None::<i16>),
    };
}

/// The audience that the owner of a row has asked for.
#[must_use]
pub fn asked_audience(in_force: i16, asked: Option<i16>) -> Audience {
    Audience::stored(asked.unwrap_or(in_force))
}
