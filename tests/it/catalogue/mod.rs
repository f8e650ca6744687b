//! Games as the world knows them.

mod titles;
