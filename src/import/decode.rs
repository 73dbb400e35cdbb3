//! From bytes to lines of text, in bounded memory: what kind of file it is, how it is encoded,
//! where a line ends, where a field ends.

use std::io::{self, Read};
use std::ops::Range;

use super::{FileError, FileKind, Reason};

/// A longer line is no row of a table; it is reported, never kept.
pub const MAX_LINE: usize = 64 * 1024;
const CHUNK: usize = 64 * 1024;

/// The lines of a stream, read through one buffer of fixed size.
pub(crate) struct Lines<R> {
    source: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
    number: u64,
    bytes: u64,
}

/// Where the next line lies.
pub(crate) enum Found {
    Line(Range<usize>),
    TooLong,
}

impl<R: Read> Lines<R> {
    pub(crate) fn new(source: R) -> Self {
        let buffer = vec![0; MAX_LINE + CHUNK];
        Self {
            source,
            buffer,
            start: 0,
            end: 0,
            ended: false,
            number: 0,
            bytes: 0,
        }
    }

    /// The number of the line that was found last, from 1.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// How much of the source was read, for a progress bar.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(crate) fn slice(&self, line: Range<usize>) -> &[u8] {
        &self.buffer[line]
    }

    /// The beginning of the file, at most one chunk of it.
    pub(crate) fn head(&mut self) -> io::Result<&[u8]> {
        while !self.ended && self.end < CHUNK {
            self.fill()?;
        }
        Ok(&self.buffer[self.start..self.end])
    }

    /// Leaves out a byte order mark.
    pub(crate) fn skip(&mut self, bytes: usize) {
        self.start += bytes;
    }

    /// The next line without its end (`\n` or `\r\n`); none at the end of the file.
    pub(crate) fn advance(&mut self) -> io::Result<Option<Found>> {
        let mut searched = self.start;
        loop {
            if let Some(at) = newline(&self.buffer[searched..self.end]) {
                return Ok(Some(self.take(searched + at, 1)));
            }
            if self.end - self.start > MAX_LINE {
                return self.discard().map(Some);
            }
            if self.ended {
                return Ok((self.start < self.end).then(|| self.take(self.end, 0)));
            }
            let kept = self.end - self.start;
            self.fill()?;
            searched = self.start + kept;
        }
    }

    fn take(&mut self, end: usize, terminator: usize) -> Found {
        let mut line = self.start..end;
        if self.buffer[line.clone()].last() == Some(&b'\r') {
            line.end -= 1;
        }
        self.start = end + terminator;
        self.number += 1;
        if line.len() > MAX_LINE {
            Found::TooLong
        } else {
            Found::Line(line)
        }
    }

    fn discard(&mut self) -> io::Result<Found> {
        self.number += 1;
        loop {
            if let Some(at) = newline(&self.buffer[self.start..self.end]) {
                self.start += at + 1;
                return Ok(Found::TooLong);
            }
            self.start = self.end;
            if self.ended {
                return Ok(Found::TooLong);
            }
            self.fill()?;
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        let read = loop {
            match self.source.read(&mut self.buffer[self.end..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.ended = read == 0;
        self.end += read;
        self.bytes += read as u64;
        Ok(())
    }
}

fn newline(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|byte| *byte == b'\n')
}

const UTF8_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// First bytes by which a file that is no text is known.
const MAGIC: [(&[u8], FileKind); 13] = [
    (b"%PDF", FileKind::Pdf),
    (b"PK\x03\x04", FileKind::Zip),
    (b"PK\x05\x06", FileKind::Zip),
    (&[0xD0, 0xCF, 0x11, 0xE0], FileKind::Workbook),
    (&[0x1F, 0x8B], FileKind::Zip),
    (b"7z\xBC\xAF", FileKind::Zip),
    (b"Rar!", FileKind::Zip),
    (b"\x89PNG", FileKind::Image),
    (&[0xFF, 0xD8, 0xFF], FileKind::Image),
    (b"GIF8", FileKind::Image),
    (b"II*\0", FileKind::Image),
    (b"SQLite format 3", FileKind::Other),
    (b"\x7FELF", FileKind::Other),
];

/// Whether this is a text at all.
///
/// Gives the length of the byte order mark of UTF-8 (0 or 3); refuses an empty file, UTF-16 and
/// what is known by its first bytes or its NULs to be no text.
pub(crate) fn sniff(head: &[u8]) -> Result<usize, FileError> {
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        let workbook = *kind == FileKind::Zip && contains(head, b"[Content_Types].xml");
        return Err(FileError::Binary(if workbook {
            FileKind::Workbook
        } else {
            *kind
        }));
    }
    if head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]) {
        return Err(FileError::Utf16);
    }
    let start = &head[..head.len().min(512)];
    let nuls = |parity: usize| {
        start
            .iter()
            .skip(parity)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    let (even, odd) = (nuls(0), nuls(1));
    if even + odd > 0 {
        // Latin text in UTF-16 has a NUL in every pair, always on the same side.
        let one_sided = even.min(odd) == 0 && even.max(odd) * 4 >= start.len();
        return Err(if one_sided {
            FileError::Utf16
        } else {
            FileError::Binary(FileKind::Other)
        });
    }
    let mark = if head.starts_with(UTF8_MARK) {
        UTF8_MARK.len()
    } else {
        0
    };
    if head[mark..].iter().all(u8::is_ascii_whitespace) {
        return Err(FileError::Empty);
    }
    if start.iter().any(|byte| is_control(*byte)) {
        return Err(FileError::Binary(FileKind::Other));
    }
    Ok(mark)
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// No table holds these; a tab may delimit, and `\r` and `\n` end lines.
fn is_control(byte: u8) -> bool {
    byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r')
}

/// How the bytes above 127 are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Windows1251,
}

/// Decides on the first line that is not plain ASCII, and stays with it.
#[derive(Default)]
pub(crate) struct Decoder {
    pub(crate) encoding: Option<Encoding>,
}

impl Decoder {
    /// Puts the line's text into `text`, in place of what was there.
    pub(crate) fn decode(&mut self, line: &[u8], text: &mut String) -> Result<(), Reason> {
        text.clear();
        if line.iter().any(|byte| is_control(*byte)) {
            text.push_str(&String::from_utf8_lossy(line));
            return Err(Reason::Control);
        }
        match (std::str::from_utf8(line), self.encoding) {
            (Ok(valid), None | Some(Encoding::Utf8)) => {
                if self.encoding.is_none() && !line.is_ascii() {
                    self.encoding = Some(Encoding::Utf8);
                }
                text.push_str(valid);
                Ok(())
            }
            (Err(_), Some(Encoding::Utf8)) => {
                text.push_str(&String::from_utf8_lossy(line));
                Err(Reason::Encoding)
            }
            (_, None | Some(Encoding::Windows1251)) => {
                self.encoding = Some(Encoding::Windows1251);
                let (decoded, _) = encoding_rs::WINDOWS_1251.decode_without_bom_handling(line);
                text.push_str(&decoded);
                // 0x98 is the one byte that means nothing in Windows-1251.
                if decoded.contains('\u{98}') {
                    Err(Reason::Encoding)
                } else {
                    Ok(())
                }
            }
        }
    }
}

/// One line cut into fields; its memory is used again for the next one.
#[derive(Default)]
pub(crate) struct Row {
    pub(crate) text: String,
    fields: Vec<Range<usize>>,
    spare: String,
}

impl Row {
    /// Cuts `text`; quotes go as in RFC 4180, but a field never runs over the end of the line.
    pub(crate) fn split(&mut self, delimiter: u8) -> Result<(), Reason> {
        self.fields.clear();
        if self.text.contains('"') {
            return self.split_quoted(char::from(delimiter));
        }
        let mut start = 0;
        for (at, byte) in self.text.bytes().enumerate() {
            if byte == delimiter {
                self.fields.push(start..at);
                start = at + 1;
            }
        }
        self.fields.push(start..self.text.len());
        Ok(())
    }

    fn split_quoted(&mut self, delimiter: char) -> Result<(), Reason> {
        self.spare.clear();
        let mut start = 0;
        let mut quoted = false;
        let mut characters = self.text.chars().peekable();
        while let Some(character) = characters.next() {
            let blank = self.spare[start..].trim().is_empty();
            match character {
                '"' if quoted && characters.peek() == Some(&'"') => {
                    characters.next();
                    self.spare.push('"');
                }
                '"' if quoted => quoted = false,
                '"' if blank => quoted = true,
                _ if character == delimiter && !quoted => {
                    self.fields.push(start..self.spare.len());
                    start = self.spare.len();
                }
                _ => self.spare.push(character),
            }
        }
        self.fields.push(start..self.spare.len());
        if quoted {
            return Err(Reason::OpenQuote);
        }
        std::mem::swap(&mut self.text, &mut self.spare);
        Ok(())
    }

    pub(crate) fn len(&self) -> usize {
        self.fields.len()
    }

    /// A field without the blanks around it; empty where the line has no such field.
    pub(crate) fn field(&self, index: usize) -> &str {
        self.fields
            .get(index)
            .map_or("", |range| self.text[range.clone()].trim())
    }

    pub(crate) fn is_blank(&self) -> bool {
        (0..self.fields.len()).all(|index| self.field(index).is_empty())
    }
}
