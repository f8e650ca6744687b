//! The native form of traces, which `cairn export` prints and `cairn import` reads: one JSON object on each line.
//!
//! | member | value | required |
//! |---|---|---|
//! | `kind` | `object`, `message`, `phantom` or `bloodstain` | yes |
//! | `scope` | a text of at most 64 bytes without control characters | no: `""` |
//! | `author` | a text of 1 to 64 bytes | yes |
//! | `pos` | `[x,y,z]`, each within ±1e7 | no |
//! | `rot` | `[x,y,z,w]`, a quaternion, each within ±1e7 | no |
//! | `body` | an object, at most 32 KiB, without `id`, `u_uuid` and `data`; of an object with `o_type`, `o_pos` and `o_rot`, of a message with `part1`, `part2` and `part3`, as the v0 routes return them | of objects and messages |
//! | `good` | imported votes for it, 0 to 2147483647 | no: 0 |
//! | `recording` | `{"frames":[[t,x,y,z,qx,qy,qz,qw],..]}` with rising `t` in seconds, or `{"data":[["x,y,z","x,y,z,w"],..]}` as v0 clients send it, at most 12,000 frames and 256 KiB when packed; or `{"columns":{..}}` as `/v1` reads it, or `{"packed":".."}`, the packed form in hexadecimal | of phantoms; bloodstains may have one |
//! | `group` or `group_key` | the name of the group whose members alone see it; or SHA-256 of the name, in hexadecimal | no |
//! | `content_version` | 0 to 2147483647 | no: 0 |
//! | `rank_value` | within ±1e12 | no |
//! | `expires_at` | when it expires, RFC 3339 | no: never |
//! | `hidden` | whether moderation has hidden it | no: false |
//! | `source_id` | its id where it comes from, 1 to 200 bytes; a world stores each once | no |
//! | `created_at` | when it was left, RFC 3339 | no: now |
//! | `legacy` | whether it is part of the world's history, which is shown where players have left too few traces | no: false |
//!
//! The following members belong to `/v1`. A line with any of them, or with a recording of `/v1`, has no `body`, which is derived from
//! them:
//!
//! | member | value |
//! |---|---|
//! | `type`, `text`, `template`, `word`, `conjunction`, `template2`, `word2`, `gesture`, `data` | as `POST /v1/traces` reads them |
//! | `minted` | whether the author is a player of this world, who may change the trace; then `author` is a UUID |
//!
//! Absent members may also be `null`. A member that is in neither table is refused. An integer may be written with a point (`3.0`).
//! `-0` in `pos` and `rot` becomes `0`; a `rot` of four zeros becomes the identity, `[0,0,0,1]`.

mod print;
mod read;
mod v1_fields;

pub use self::print::print;
use super::model::TransferredTrace;
use crate::{
    platform::codec::{deflate::Compressor, json::without_byte_order_mark},
    traces::trace::TraceError,
};

/// A line of the native form, read and checked.
#[derive(Debug)]
pub struct Line(TransferredTrace);

impl Line {
    /// The longest line, in bytes.
    pub const MAX_BYTES: usize = read::LINE_BYTES;

    /// Reads a line of the native form.
    ///
    /// # Errors
    /// [`TraceError::Malformed`], or [`TraceError::Invalid`] with the first fault.
    pub fn read(line: &[u8], compressor: &mut Compressor) -> Result<Self, TraceError> {
        read::parse(line, compressor).map(Self)
    }

    /// What stands in a line: without white space around it, and without the byte order mark that a file may begin with.
    #[must_use]
    pub fn content(line: &[u8]) -> &[u8] {
        without_byte_order_mark(line.trim_ascii()).trim_ascii()
    }

    /// The trace in the line.
    #[must_use]
    pub fn into_trace(self) -> TransferredTrace {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<TransferredTrace, String> {
        read::parse(line.as_bytes(), &mut Compressor::default()).map_err(|error| error.to_string())
    }

    const MESSAGE: &str = r#""kind":"message","author":"a","body":{"part1":"1","part2":2,"part3":"x"}"#;

    #[test]
    fn a_printed_line_reads_as_the_same_trace() {
        for line in [
            r#"{"kind":"message","scope":"20070","author":"a","pos":[1.5,-2.0,1e-6],"rot":[0.0,0.0,0.0,1.0],"body":{"part1":"1","part2":2,"part3":"x"},"good":7,"source_id":"des-1","created_at":"2026-11-21T04:05:06.789Z","legacy":true}"#,
            r#"{"kind":"object","scope":"","author":"a\n","body":{"o_type":1,"o_pos":"1,2,3","o_rot":"","more":[1]},"created_at":"1969-12-31T23:59:59Z"}"#,
            r#"{"kind":"phantom","scope":"é","author":"a","body":{"map":"hill"},"recording":{"frames":[[0,1.5,2,-0.0,0,0,0,1],[0.1,1.6,1e-7,3,0,0,0,1]]},"created_at":"2026-11-21T04:05:06Z"}"#,
            r#"{"kind":"phantom","scope":"","author":"a","body":{},"recording":{"frames":[[0,1.5,2,0.30000000000000004,0,0,0,1]]},"created_at":"2026-11-21T04:05:06Z"}"#,
            r#"{"kind":"phantom","scope":"","author":"a","body":{},"recording":{"data":[["1.0,2.0","x"],[]]},"created_at":"2026-11-21T04:05:06Z"}"#,
            r#"{"kind":"bloodstain","scope":"","author":"a","body":{},"created_at":"2026-11-21T04:05:06Z"}"#,
            r#"{"kind":"message","scope":"x","author":"01936b2f-4c7e-7a10-b5d2-c3e4f5a60718","pos":[1.0,2.0,3.0],"text":["a","b"],"template":3,"word2":7,"gesture":1,"data":"{ }","group_key":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad","content_version":5,"rank_value":-1.5,"expires_at":"2036-11-21T04:05:06Z","hidden":true,"minted":true,"created_at":"2026-11-21T04:05:06Z"}"#,
            r#"{"kind":"object","scope":"","author":"npc","pos":[1.0,2.0,3.0],"type":"torch","created_at":"2026-11-21T04:05:06Z"}"#,
            r#"{"kind":"bloodstain","scope":"","author":"01936b2f-4c7e-7a10-b5d2-c3e4f5a60718","pos":[1.0,2.0,3.0],"minted":true,"created_at":"2026-11-21T04:05:06Z"}"#,
        ] {
            let mut out = Vec::new();
            print(&read(line).unwrap(), &mut out).unwrap();
            let (expected, printed): (serde_json::Value, serde_json::Value) =
                (serde_json::from_str(line).unwrap(), serde_json::from_slice(&out).unwrap());
            let numbers = |value: &serde_json::Value| {
                value["recording"]["frames"].as_array().map(|frames| {
                    frames
                        .iter()
                        .flat_map(|frame| frame.as_array().unwrap())
                        .map(|n| n.as_f64().unwrap())
                        .collect::<Vec<_>>()
                })
            };
            assert_eq!(numbers(&printed), numbers(&expected));
            for (name, value) in expected.as_object().unwrap().iter().filter(|(name, _)| **name != "recording") {
                assert_eq!(&printed[name], value);
            }
            assert_eq!(printed["recording"]["data"], expected["recording"]["data"]);
            let mut again = Vec::new();
            print(&read(std::str::from_utf8(&out).unwrap()).unwrap(), &mut again).unwrap();
            assert_eq!(again, out);
        }
    }

    #[test]
    fn an_integer_may_be_written_with_a_point() {
        for (line, same) in [
            (
                r#"{"kind":"object","author":"a","body":{ "x" : [1.0], "o_type":7.0,"o_pos":"1.0","o_rot":""}}"#,
                r#"{"kind":"object","author":"a","body":{"x":[1.0],"o_type":7,"o_pos":"1.0","o_rot":""}}"#,
            ),
            (
                r#"{"kind":"message","author":"a","body":{"part1":7e0,"part2":1,"part3":"2.0"},"good":3.0,"content_version":4.0}"#,
                r#"{"kind":"message","author":"a","body":{"part1":7,"part2":1,"part3":"2.0"},"good":3,"content_version":4}"#,
            ),
            (
                r#"{"kind":"message","author":"a","template":3.0,"word":1.0,"conjunction":2.0,"template2":2.0,"word2":9.0,"gesture":1.0}"#,
                r#"{"kind":"message","author":"a","template":3,"word":1,"conjunction":2,"template2":2,"word2":9,"gesture":1}"#,
            ),
        ] {
            let with_time = |line: &str| read(&line.replacen('{', r#"{"created_at":"2026-11-21T04:05:06Z","#, 1));
            assert_eq!(with_time(line).unwrap(), with_time(same).unwrap(), "{line}");
        }
        let body = r#"{"kind":"object","author":"a","body":{"o_type":7.5,"o_pos":"","o_rot":""}}"#;
        assert!(read(body).unwrap_err().contains("/body"));
    }

    #[test]
    fn four_zeros_are_the_rotation_that_turns_nothing() {
        let rotation = |rot: &str| read(&format!(r#"{{{MESSAGE},"rot":{rot}}}"#)).unwrap().rotation;
        assert_eq!(rotation("[0,-0,0.0,0]"), Some([0.0, 0.0, 0.0, 1.0]));
        assert_eq!(rotation("[0,0,0,0.5]"), Some([0.0, 0.0, 0.0, 0.5]));
    }

    #[test]
    fn white_space_and_a_byte_order_mark_are_no_content() {
        for line in ["\u{feff}{}\r\n", " {}\t", "\u{feff} {}"] {
            assert_eq!(Line::content(line.as_bytes()), b"{}", "{line:?}");
        }
        assert_eq!(Line::content("\u{feff}\r\n".as_bytes()), b"");
    }

    #[test]
    fn a_wrong_line_is_refused_with_the_fault() {
        let message = |more: &str| format!("{{{MESSAGE}{more}}}");
        for (line, expected) in [
            ("{", "EOF"),
            ("", "must be an object"),
            (r#"["message"]"#, "must be an object"),
            ("{\"kind\":\"message\"}", "missing field `author`"),
            (&message(r#","posistion":1"#), "unknown field `posistion`"),
            (&message(r#","pos":[1,2]"#), "array of length 3"),
            (&message(r#","pos":[1,2,2e7]"#), "/pos/2 is beyond ±1e7"),
            (&message(r#","rot":[1,2,2]"#), "array of length 4"),
            (&message(r#","good":-1"#), "/good is -1"),
            (&message(r#","good":2147483648"#), "/good is 2147483648"),
            (&message(r#","source_id":"""#), "/source_id is 0 bytes long"),
            (&message(r#","created_at":"yesterday""#), "/created_at"),
            (&message(r#","scope":"\u0000""#), "/scope has a NUL"),
            (&message(r#","scope":"\ud800""#), "/scope has half of a surrogate pair"),
            (&message(r#","good":1,"good":2"#), "/good is there more than once"),
            (&message(r#","pos":[1,2,1e99999]"#), "/pos/2 is a number out of range"),
            (&message(r#","rank_value":NaN"#), "/rank_value is not a number"),
            (&message(r#","good":0.5"#), "0.5 is no integer"),
            (&message(r#","expires_at":"9999-12-31T23:59:59-01:00""#), "/expires_at is not a time"),
            (&message(r#","created_at":"0000-01-01T00:00:00+01:00""#), "/created_at is not a time"),
            (r#"{"kind":"bloodstain","author":"a","body":{"x":"\ud800"}}"#, "/body/x has half of a surrogate pair"),
            (
                r#"{"kind":"bloodstain","author":"a","body":{"x":{"y":[1e999]}}}"#,
                "/body/x/y/0 is a number out of range",
            ),
            (r#"{"kind":"bloodstain","author":"a","body":{"x":1,"x":1}}"#, "/body/x is there more than once"),
            (&message(r#","scope":"\t""#), "/scope has a control character"),
            (&message(r#","recording":{"frames":[]}"#), "/recording is not allowed"),
            (r#"{"kind":"ghost","author":"a"}"#, "/kind must be"),
            (r#"{"kind":"message","author":"","body":{}}"#, "/author is 0 bytes long"),
            (r#"{"kind":"message","author":"a"}"#, "/body"),
            (r#"{"kind":"object","author":"a","body":{"o_type":"x","o_pos":"","o_rot":""}}"#, "/body"),
            (r#"{"kind":"bloodstain","author":"a","body":[]}"#, "/body must be an object"),
            (r#"{"kind":"bloodstain","author":"a","body":{"id":1}}"#, "/body/id is a reserved name"),
            (r#"{"kind":"phantom","author":"a"}"#, "/recording is missing"),
            (r#"{"kind":"phantom","author":"a","recording":{}}"#, "must have either"),
            (&message(r#","text":["x"]"#), "/body can't be combined"),
            (&message(r#","group":"a","group_key":"b""#), "/group_key can't be combined"),
            (&message(r#","group_key":"ab""#), "/group_key must be 64"),
            (&message(r#","content_version":-1"#), "/content_version is -1"),
            (&message(r#","rank_value":1e13"#), "/rank_value is"),
            (&message(r#","expires_at":"soon""#), "/expires_at"),
            (r#"{"kind":"message","author":"a","word":7}"#, "/text is missing"),
            (r#"{"kind":"message","author":"a","text":["x"],"minted":true}"#, "/author must be a UUID"),
            (r#"{"kind":"message","author":"a","template":0}"#, "/template is 0"),
            (r#"{"kind":"object","author":"a","type":"x"}"#, "/pos is missing"),
            (r#"{"kind":"object","author":"a","type":"x","pos":[1,2,3],"text":["x"]}"#, "/text is not allowed"),
            (r#"{"kind":"phantom","author":"a","type":"x"}"#, "/recording is missing"),
            (r#"{"kind":"phantom","author":"a","type":"x","recording":{"frames":[]}}"#, "/recording is missing"),
            (r#"{"kind":"phantom","author":"a","recording":{"packed":"00"}}"#, "/recording/packed"),
            (r#"{"kind":"phantom","author":"a","recording":{"packed":"0"}}"#, "/recording/packed must be hexadecimal"),
            (
                r#"{"kind":"phantom","author":"a","recording":{"columns":{"t_ms":[0],"pos":[1,2]}}}"#,
                "/recording/columns/pos has 2",
            ),
            (
                r#"{"kind":"object","author":"a","type":"x","pos":[1,2,3],"recording":{"columns":{"t_ms":[0],"pos":[1,2,3]}}}"#,
                "/recording is not allowed",
            ),
            (r#"{"kind":"phantom","author":"a","recording":{"frames":[[1,1,1,1,1,1,1]]}}"#, "array of length 8"),
            (r#"{"kind":"phantom","author":"a","recording":{"frames":[[1,1,1,1,1,1,1,1e400]]}}"#, "out of range"),
            (
                r#"{"kind":"phantom","author":"a","recording":{"frames":[[1,1,1,1,1,1,1,1],[1,1,1,1,1,1,1,1]]}}"#,
                "/recording/frames/1/0 is not later",
            ),
        ] {
            let error = read(line).unwrap_err();
            assert!(error.contains(expected), "{line}: {error}");
        }
    }
}
