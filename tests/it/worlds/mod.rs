//! The engine of worlds: revisions, announcements, several instances.

mod instances;
mod recent_traces;
