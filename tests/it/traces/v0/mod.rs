//! The v0 routes: `GET /get-objects` and `POST /add-object`.

mod bad_input;
mod real_data;
mod world;
