//! Who asks: the extractors of a request's caller. What a key, a token or a session stands for, `app` hands in as verifiers.

pub mod caller;
pub mod player;
pub mod reader;
pub mod session;
pub mod studio_caller;
