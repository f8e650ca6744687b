//! The `cairn` program.

use std::process::ExitCode;

/// A post allocates some hundreds of times, and glibc takes a tenth longer for it, all told (docs/adr/0011).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cairn::cli::main()
}
