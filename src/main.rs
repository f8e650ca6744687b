//! The `cairn` program.

use std::process::ExitCode;

/// A write request makes about 260 allocations; with glibc's allocator it takes a tenth longer (docs/adr/0011).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cairn::cli::main()
}
