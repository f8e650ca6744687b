//! The `cairn` program.

use std::process::ExitCode;

/// A post allocates 260 times; with glibc's allocator all of it takes a tenth longer (docs/adr/0011).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cairn::cli::main()
}
