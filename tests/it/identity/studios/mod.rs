//! Studios: their members, keys and data.

mod keys;
mod members;
mod public_reads;
mod tenants;
