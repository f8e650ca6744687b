//! Proofs that one is no bot: asked for where a network has made many accounts, asked for many emails, or guessed at passwords.
//!
//! - Whoever does what people do is asked nothing. From the next request of the network on, within the hour, the answer is a problem
//!   (403 `proof_needed`) that says what to do; the same request with the header `Cairn-Proof` goes on. So pages and tools go the
//!   same way, and requests by key are never asked.
//! - By default the proof is work: a number that makes a hash of the challenge begin with zeros, which a phone finds in a fraction of a
//!   second. It costs this server one signature, one hash and one entry of the cache. The more a network has asked for, and the more all
//!   of them do, the more zeros.
//! - Challenges are signed, for one purpose, one network, five minutes and one use. Nothing is stored of those that nobody answers.
//! - reCAPTCHA, hCaptcha or Turnstile instead, where the operator says so. If it can't be asked, work is taken.
//! - This is a price, not a wall: whoever has many networks pays for each request. What guessing costs, `accounts::throttle` says.

mod config;
mod model;
mod request;
mod response;
mod service;
mod widget;
mod work;

pub use self::{
    config::{BotCheckConfig, BotCheckSettings},
    model::{BotCheckError, Purpose},
    request::ProofHeader,
    service::BotChecks,
};
