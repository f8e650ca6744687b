//! The limit of files that the process may have open: connections of clients, databases, logs.

/// Files that are open besides the connections of clients: those of databases, and of the program itself.
const OTHERS: usize = 256;

/// Raises the limit as far as the system allows, and warns if it is too low for that many connections of clients.
pub fn raise_limit(connections: usize) {
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(limit) if usize::try_from(limit).is_ok_and(|limit| limit < connections + OTHERS) => tracing::warn!(
            limit,
            connections,
            "the limit of open files is too low for the connections that the setting allows; \
             raise the hard limit (ulimit -Hn, or LimitNOFILE in systemd), or lower the setting"
        ),
        Ok(limit) => tracing::debug!(limit, "raised the limit of open files"),
        Err(error) => tracing::warn!(%error, "the limit of open files can't be raised"),
    }
}
