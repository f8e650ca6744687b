//! `cairn titles import`.

use std::io::Write;

use cairn_test_macros::cairn_test;
use flate2::{Compression, write::GzEncoder};

use super::people::{get, names};
use crate::support::{Cairn, Place, process::cairn};

const LIST: &str = "\u{feff}id\ttitle\tyear\tpublisher\tdeveloper\talt_title\trelease\tplatforms\r\n\
    1\tDoom\t1993\tid\t\t毁灭战士\t19931210\tpc,snes\r\n\
    2\tTetris\t\t\t\t\t\tgameboy\r\n\
    3\t\t1990\t\t\t\t\t\r\n\
    4\tQuake\t96\t\t\t\t\t\r\n\
    \r\n\
    5\tNo More\n";

/// Runs an import; returns what it printed, on standard output and standard error.
fn import(place: &Place, file: &str, bytes: &[u8], more: &[&str]) -> (String, String) {
    std::fs::create_dir_all(&place.folder).unwrap();
    let path = place.folder.with_extension(file);
    std::fs::write(&path, bytes).unwrap();
    let path_text = path.display().to_string();
    let output = cairn(place, &[&["titles", "import", &path_text], more].concat()).output().unwrap();
    std::fs::remove_file(&path).unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr))
}

#[cairn_test]
async fn a_file_is_taken_in_once_and_bad_lines_are_named(place: &Place) {
    let (said, errors) = import(place, "list.tsv", LIST.as_bytes(), &["--source", "list"]);
    assert!(said.starts_with("3 new, 0 changed, 0 the same, 0 unclear, 2 refused"), "{said} {errors}");
    assert!(errors.contains("line 4: title") && errors.contains("line 5: year"), "{errors}");
    let mut zipped = GzEncoder::new(Vec::new(), Compression::default());
    zipped.write_all(LIST.as_bytes()).unwrap();
    let (said, _) = import(place, "list.tsv.gz", &zipped.finish().unwrap(), &["--source", "list"]);
    assert!(said.starts_with("0 new, 0 changed, 3 the same, 0 unclear, 2 refused"), "{said}");
    let lines = "{\"id\":\"9\",\"name\":\"DOOM\",\"year\":1993,\"genres\":[\"shooter\"]}\n{\"name\":\"tetris\"}\n{}\n";
    let (said, errors) = import(place, "list.ndjson", lines.as_bytes(), &["--source", "other", "--platform", "PC"]);
    assert!(said.starts_with("0 new, 1 changed, 0 the same, 1 unclear, 1 refused"), "{said} {errors}");
    let cairn = Cairn::start(place, &[]).await;
    assert_eq!(names(&get(&cairn, None, "/games").await.1), ["Doom", "No More", "Tetris"]);
    assert_eq!(names(&get(&cairn, None, "/games?genre=shooter").await.1), ["Doom"]);
    cairn.stop().await;
}

#[cairn_test]
async fn a_file_that_is_no_list_is_refused(place: &Place) {
    let (said, errors) = import(place, "list.tsv", b"a\tb\n1\t2\n", &["--source", "list"]);
    assert!(said.is_empty() && errors.contains("neither a heading"), "{said} {errors}");
    let (_, errors) = import(place, "list.tsv", b"title\nDoom\n", &["--source", "Bad Source"]);
    assert!(errors.contains("--source must be"), "{errors}");
}
