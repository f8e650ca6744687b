//! Bytes in and out: JSON in ([`json`], [`fields`]), deflate both ways ([`deflate`]), texts of numbers as integers ([`decimal`]) and
//! integers in few bits ([`rice`]). The one door to simd-json and flate2.

pub mod decimal;
pub mod deflate;
pub mod fields;
pub mod file;
pub mod hex;
pub mod json;
pub mod rice;
