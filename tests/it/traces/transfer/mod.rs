//! Worlds exported and imported.

mod command_line;
mod http;
