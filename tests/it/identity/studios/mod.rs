//! Studios: their members, keys and data.

mod audit;
mod games;
mod invitations;
mod keys;
mod members;
mod public_reads;
mod requests;
mod tenants;
