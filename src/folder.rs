//! A watched folder on the disk: which files lie there, and how one of them is moved on.
//!
//! A file is claimed by moving it to `work/<number>` beneath its folder, under its own name, and from
//! there to `taken` or `refused`. A name is reserved before a file is moved onto it, so nothing is ever
//! overwritten and of two takers one gets the file. Links are followed nowhere.

use crate::domain::message::Message;
use crate::domain::metering::folder::{REFUSED, REPORT, TAKEN, WORK, is_path, name_of_turn};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Longer names leave no room for a number and a report.
const LONGEST_NAME: usize = 200;
const MOST_TURNS: usize = 10_000;
const LONGEST_WHY: usize = 120;

/// Why a folder cannot be read or written, in no language yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The settings name no base.
    NoBase,
    Outside,
    Missing,
    Denied,
    Other(String),
}

impl Fault {
    pub fn message(&self) -> Message {
        match self {
            Self::NoBase => Message::new("folder-fault-no-base"),
            Self::Outside => Message::new("folder-fault-outside"),
            Self::Missing => Message::new("folder-fault-missing"),
            Self::Denied => Message::new("folder-fault-denied"),
            Self::Other(why) => Message::new("folder-fault-other").with("why", why.as_str()),
        }
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Self::Missing,
            ErrorKind::PermissionDenied => Self::Denied,
            _ => Self::Other(error.to_string().chars().take(LONGEST_WHY).collect()),
        }
    }
}

type Done<T> = std::result::Result<T, Fault>;

/// Where a file goes once it was worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    Taken,
    Refused,
}

impl Shelf {
    fn name(self) -> &'static str {
        match self {
            Self::Taken => TAKEN,
            Self::Refused => REFUSED,
        }
    }
}

/// A file that lies there; while it is written its stamp changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lying {
    pub name: String,
    pub stamp: (u64, Option<SystemTime>),
}

/// A folder with its three beneath it, all of them where their paths say.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    /// Of the source alone.
    work: PathBuf,
}

/// Where a path leads, if that is below the base; `base` empty: there is none.
pub fn place(base: &Path, path: &str) -> Done<PathBuf> {
    if base.as_os_str().is_empty() {
        return Err(Fault::NoBase);
    }
    let named = base.join(path);
    let real = base.canonicalize().map_err(|_| Fault::NoBase)?;
    // A path from the root may name the base as the settings do, or as it is.
    if !is_path(path) || !(named.starts_with(base) || named.starts_with(&real)) {
        return Err(Fault::Outside);
    }
    let place = named.canonicalize()?;
    match place.starts_with(&real) && place != real {
        true => Ok(place),
        false => Err(Fault::Outside),
    }
}

/// A folder beneath another one, made where there is none; a link to elsewhere is none.
fn beneath(path: &Path, name: &str) -> Done<PathBuf> {
    let own = path.join(name);
    match fs::create_dir(&own) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error.into()),
        _ => {}
    }
    match own.canonicalize()? == own {
        true => Ok(own),
        false => Err(Fault::Outside),
    }
}

impl Folder {
    /// `source`: the number of who takes the files.
    pub fn open(base: &Path, path: &str, source: i64) -> Done<Self> {
        let path = place(base, path)?;
        let work = beneath(&beneath(&path, WORK)?, &source.to_string())?;
        for shelf in [Shelf::Taken, Shelf::Refused] {
            beneath(&path, shelf.name())?;
        }
        Ok(Self { path, work })
    }

    /// Files that lie there and are not empty, in order of name.
    pub fn lying(&self, takes: impl Fn(&str) -> bool) -> Done<Vec<Lying>> {
        lying(&self.path, |file| file.stamp.0 > 0 && takes(&file.name))
    }

    /// Files that somebody claimed and did not bring to an end, in order of name.
    pub fn left(&self) -> Done<Vec<String>> {
        let left = lying(&self.work, |_| true)?;
        let (reserved, left): (Vec<_>, Vec<_>) = left.into_iter().partition(|it| it.stamp.0 == 0);
        for it in reserved {
            // A name that was reserved, and its file was not moved.
            fs::remove_file(self.work.join(it.name))?;
        }
        Ok(left.into_iter().map(|it| it.name).collect())
    }

    /// Moves a file to where it is worked on; `false` where another one was quicker.
    pub fn claim(&self, name: &str) -> Done<bool> {
        let own = self.work.join(name);
        match reserve(&own) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(false),
            reserved => reserved?,
        }
        match fs::rename(self.path.join(name), &own) {
            Ok(()) => Ok(true),
            Err(error) => {
                fs::remove_file(&own)?;
                match error.kind() {
                    ErrorKind::NotFound => Ok(false),
                    _ => Err(error.into()),
                }
            }
        }
    }

    /// What a claimed file holds, and its size; no content where it is larger than `most` bytes.
    pub fn read(&self, name: &str, most: usize) -> Done<(Option<Vec<u8>>, u64)> {
        let path = self.work.join(name);
        if !fs::symlink_metadata(&path)?.is_file() {
            return Err(Fault::Outside);
        }
        let file = File::open(&path)?;
        let bytes = file.metadata()?.len();
        if bytes > most as u64 {
            return Ok((None, bytes));
        }
        let mut content = vec![];
        file.take(most as u64).read_to_end(&mut content)?;
        Ok((Some(content), bytes))
    }

    /// Puts a claimed file on a shelf, under its name or with a number, its report beside it.
    pub fn put_away(&self, name: &str, shelf: Shelf, report: Option<&str>) -> Done<()> {
        let own = self.work.join(name);
        let shelf = beneath(&self.path, shelf.name())?;
        let (to, reported) = room(&shelf, &short(name))?;
        if let Some(report) = report {
            write(&reported, report)?;
        }
        if let Err(error) = fs::rename(&own, &to) {
            fs::remove_file(&to)?;
            return match error.kind() {
                // Another process put it away.
                ErrorKind::NotFound => Ok(()),
                _ => Err(error.into()),
            };
        }
        // A power cut brings the file back to work, never to nowhere.
        for folder in [&shelf, &self.work] {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }
}

/// A name that no file of a shelf has, reserved, and that of its report.
fn room(shelf: &Path, name: &str) -> Done<(PathBuf, PathBuf)> {
    for turn in 0..MOST_TURNS {
        let name = name_of_turn(name, turn);
        let (to, reported) = (shelf.join(&name), shelf.join(format!("{name}{REPORT}")));
        if reported.exists() {
            continue;
        }
        match reserve(&to) {
            Ok(()) => return Ok((to, reported)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Fault::Other(name.to_owned()))
}

/// A name that leaves room for a number and the end of a report's name.
fn short(name: &str) -> String {
    if name.len() <= LONGEST_NAME {
        return name.to_owned();
    }
    let end = name.len() - LONGEST_NAME / 2;
    let end = (end..name.len()).find(|at| name.is_char_boundary(*at));
    let start = (0..LONGEST_NAME / 2).rfind(|at| name.is_char_boundary(*at));
    format!(
        "{}{}",
        &name[..start.unwrap_or(0)],
        &name[end.unwrap_or(0)..]
    )
}

fn reserve(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).open(path).map(|_| ())
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn lying(path: &Path, wanted: impl Fn(&Lying) -> bool) -> Done<Vec<Lying>> {
    let mut found = vec![];
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        // Of a link this is said of the link itself.
        let about = match entry.metadata() {
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            about => about?,
        };
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let file = Lying {
            name,
            stamp: (about.len(), about.modified().ok()),
        };
        if about.is_file() && wanted(&file) {
            found.push(file);
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}
