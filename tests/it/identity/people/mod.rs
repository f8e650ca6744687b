//! People as others see them.

mod audience;
mod telling;
