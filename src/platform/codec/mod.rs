//! Formats: JSON ([`json`], [`fields`], [`flaws`]), deflate ([`deflate`], [`gzip`]), texts of numbers as integers ([`decimal`]), integers in
//! few bits ([`rice`]) or few bytes ([`varint`]), hexadecimal ([`hex`]), files of lines ([`file`](mod@file)). Only this
//! module uses simd-json and flate2.

mod bits;
pub mod decimal;
pub mod deflate;
pub mod fields;
pub mod file;
pub mod flaws;
pub mod gzip;
pub mod hex;
pub mod json;
pub mod rice;
pub mod varint;
