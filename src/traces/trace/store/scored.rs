//! The condition of the partial index on scores.

use sea_orm::sea_query::Expr;

/// The condition that a trace has a positive score, is not history and is not hidden. Written as in the partial index, so
/// that the databases use it.
pub(in crate::traces) fn is_scored() -> Expr {
    Expr::cust("score > 0 AND NOT legacy AND NOT hidden")
}
