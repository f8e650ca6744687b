//! Bytes in and out: JSON in ([`json`], [`fields`]), deflate both ways ([`deflate`]), texts of numbers as integers
//! ([`decimal`]), integers in few bits ([`rice`]) or few bytes ([`varint`]). The one door to simd-json and flate2.

mod bits;
pub mod decimal;
pub mod deflate;
pub mod fields;
pub mod file;
pub mod hex;
pub mod json;
pub mod rice;
pub mod varint;
