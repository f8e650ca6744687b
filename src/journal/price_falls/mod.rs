//! Falls of prices: who wishes for a title and has set a price target is told once when it costs no more than that.
//!
//! - A job goes through the targets of all wish lists, in the order of titles, and asks what each title costs; it begins again every
//!   hour. Prices are asked for no oftener than for somebody who looks ([`Prices`](crate::catalogue::prices::Prices)).
//! - A target follows the currency that it was set in: a price is converted into that, by a rate that is kept with the fall.
//! - The same fall is told once: a row for each title and user, written in the transaction of the notice. A price that falls further is
//!   another fall, and so is one that has risen above the target meanwhile, or another target. What only a rate does is none.
//! - What is given away meets every target.

mod model;
mod service;
mod store;

pub use self::{
    model::{PRICE_FELL, PriceFallError},
    service::PriceFalls,
};
