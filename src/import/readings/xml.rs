//! XML from strangers: read forward, once, with nothing declared and nothing expanded.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1251;
use quick_xml::encoding::Decoder;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::known::{Known, MeterInfo};
use super::{Content, green_button, message80020};
use crate::domain::metering::folder::FileForm;
use crate::import::FileError;

/// More of a text than any number, day or name has.
const MOST_TEXT: usize = 400;
const UTF8_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// Whether a file begins as XML does.
pub fn is_xml(content: &[u8]) -> bool {
    let content = content.strip_prefix(UTF8_MARK).unwrap_or(content);
    content.trim_ascii_start().starts_with(b"<")
}

/// What stands in a file that is an 80020 message or a Green Button feed, by its first element.
pub fn read<K: Clone, F: FnMut(&str) -> Option<MeterInfo<K>>>(
    content: &[u8],
    known: Known<K, F>,
) -> Result<Content<K>, FileError> {
    let text = text(content)?;
    let mut walk = Walk::new(&text);
    let root = root(&mut walk)?.ok_or(FileError::UnknownXml)?;
    match of_root(&root) {
        Some(FileForm::Message80020) => {
            let number = root.attribute("number").unwrap_or_default();
            message80020::read(walk, known, number)
        }
        Some(FileForm::GreenButton) => green_button::rows(walk, known).map(Content::from),
        _ => Err(FileError::UnknownXml),
    }
}

/// Of which form it is, by its first element.
pub fn form(content: &[u8]) -> Option<FileForm> {
    let text = text(content).ok()?;
    let root = root(&mut Walk::new(&text)).ok()??;
    of_root(&root)
}

fn root(walk: &mut Walk) -> Result<Option<Element>, FileError> {
    Ok(match walk.next()? {
        Some(Node::Open(root)) => Some(root),
        _ => None,
    })
}

fn of_root(root: &Element) -> Option<FileForm> {
    match &root.name[..] {
        "message" if root.attribute("class") == Some("80020") => Some(FileForm::Message80020),
        "feed" => Some(FileForm::GreenButton),
        _ => None,
    }
}

/// As text: in UTF-8, or in the Windows-1251 that the declaration names.
fn text(content: &[u8]) -> Result<Cow<'_, str>, FileError> {
    let content = content.strip_prefix(UTF8_MARK).unwrap_or(content);
    if let Ok(text) = std::str::from_utf8(content) {
        return Ok(Cow::Borrowed(text));
    }
    let head = &content[..content.len().min(200)];
    let head = String::from_utf8_lossy(head).to_lowercase();
    if !head.contains("windows-1251") {
        return Err(FileError::Encoding);
    }
    let (text, failed) = WINDOWS_1251.decode_without_bom_handling(content);
    if failed {
        Err(FileError::Encoding)
    } else {
        Ok(text)
    }
}

/// An element that begins: its name without prefix, and its attributes.
pub struct Element {
    pub name: String,
    attributes: Vec<(String, String)>,
}

impl Element {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// What stands in the file.
pub enum Node {
    Open(Element),
    /// The end of an element, with the text that stood right before it.
    Close(String, String),
}

/// Elements in the order of the file.
pub struct Walk<'a> {
    reader: Reader<&'a [u8]>,
    source: &'a str,
    counted: usize,
    line: u64,
    text: String,
}

impl<'a> Walk<'a> {
    fn new(source: &'a str) -> Self {
        let mut reader = Reader::from_str(source);
        let config = reader.config_mut();
        config.trim_text(true);
        config.expand_empty_elements = true;
        Self {
            reader,
            source,
            counted: 0,
            line: 1,
            text: String::new(),
        }
    }

    /// The line on which the last node ended, from 1.
    pub fn line(&mut self) -> u64 {
        let at = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
        let at = at.min(self.source.len());
        let passed = &self.source.as_bytes()[self.counted..at];
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.counted = at;
        self.line
    }

    /// `None` at the end of the file.
    ///
    /// # Errors
    /// XML that is broken or cut off, and declarations of types or entities: a bomb is made of those.
    pub fn next(&mut self) -> Result<Option<Node>, FileError> {
        loop {
            let Ok(event) = self.reader.read_event() else {
                return Err(self.broken());
            };
            match event {
                Event::Start(start) => {
                    self.text.clear();
                    let element = element(&start, self.reader.decoder());
                    return element
                        .map(|it| Some(Node::Open(it)))
                        .ok_or_else(|| self.broken());
                }
                Event::End(end) => {
                    let name = String::from_utf8_lossy(end.local_name().as_ref()).into_owned();
                    return Ok(Some(Node::Close(name, std::mem::take(&mut self.text))));
                }
                Event::Text(text) => match text.unescape() {
                    Ok(text) => self.push(&text),
                    Err(_) => return Err(self.broken()),
                },
                Event::CData(text) => self.push(&String::from_utf8_lossy(&text)),
                Event::DocType(_) => return Err(FileError::Declarations),
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    fn push(&mut self, text: &str) {
        let room = MOST_TEXT.saturating_sub(self.text.len());
        self.text.extend(text.chars().take(room));
    }

    fn broken(&mut self) -> FileError {
        FileError::Xml(self.line())
    }
}

fn element(start: &BytesStart, decoder: Decoder) -> Option<Element> {
    let mut attributes = vec![];
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        let name = std::str::from_utf8(attribute.key.local_name().into_inner())
            .ok()?
            .to_owned();
        attributes.push((
            name,
            attribute
                .decode_and_unescape_value(decoder)
                .ok()?
                .into_owned(),
        ));
    }
    Some(Element {
        name: String::from_utf8_lossy(start.local_name().as_ref()).into_owned(),
        attributes,
    })
}
