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
//! Absent members may also be `null`. A member that is in neither table is refused. `-0` in `pos` and `rot` becomes `0`.

mod print;
mod read;
mod v1_fields;

pub use self::print::print;
use super::model::TransferredTrace;
use crate::{platform::codec::deflate::Compressor, traces::trace::TraceError};

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
            (&message(r#","scope":"\u0000""#), "NUL"),
            (&message(r#","scope":"\ud800""#), "hex escape"),
            (r#"{"kind":"bloodstain","author":"a","body":{"x":"\ud800"}}"#, "hex escape"),
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
