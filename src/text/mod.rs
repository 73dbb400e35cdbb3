//! What a reader reads: sentences by key from `templates/text/<locale>/*.ftl`, numbers and dates
//! in the reader's form.
//!
//! The files are embedded and parsed once. Integers given to a sentence are grouped as the reader
//! groups them (`12 345`); a year or a document number is given as text, and so is a decimal:
//! `format::number(…)` gives it the reader's form.

pub mod format;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::{NaiveDate, NaiveDateTime};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use rust_decimal::Decimal;
use rust_embed::RustEmbed;
use unic_langid::LanguageIdentifier;

use crate::codes;
pub use crate::domain::message::{Arg, Message};

codes!(
    /// A language of the interface, with its number and date forms.
    Locale { Ru = "ru", En = "en" }
);

impl Locale {
    /// The first language of an `Accept-Language` header that is spoken here.
    pub fn negotiate(accept_language: &str) -> Option<Self> {
        let mut wishes: Vec<(u16, Self)> = accept_language
            .split(',')
            .filter_map(|part| {
                let (tag, quality) = part.trim().split_once(';').unwrap_or((part.trim(), "q=1"));
                let language = tag
                    .split('-')
                    .next()
                    .unwrap_or_default()
                    .to_ascii_lowercase();
                Some((thousandths(quality), Self::parse(&language)?))
            })
            .filter(|(quality, _)| *quality > 0)
            .collect();
        wishes.sort_by_key(|(quality, _)| std::cmp::Reverse(*quality));
        wishes.first().map(|(_, locale)| *locale)
    }

    /// The language's own name, for the language switch.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ru => "Русский",
            Self::En => "English",
        }
    }
}

/// `q=0.8` as 800.
fn thousandths(quality: &str) -> u16 {
    let value = quality.trim().trim_start_matches("q=").trim();
    let (whole, part) = value.split_once('.').unwrap_or((value, ""));
    let digits: String = part.chars().chain("000".chars()).take(3).collect();
    whole.parse::<u16>().unwrap_or(0).min(1) * 1_000 + digits.parse::<u16>().unwrap_or(0)
}

/// What a template or a handler gives a sentence, by value or by reference.
macro_rules! args {
    ($($given:ty => |$value:ident| $arg:expr),+ $(,)?) => {$(
        impl From<$given> for Arg {
            fn from($value: $given) -> Self {
                $arg
            }
        }
    )+};
}

args!(
    i32 => |value| Self::Int(value.into()),
    u32 => |value| Self::Int(value.into()),
    usize => |value| Self::Int(i64::try_from(value).unwrap_or(i64::MAX)),
    &i32 => |value| Self::Int((*value).into()),
    &u32 => |value| Self::Int((*value).into()),
    &i64 => |value| Self::Int(*value),
    &usize => |value| (*value).into(),
    &&str => |value| Self::Text((*value).to_owned()),
    &String => |value| Self::Text(value.clone()),
    &&String => |value| Self::Text((*value).clone()),
    Decimal => |value| Self::Text(value.normalize().to_string()),
    &Arg => |value| value.clone(),
);

fn fluent(arg: &Arg) -> FluentValue<'_> {
    match arg {
        Arg::Int(number) => FluentValue::from(*number),
        Arg::Text(text) => FluentValue::from(text.as_str()),
    }
}

#[derive(RustEmbed)]
#[folder = "templates/text/"]
struct Sources;

type Bundle = FluentBundle<FluentResource>;

/// The texts of a language; `plain` holds those that only put values in, ready to be written: most
/// texts are like that, and a page has thousands.
struct Texts {
    bundle: Bundle,
    plain: HashMap<String, Vec<Piece>>,
}

enum Piece {
    Words(String),
    Value(String),
}

static RU: LazyLock<Texts> = LazyLock::new(|| texts(Locale::Ru));
static EN: LazyLock<Texts> = LazyLock::new(|| texts(Locale::En));

fn texts_of(locale: Locale) -> &'static Texts {
    match locale {
        Locale::Ru => &RU,
        Locale::En => &EN,
    }
}

/// The embedded files of one language: name and text.
fn sources(locale: Locale) -> impl Iterator<Item = (String, String)> {
    Sources::iter().filter_map(move |path| {
        let name = path
            .strip_prefix(locale.code())?
            .strip_prefix('/')?
            .to_owned();
        let file = Sources::get(&path)?;
        Some((name, String::from_utf8_lossy(&file.data).into_owned()))
    })
}

fn texts(locale: Locale) -> Texts {
    let language: LanguageIdentifier = locale
        .code()
        .parse()
        .expect("a locale code is a language tag");
    let mut bundle = Bundle::new_concurrent(vec![language]);
    // Isolation marks are for mixed right-to-left text; here they would break copying and tests.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match locale {
        Locale::Ru => |value, _| grouped(Locale::Ru, value),
        Locale::En => |value, _| grouped(Locale::En, value),
    }));
    let mut plain = HashMap::new();
    for (name, source) in sources(locale) {
        let resource = FluentResource::try_new(source).unwrap_or_else(|(resource, errors)| {
            tracing::error!(
                locale = locale.code(),
                name,
                ?errors,
                "a text file has mistakes"
            );
            resource
        });
        for entry in resource.entries() {
            let Entry::Message(message) = entry else {
                continue;
            };
            if let Some(pieces) = message.value.as_ref().and_then(pieces) {
                plain.entry(message.id.name.to_owned()).or_insert(pieces);
            }
        }
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(
                locale = locale.code(),
                name,
                ?errors,
                "a text is defined twice"
            );
        }
    }
    Texts { bundle, plain }
}

/// Words and values in their order; `None` where there is more to it: plural forms, other texts.
fn pieces(pattern: &Pattern<&str>) -> Option<Vec<Piece>> {
    let piece = |element: &PatternElement<&str>| match element {
        PatternElement::TextElement { value } => Some(Piece::Words((*value).to_owned())),
        PatternElement::Placeable {
            expression: Expression::Inline(InlineExpression::VariableReference { id }),
        } => Some(Piece::Value(id.name.to_owned())),
        PatternElement::Placeable { .. } => None,
    };
    pattern.elements.iter().map(piece).collect()
}

/// `None` where a value is missing.
fn written(locale: Locale, pieces: &[Piece], args: &[(&str, Arg)]) -> Option<String> {
    let mut text = String::with_capacity(64);
    for piece in pieces {
        match piece {
            Piece::Words(words) => text.push_str(words),
            Piece::Value(wanted) => match args.iter().find(|(name, _)| name == wanted)? {
                (_, Arg::Int(number)) => text.push_str(&format::integer(locale, *number)),
                (_, Arg::Text(value)) => text.push_str(value),
            },
        }
    }
    Some(text)
}

fn grouped(locale: Locale, value: &FluentValue) -> Option<String> {
    match value {
        FluentValue::Number(number) => {
            let whole: i64 = number.as_string().parse().ok()?;
            Some(format::integer(locale, whole))
        }
        _ => None,
    }
}

/// The text of a key; the key itself, and a line in the log, where there is none.
pub fn t(locale: Locale, key: &str) -> String {
    t_with(locale, key, &[])
}

/// The text of a key with its values: `t_with(locale, "count-machines", &[("count", 3.into())])`.
pub fn t_with(locale: Locale, key: &str, args: &[(&str, Arg)]) -> String {
    let Texts { bundle, plain } = texts_of(locale);
    let known = plain.get(key);
    if let Some(text) = known.and_then(|pieces| written(locale, pieces, args)) {
        return text;
    }
    let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
        tracing::error!(locale = locale.code(), key, "a text is missing");
        return key.to_owned();
    };
    let mut values = FluentArgs::with_capacity(args.len());
    for (name, arg) in args {
        values.set(Cow::Borrowed(*name), fluent(arg));
    }
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&values), &mut errors);
    if !errors.is_empty() {
        tracing::error!(locale = locale.code(), key, ?errors, "a text lacks a value");
    }
    text.into_owned()
}

/// A message in the reader's language.
pub fn say(locale: Locale, message: &Message) -> String {
    let args: Vec<(&str, Arg)> = message
        .args
        .iter()
        .map(|(name, arg)| (name.as_str(), in_words(locale, name, arg)))
        .collect();
    t_with(locale, &message.key, &args)
}

/// The same of one that was kept as JSON; what was kept otherwise is said as it is.
pub fn say_kept(locale: Locale, kept: &str) -> String {
    let message = serde_json::from_str::<Message>(kept);
    message.map_or_else(|_| kept.to_owned(), |it| say(locale, &it))
}

/// A message is kept before it has a reader: dates, times and bounds in it get the reader's form here.
fn in_words(locale: Locale, name: &str, arg: &Arg) -> Arg {
    let Arg::Text(text) = arg else {
        return arg.clone();
    };
    if let ("min" | "max", Ok(bound)) = (name, text.parse::<Decimal>()) {
        return Arg::Text(format::number_up_to(locale, bound, 28));
    }
    let day = (text.len() == "2026-11-20".len()).then(|| text.parse::<NaiveDate>().ok());
    let time = (text.len() == "2026-11-20 15:40".len())
        .then(|| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").ok());
    match (day.flatten(), time.flatten()) {
        (Some(day), _) => Arg::Text(format::date(locale, day)),
        (_, Some(at)) => Arg::Text(format::datetime(locale, at)),
        _ => arg.clone(),
    }
}

/// Whether there is a text of this key: for keys that are built from a code.
pub fn has(locale: Locale, key: &str) -> bool {
    texts_of(locale).bundle.has_message(key)
}

#[cfg(test)]
mod tests;
