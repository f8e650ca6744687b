//! The engine of worlds: revisions, announcements, several instances.

mod copies;
mod instances;
mod recent_traces;
