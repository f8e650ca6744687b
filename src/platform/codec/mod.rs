//! Bytes in and out: JSON in ([`json`]) and deflate both ways ([`deflate`]). The one door to simd-json and flate2.

pub mod deflate;
pub mod json;
