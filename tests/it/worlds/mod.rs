//! What is common to all kinds of traces: revisions, announcements, several instances.

mod instances;
mod recent_traces;
