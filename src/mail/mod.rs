//! Mails: words from templates, letters by SMTP or as files.

pub mod template;

use crate::domain::calendar::Instant;
use crate::domain::ids::MailId;
use anyhow::{Context, Result};
use lettre::message::header::ContentType;
use lettre::message::{Attachment as Part, Mailbox, MultiPart, SinglePart};
use lettre::{Message, SmtpTransport, Transport};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

const SMTP_SECONDS: u64 = 30;

/// A file that goes with a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    pub name: String,
    pub media_type: String,
    pub bytes: Vec<u8>,
}

/// A letter ready to go. Its id makes the Message-ID: a letter sent twice is one for the reader.
pub struct Letter<'a> {
    pub id: MailId,
    pub kind: &'a str,
    pub to: &'a str,
    pub subject: &'a str,
    pub body: &'a str,
    pub attachments: Vec<Attachment>,
}

enum Carrier {
    Smtp(SmtpTransport),
    /// One `.eml` file a letter.
    Folder(PathBuf),
}

/// Where letters are handed in.
pub struct PostOffice {
    carrier: Carrier,
    from: Mailbox,
}

impl PostOffice {
    /// `smtp_url`: `smtp://user:password@host:587` (encrypted where a password is given, else
    /// where the server offers it) or `smtps://…`; empty: files in `folder`.
    pub fn open(smtp_url: &str, folder: &Path, from: &str) -> Result<Self> {
        let from = from
            .parse()
            .with_context(|| format!("{from:?} is no sender: write Name <address@host>"))?;
        let carrier = if smtp_url.is_empty() {
            Carrier::Folder(folder.to_owned())
        } else {
            let transport = SmtpTransport::from_url(&with_encryption(smtp_url))
                .context("the address of the mail server is not valid")?
                .timeout(Some(Duration::from_secs(SMTP_SECONDS)))
                .build();
            Carrier::Smtp(transport)
        };
        Ok(Self { carrier, from })
    }

    pub fn send(&self, letter: &Letter, now: Instant) -> Result<()> {
        let message = self.message(letter, now)?;
        match &self.carrier {
            Carrier::Smtp(transport) => {
                transport.send(&message)?;
                Ok(())
            }
            Carrier::Folder(folder) => {
                let name = format!("{:06}-{}.eml", letter.id.0, letter.kind);
                keep(folder, &name, &message.formatted())
            }
        }
    }

    fn message(&self, letter: &Letter, now: Instant) -> Result<Message> {
        let to: Mailbox = letter
            .to
            .parse()
            .with_context(|| format!("{:?} is no address", letter.to))?;
        let seconds = u64::try_from(now.0).unwrap_or(0);
        let id = format!("<innkeeper-{}@{}>", letter.id, self.from.email.domain());
        let builder = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(letter.subject)
            .date(UNIX_EPOCH + Duration::from_secs(seconds))
            .message_id(Some(id));
        let text = SinglePart::plain(letter.body.to_owned());
        if letter.attachments.is_empty() {
            return Ok(builder.singlepart(text)?);
        }
        let mut parts = MultiPart::mixed().singlepart(text);
        for file in &letter.attachments {
            let media_type = ContentType::parse(&file.media_type)?;
            parts =
                parts.singlepart(Part::new(file.name.clone()).body(file.bytes.clone(), media_type));
        }
        Ok(builder.multipart(parts)?)
    }
}

/// A password never crosses the network in the clear unless the address says so (`?tls=none`).
fn with_encryption(url: &str) -> String {
    if !url.starts_with("smtp://") || url.contains("tls=") {
        return url.to_owned();
    }
    let demand = if url.contains('@') {
        "required"
    } else {
        "opportunistic"
    };
    let joint = if url.contains('?') { '&' } else { '?' };
    format!("{url}{joint}tls={demand}")
}

/// Whole or not at all: the file gets its name once its content is safe.
fn keep(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the mail folder {}", folder.display()))?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(folder.join(name))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter<'a>(attachments: Vec<Attachment>) -> Letter<'a> {
        Letter {
            id: MailId(7),
            kind: "invoice",
            to: "anna@example.ru",
            subject: "Счёт № 5",
            body: "Здравствуйте!\n",
            attachments,
        }
    }

    #[test]
    fn a_letter_becomes_a_file_with_its_attachment() {
        let dir = tempfile::tempdir().unwrap();
        let office = PostOffice::open("", dir.path(), "Отель <hotel@example.ru>").unwrap();
        let pdf = Attachment {
            name: "счёт-5.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            bytes: b"%PDF-1.7".to_vec(),
        };
        office
            .send(&letter(vec![pdf]), Instant(1_795_000_000))
            .unwrap();
        let text = std::fs::read_to_string(dir.path().join("000007-invoice.eml")).unwrap();
        assert!(
            text.contains("Message-ID: <innkeeper-7@example.ru>"),
            "{text}"
        );
        assert!(text.contains("To: anna@example.ru"), "{text}");
        assert!(text.contains("application/pdf"), "{text}");
        assert!(!text.contains("Счёт"), "a subject is encoded: {text}");
    }

    #[test]
    fn passwords_are_sent_encrypted_only() {
        for (given, expected) in [
            ("smtp://u:p@h:587", "smtp://u:p@h:587?tls=required"),
            ("smtp://h:25", "smtp://h:25?tls=opportunistic"),
            ("smtp://u:p@h:25?tls=none", "smtp://u:p@h:25?tls=none"),
            ("smtps://u:p@h", "smtps://u:p@h"),
        ] {
            assert_eq!(with_encryption(given), expected);
        }
        assert!(PostOffice::open("smtp://h:25", Path::new("."), "a@b.ru").is_ok());
        assert!(PostOffice::open("", Path::new("."), "nobody").is_err());
    }
}
