//! Reading comma-separated values (RFC 4180), with any of three delimiters, one record at a time.

use std::io::{self, BufRead};

use super::MAX_ROW_BYTES;

/// The delimiters that are looked for in the first line.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// Fields of one record at most.
const MAX_FIELDS: usize = 500;

/// A record of a file.
#[derive(Debug, PartialEq, Eq)]
pub enum Record {
    /// Its fields.
    Fields(Vec<String>),
    /// It can't be read; why, in words. The next one can.
    Bad(&'static str),
}

/// Reads records.
#[derive(Debug)]
pub struct CsvReader<R> {
    source: R,
    delimiter: u8,
}

impl<R: BufRead> CsvReader<R> {
    /// A reader of what follows the first line of `source`, and the fields of that line. A line that says a type, as PowerShell
    /// writes it, stands before it and is skipped.
    ///
    /// # Errors
    /// The source failed, or has no first line.
    pub fn new(mut source: R) -> io::Result<(Self, Vec<String>)> {
        let mut first = Vec::new();
        loop {
            first.clear();
            // The names of columns have no line breaks in them.
            let length = (&mut source).take_line(&mut first)?;
            if length == 0 {
                return Err(io::Error::other("it has no line with the names of columns"));
            }
            let line = first.trim_ascii();
            if !line.is_empty() && !line.starts_with(b"#TYPE") {
                break;
            }
        }
        let count = |delimiter: &u8| outside_quotes(&first, *delimiter);
        let delimiter = DELIMITERS.into_iter().max_by_key(|one| (count(one), *one == b',')).unwrap_or(b',');
        let mut header = CsvReader { source: first.as_slice(), delimiter };
        match header.next()? {
            Some(Record::Fields(names)) => Ok((Self { source, delimiter }, names)),
            _ => Err(io::Error::other("the names of its columns can't be read")),
        }
    }

    /// The next record; nothing at the end. Empty lines are passed over.
    ///
    /// # Errors
    /// The source failed.
    pub fn next(&mut self) -> io::Result<Option<Record>> {
        loop {
            let mut parser = Parser::new(self.delimiter);
            let is_end = loop {
                let piece = self.source.fill_buf()?;
                if piece.is_empty() {
                    break true;
                }
                let (used, is_done) = parser.take(piece);
                self.source.consume(used);
                if is_done {
                    break false;
                }
            };
            if parser.is_blank() {
                if is_end {
                    return Ok(None);
                }
                continue;
            }
            return Ok(Some(parser.finish(is_end)));
        }
    }
}

trait TakeLine {
    fn take_line(self, line: &mut Vec<u8>) -> io::Result<usize>;
}

impl<R: BufRead> TakeLine for &mut R {
    /// As `read_until`, with a bound.
    fn take_line(self, line: &mut Vec<u8>) -> io::Result<usize> {
        loop {
            let piece = self.fill_buf()?;
            let end = piece.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
            let length = end.unwrap_or(piece.len());
            line.extend_from_slice(piece.get(..length).unwrap_or_default());
            self.consume(length);
            if end.is_some() || length == 0 {
                return Ok(line.len());
            }
            if line.len() > MAX_ROW_BYTES {
                return Err(io::Error::other("its first line is too long"));
            }
        }
    }
}

fn outside_quotes(line: &[u8], wanted: u8) -> usize {
    let mut inside = false;
    let mut count = 0;
    for byte in line {
        if *byte == b'"' {
            inside = !inside;
        } else if *byte == wanted && !inside {
            count += 1;
        }
    }
    count
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    /// Before the first byte of a field.
    Start,
    /// In a field without quotes.
    Plain,
    /// In a quoted field.
    Quoted,
    /// After a quote in a quoted field: its end, or the first of two.
    Quote,
}

/// One record in the making.
struct Parser {
    delimiter: u8,
    at: At,
    field: Vec<u8>,
    fields: Vec<Vec<u8>>,
    bytes: usize,
    fault: Option<&'static str>,
}

impl Parser {
    fn new(delimiter: u8) -> Self {
        Self { delimiter, at: At::Start, field: Vec::new(), fields: Vec::new(), bytes: 0, fault: None }
    }

    /// Takes bytes up to the end of the record; returns how many, and whether the end was among them.
    fn take(&mut self, piece: &[u8]) -> (usize, bool) {
        for (index, byte) in piece.iter().enumerate() {
            if self.push(*byte) {
                return (index + 1, true);
            }
        }
        (piece.len(), false)
    }

    /// Takes one byte; returns whether it ends the record.
    fn push(&mut self, byte: u8) -> bool {
        match (self.at, byte) {
            (At::Start, b'"') => self.at = At::Quoted,
            (At::Quoted, b'"') => self.at = At::Quote,
            (At::Quote, b'"') => {
                self.keep(b'"');
                self.at = At::Quoted;
            }
            (At::Quoted, _) => self.keep(byte),
            (_, b'\n') => {
                self.end_field();
                return true;
            }
            (_, byte) if byte == self.delimiter => self.end_field(),
            // Before a line feed.
            (At::Start | At::Plain | At::Quote, b'\r') => {}
            (At::Quote, _) => {
                self.fault = Some("has something after the quote that ends a field");
                self.keep(byte);
                self.at = At::Plain;
            }
            (At::Start | At::Plain, _) => {
                self.keep(byte);
                self.at = At::Plain;
            }
        }
        false
    }

    fn keep(&mut self, byte: u8) {
        self.bytes += 1;
        if self.bytes > MAX_ROW_BYTES {
            self.fault = Some("is longer than a row may be");
            self.field.clear();
        } else {
            self.field.push(byte);
        }
    }

    fn end_field(&mut self) {
        self.at = At::Start;
        if self.fields.len() < MAX_FIELDS {
            self.fields.push(std::mem::take(&mut self.field));
        } else {
            self.fault = Some("has too many fields");
            self.field.clear();
        }
    }

    /// Whether it is an empty line, or nothing at all.
    fn is_blank(&self) -> bool {
        let is_empty = match &self.fields[..] {
            [] => self.field.is_empty(),
            [only] => only.is_empty() && self.field.is_empty(),
            _ => false,
        };
        is_empty && self.fault.is_none() && self.bytes == 0 && self.at == At::Start
    }

    fn finish(mut self, is_end: bool) -> Record {
        if is_end {
            if self.at == At::Quoted {
                return Record::Bad("has a quote that nothing ends");
            }
            self.end_field();
        }
        if let Some(fault) = self.fault {
            return Record::Bad(fault);
        }
        let texts: Result<Vec<String>, _> = self.fields.into_iter().map(String::from_utf8).collect();
        match texts {
            Ok(fields) if fields.iter().any(|field| field.contains('\0')) => Record::Bad("has a NUL in it"),
            Ok(fields) => Record::Fields(fields),
            Err(_) => Record::Bad("is not UTF-8"),
        }
    }
}

/// Writes a field as it stands in a file with commas.
pub fn write_field(field: &str, out: &mut Vec<u8>) {
    // What a spreadsheet would take for a formula is a text all the same: import reads it back as it is.
    if field.contains(['"', ',', '\n', '\r', ';', '\t']) {
        out.push(b'"');
        out.extend_from_slice(field.replace('"', "\"\"").as_bytes());
        out.push(b'"');
    } else {
        out.extend_from_slice(field.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use proptest::prelude::*;

    use super::*;

    fn records(text: &str, capacity: usize) -> (Vec<String>, Vec<Record>) {
        let (mut reader, names) = CsvReader::new(BufReader::with_capacity(capacity, text.as_bytes())).unwrap();
        let mut records = Vec::new();
        while let Some(record) = reader.next().unwrap() {
            records.push(record);
        }
        (names, records)
    }

    fn fields(texts: &[&str]) -> Record {
        Record::Fields(texts.iter().map(|text| (*text).to_owned()).collect())
    }

    #[test]
    fn quotes_line_breaks_and_delimiters_are_read_in_pieces_of_any_size() {
        let text = "a,b\r\n\"x, \"\"y\"\"\r\nz\",1\r\n\r\n,\r\nlast,2";
        for capacity in 1..40 {
            let (names, records) = records(text, capacity);
            assert_eq!(names, ["a", "b"], "{capacity}");
            assert_eq!(
                records,
                [fields(&["x, \"y\"\r\nz", "1"]), fields(&["", ""]), fields(&["last", "2"])],
                "{capacity}"
            );
        }
    }

    #[test]
    fn the_delimiter_is_the_one_in_the_first_line() {
        for (text, expected) in [
            ("a;b,c;d\n1;2;3", vec!["a", "b,c", "d"]),
            ("a\tb\n", vec!["a", "b"]),
            ("\"a;b\",c\n", vec!["a;b", "c"]),
            ("only\n", vec!["only"]),
        ] {
            assert_eq!(records(text, 64).0, expected, "{text:?}");
        }
        assert_eq!(records("#TYPE Selected.Thing\r\n\"a\",\"b\"\r\n", 64).0, ["a", "b"]);
    }

    #[test]
    fn a_bad_record_does_not_spoil_the_next() {
        let (_, found) = records("a,b\n\"x\"y,1\nfine,2\n\"open", 64);
        assert_eq!(
            found,
            [
                Record::Bad("has something after the quote that ends a field"),
                fields(&["fine", "2"]),
                Record::Bad("has a quote that nothing ends"),
            ]
        );
        let (_, found) = records(&format!("a\n{}\nfine\n", "x".repeat(MAX_ROW_BYTES + 1)), 4096);
        assert_eq!(found, [Record::Bad("is longer than a row may be"), fields(&["fine"])]);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(texts in proptest::collection::vec("[a-z,;\t\"\r\n ăß]{0,8}", 2..6), capacity in 1_usize..64) {
            let mut out = b"a,b\n".to_vec();
            for (index, text) in texts.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write_field(text, &mut out);
            }
            out.push(b'\n');
            let (mut reader, _) = CsvReader::new(BufReader::with_capacity(capacity, out.as_slice())).unwrap();
            prop_assert_eq!(reader.next().unwrap(), Some(Record::Fields(texts)));
            prop_assert_eq!(reader.next().unwrap(), None);
        }
    }
}
