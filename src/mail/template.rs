//! The words of mails: `templates/email/<kind>/<locale>.txt`, the first line is the subject.

use anyhow::{Context, Result, ensure};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "templates/email/"]
struct Words;

/// Subject and body with every `{name}` filled in. A name without a value is a mistake of ours.
pub fn fill(kind: &str, locale: &str, args: &[(&str, &str)]) -> Result<(String, String)> {
    let path = format!("{kind}/{locale}.txt");
    let file = Words::get(&path).with_context(|| format!("no words for the mail {path}"))?;
    let text = String::from_utf8(file.data.into_owned())?;
    let (subject, body) = text
        .split_once('\n')
        .with_context(|| format!("the mail {path} has no body"))?;
    let subject = fill_in(subject, args, &path)?.replace(['\r', '\n'], " ");
    Ok((subject, fill_in(body.trim_start(), args, &path)?))
}

fn fill_in(text: &str, args: &[(&str, &str)], path: &str) -> Result<String> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after
            .split_once('}')
            .with_context(|| format!("an open brace in the mail {path}"))?;
        let value = args.iter().find(|(known, _)| *known == name);
        ensure!(value.is_some(), "the mail {path} lacks a value for {name}");
        filled.push_str(before);
        filled.push_str(value.map_or("", |(_, value)| value));
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    /// The names in braces of a text.
    fn names(text: &str) -> BTreeSet<String> {
        text.split('{')
            .skip(1)
            .filter_map(|part| part.split_once('}'))
            .map(|(name, _)| name.to_owned())
            .collect()
    }

    #[test]
    fn every_mail_says_the_same_in_each_language() {
        let mut mails: BTreeMap<String, Vec<(String, BTreeSet<String>)>> = BTreeMap::new();
        for path in Words::iter() {
            let (kind, file) = path.split_once('/').unwrap();
            let text = String::from_utf8(Words::get(&path).unwrap().data.into_owned()).unwrap();
            let found = (file.to_owned(), names(&text));
            mails.entry(kind.to_owned()).or_default().push(found);
        }
        assert!(mails.contains_key("invitation") && mails.contains_key("reset"));
        for (kind, mut files) in mails {
            files.sort();
            let languages: Vec<_> = files.iter().map(|(file, _)| file.as_str()).collect();
            assert_eq!(languages, ["en.txt", "ru.txt"], "{kind}");
            assert_eq!(files[0].1, files[1].1, "{kind}");
        }
    }

    #[test]
    fn what_somebody_typed_is_not_filled_in_again() {
        let args = [
            ("name", "{link}"),
            ("email", "a@b.ru"),
            ("link", "http://x/"),
        ];
        let (subject, body) = fill("invitation", "en", &args).unwrap();
        assert!(!subject.is_empty());
        assert!(
            body.contains("{link}") && body.contains("http://x/"),
            "{body}"
        );
        assert!(fill("invitation", "en", &[]).is_err());
        assert!(fill("no-such-mail", "en", &[]).is_err());
    }
}
