//! The tables of a studio, gathered from the domains that own them: all of them are exported and imported with it.

use crate::{
    identity::players,
    platform::{db::MovableTable, jobs},
    traces, worlds,
};

/// All tables of a studio, worlds and players before what refers to them.
pub fn tenant_tables() -> Vec<MovableTable> {
    [worlds::tenant_tables(), players::tenant_tables(), traces::tenant_tables(), jobs::tenant_tables()].concat()
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    #[test]
    fn no_table_of_a_studio_is_left_behind() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("entity/src/tenant");
        let domains = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
        let files = domains.flat_map(|domain| fs::read_dir(domain).unwrap());
        let texts = files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
        let name = |text: String| Some(text.split_once("table_name = \"")?.1.split_once('"')?.0.to_owned());
        let mut entities: Vec<String> = texts.filter_map(name).collect();
        let mut moved: Vec<&str> = tenant_tables().iter().map(MovableTable::name).collect();
        entities.sort_unstable();
        moved.sort_unstable();
        assert_eq!(moved, entities);
    }
}
