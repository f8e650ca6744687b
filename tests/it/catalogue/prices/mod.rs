//! What games cost. The providers are servers of the tests' own, in the shapes that the real ones document, and with their faults.

mod faults;
pub mod shops;
mod showing;
