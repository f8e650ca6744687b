//! Cairn from outside: HTTP against the built application, on both backends. A folder a domain, a file a feature, as in
//! `src`.
#![cfg(test)]

mod support;

mod app;
mod catalogue;
mod cli;
mod http;
mod identity;
mod journal;
mod platform;
mod traces;
mod worlds;
