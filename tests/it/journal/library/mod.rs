//! Libraries.

mod audience;
mod bulk;
mod conflicts;
mod entries;
mod export;
mod imports;
mod lists;
mod requests;
mod samples;
mod statistics;
