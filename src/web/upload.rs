//! A form with a file, as a browser sends it: read as a stream, kept up to a limit.

use super::form::Form;
use super::problem::Problem;
use crate::domain::message::Message;
use actix_multipart::{Field, Multipart};
use actix_web::HttpRequest;
use actix_web::http::header;
use futures_util::TryStreamExt;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Seek, Write};

/// The field that holds the file.
const FILE: &str = "file";
const NAME_MAX: usize = 200;
/// Of the fields beside it: more or longer ones are no form of ours.
const FIELD_MAX: usize = 1_000;
const FIELDS_MAX: usize = 50;
/// What the form around the file may add to the length that a request announces.
const AROUND: usize = 64 * 1024;
/// Of a file that comes in, so much stays in memory.
const PIECE: usize = 1 << 20;

/// What came with the form; what is wrong with the file stands beside its field.
pub struct Received {
    pub form: Form,
    pub name: String,
    pub content: Vec<u8>,
}

/// The same with all its files, name and content.
pub struct ReceivedFiles {
    pub form: Form,
    pub files: Vec<(String, Vec<u8>)>,
}

/// Reads the form to its end. A file of more than `most_mib` is not kept, but read nevertheless, so
/// that the browser gets an answer instead of a broken connection.
///
/// # Errors
/// `BadRequest` where the body ends too early or is no form.
pub async fn received(
    request: &HttpRequest,
    parts: Multipart,
    most_mib: u64,
) -> Result<Received, Problem> {
    let all = received_files(request, parts, most_mib).await?;
    let (name, content) = all.files.into_iter().next_back().unwrap_or_default();
    Ok(Received {
        form: all.form,
        name,
        content,
    })
}

/// The same with several files, which share the limit.
pub async fn received_files(
    request: &HttpRequest,
    mut parts: Multipart,
    most_mib: u64,
) -> Result<ReceivedFiles, Problem> {
    let most = usize::try_from(most_mib << 20).unwrap_or(usize::MAX);
    let mut too_large = announced(request) > most.saturating_add(AROUND);
    let mut left = most;
    let mut kept: Vec<(String, Kept)> = vec![];
    let mut fields: HashMap<String, String> = HashMap::new();
    while let Some(part) = parts.try_next().await.map_err(broken)? {
        let field = part.name().unwrap_or_default().to_owned();
        if field == FILE {
            let name = name_of(&part);
            let mut file = Kept::new(too_large);
            file.read(part, left).await?;
            too_large = file.too_large;
            left -= file.length.min(left);
            kept.push((name, file));
            continue;
        }
        let mut value = Kept::new(fields.len() >= FIELDS_MAX);
        value.read(part, FIELD_MAX).await?;
        if !value.too_large {
            fields.insert(field, String::from_utf8_lossy(&value.latest).into_owned());
        }
    }
    kept.retain(|(name, file)| !name.is_empty() || file.length > 0);
    let mut form = Form::from_values(fields);
    if too_large {
        let most = i64::try_from(most_mib).unwrap_or(i64::MAX);
        form.fail(FILE, Message::new("imp-file-too-large").with("most", most));
    } else if kept.is_empty() {
        form.fail(FILE, Message::new("form-required"));
    }
    let files = kept
        .into_iter()
        .map(|(name, file)| Ok((name, file.whole()?)));
    Ok(ReceivedFiles {
        form,
        files: files
            .collect::<io::Result<_>>()
            .map_err(Problem::internal)?,
    })
}

fn broken(_: actix_multipart::MultipartError) -> Problem {
    Problem::BadRequest(Message::new("import-broken"))
}

/// The length of the body, where the request says it.
fn announced(request: &HttpRequest) -> usize {
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|it| it.to_str().ok()?.parse().ok());
    length.unwrap_or(0)
}

fn name_of(part: &Field) -> String {
    let disposition = part.content_disposition();
    let name = disposition.and_then(|it| it.get_filename());
    name.unwrap_or_default().chars().take(NAME_MAX).collect()
}

/// Bytes up to a limit, put aside into a file of their own as they come; beyond the limit none.
struct Kept {
    latest: Vec<u8>,
    aside: Option<File>,
    length: usize,
    too_large: bool,
}

impl Kept {
    fn new(too_large: bool) -> Self {
        Self {
            latest: Vec::new(),
            aside: None,
            length: 0,
            too_large,
        }
    }

    async fn read(&mut self, mut part: Field, most: usize) -> Result<(), Problem> {
        while let Some(bytes) = part.try_next().await.map_err(broken)? {
            if self.too_large || self.length + bytes.len() > most {
                *self = Self::new(true);
                continue;
            }
            self.length += bytes.len();
            self.latest.extend_from_slice(&bytes);
            if self.latest.len() >= PIECE {
                self.put_aside().map_err(Problem::internal)?;
            }
        }
        Ok(())
    }

    fn put_aside(&mut self) -> io::Result<()> {
        let file = match &mut self.aside {
            Some(file) => file,
            None => self.aside.insert(tempfile::tempfile()?),
        };
        file.write_all(&self.latest)?;
        self.latest.clear();
        Ok(())
    }

    fn whole(mut self) -> io::Result<Vec<u8>> {
        let Some(mut file) = self.aside.take() else {
            return Ok(self.latest);
        };
        let mut all = Vec::with_capacity(self.length);
        file.rewind()?;
        file.read_to_end(&mut all)?;
        all.extend_from_slice(&self.latest);
        Ok(all)
    }
}
