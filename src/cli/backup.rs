//! `cairn backup` and `cairn restore`.

use std::path::PathBuf;

use clap::Args;

use super::{CommandResult, context::Context, print_line, with_services};
use crate::{
    app,
    platform::backup::{self, Contents},
};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The folder of the backup.
    folder: PathBuf,
}

pub(super) async fn back_up(context: &Context, Arguments { folder }: &Arguments) -> CommandResult {
    let made =
        with_services(
            context,
            async |services| Ok(backup::back_up(&services.database, &services.blobs, folder).await?),
        );
    let made = made.await?;
    print_line(&format!("Backed up to {}: {}.", folder.display(), said(&made)))?;
    if made.blobs.damaged > 0 {
        print_line(&format!("Files that are damaged, and not in the backup: {}.", made.blobs.damaged))?;
    }
    print_key(&made)
}

pub(super) async fn restore(context: &Context, Arguments { folder }: &Arguments) -> CommandResult {
    let restored = app::restore(&context.config, folder).await.map_err(|error| context.explain(error.into()))?;
    print_line(&format!("Restored to {}: {}, as of {}.", context.data, said(&restored), restored.made_at))?;
    print_key(&restored)?;
    print_line(&format!("Next: {} migrate, if this version of Cairn is a later one; then serve.", context.program))
}

fn said(contents: &Contents) -> String {
    let Contents { table_bytes, blobs, .. } = contents;
    format!("tables of {table_bytes} bytes, and {} files of {} bytes", blobs.blobs, blobs.bytes)
}

fn print_key(contents: &Contents) -> CommandResult {
    if contents.secret_key_check.is_empty() {
        return Ok(());
    }
    print_line("The secret key is not in it, and belongs to it: keep a copy elsewhere (docs/operations.md, Backups).")
}
