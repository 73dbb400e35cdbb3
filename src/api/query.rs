//! Parameters of an address: each with its kind, which checks it and describes it.

use super::check::{FieldProblem, PLAIN_PATTERN, check};
use super::schema::DAY_PATTERN;
use crate::domain::cursor::Cursor;
use actix_web::web;
use chrono::NaiveDate;
use serde_json::{Map, Value, json};

#[derive(Clone, Copy)]
pub enum Kind {
    /// The id of a row.
    Id,
    Whole {
        least: i64,
        most: i64,
    },
    Day,
    Text,
    /// One of some codes.
    Word(fn() -> Vec<&'static str>),
    /// Where a page goes on, as the page before said.
    Cursor,
}

pub struct Param {
    pub name: &'static str,
    pub kind: Kind,
    pub required: bool,
    pub about: &'static str,
}

impl Param {
    pub const fn optional(name: &'static str, kind: Kind, about: &'static str) -> Self {
        Self {
            name,
            kind,
            required: false,
            about,
        }
    }

    pub const fn required(name: &'static str, kind: Kind, about: &'static str) -> Self {
        Self {
            name,
            kind,
            required: true,
            about,
        }
    }

    pub fn schema(&self) -> Value {
        match self.kind {
            Kind::Id => json!({"type": "integer", "format": "int64", "minimum": 1}),
            Kind::Whole { least, most } => {
                json!({"type": "integer", "format": "int64", "minimum": least, "maximum": most})
            }
            Kind::Day => json!({"type": "string", "format": "date", "pattern": DAY_PATTERN}),
            Kind::Text => json!({"type": "string", "maxLength": 200, "pattern": PLAIN_PATTERN}),
            Kind::Word(words) => json!({"type": "string", "enum": words()}),
            Kind::Cursor => json!({"type": "string", "minLength": 1, "maxLength": 1000}),
        }
    }

    /// What is wrong with a value, held against the schema that the document shows.
    fn wrong(&self, text: &str) -> Option<String> {
        let number = matches!(self.kind, Kind::Id | Kind::Whole { .. });
        let value = match number {
            // `+5` and `05` are numbers to a parser and none to a reader of JSON.
            true => serde_json::from_str(text).unwrap_or(Value::Null),
            false => Value::from(text),
        };
        if matches!(self.kind, Kind::Cursor) && Cursor::decode(text).is_none() {
            return Some("is no cursor of this list".to_owned());
        }
        let found = check(&value, &self.schema(), &Map::new());
        found.into_iter().next().map(|problem| problem.reason)
    }
}

/// How long a page is, and where it starts.
pub const PAGING: &[Param] = &[
    Param::optional(
        "limit",
        Kind::Whole {
            least: 1,
            most: MOST_ROWS,
        },
        "Rows of a page; 50 if not said.",
    ),
    Param::optional(
        "after",
        Kind::Cursor,
        "Goes on after the page before: the value in its `next`.",
    ),
];
/// Which way an order goes.
pub const DIR: Param = Param::optional(
    "dir",
    Kind::Word(|| vec!["asc", "desc"]),
    "Which way; as `sort` says if not said.",
);
const MOST_ROWS: i64 = 500;
const USUAL_ROWS: i64 = 50;

/// What was asked for: only declared parameters, each once and of its kind.
#[derive(Clone, Debug, Default)]
pub struct Query(Vec<(&'static str, String)>);

impl Query {
    pub fn parse<'a>(
        text: &str,
        params: impl Iterator<Item = &'static Param> + Clone + 'a,
    ) -> Result<Self, Vec<FieldProblem>> {
        let given = web::Query::<Vec<(String, String)>>::from_query(text)
            .map(web::Query::into_inner)
            .map_err(|_| vec![FieldProblem::new("", "the query is not readable")])?;
        let mut values: Vec<(&'static str, String)> = vec![];
        let mut wrong = vec![];
        for (name, value) in given {
            let Some(param) = params.clone().find(|param| param.name == name) else {
                wrong.push(FieldProblem::new(name, "is not known here"));
                continue;
            };
            if values.iter().any(|(known, _)| *known == param.name) {
                wrong.push(FieldProblem::new(name, "is given twice"));
                continue;
            }
            wrong.extend(param.wrong(&value).map(|why| FieldProblem::new(name, why)));
            values.push((param.name, value));
        }
        for param in params.filter(|param| param.required) {
            if !values.iter().any(|(known, _)| *known == param.name) {
                wrong.push(FieldProblem::new(param.name, "is required"));
            }
        }
        match wrong.is_empty() {
            true => Ok(Self(values)),
            false => Err(wrong),
        }
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn whole(&self, name: &str) -> Option<i64> {
        self.text(name)?.parse().ok()
    }

    pub fn id<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.text(name)?.parse().ok()
    }

    pub fn day(&self, name: &str) -> Option<NaiveDate> {
        self.text(name)?.parse().ok()
    }

    /// `query.word("kind", RackKind::parse)`.
    pub fn word<T>(&self, name: &str, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        self.text(name).and_then(parse)
    }

    pub fn limit(&self) -> i64 {
        self.whole("limit").unwrap_or(USUAL_ROWS)
    }

    pub fn after(&self) -> Option<Cursor> {
        Cursor::decode(self.text("after")?)
    }

    /// One of a list's orders, the first if not said, and whether it starts from the largest: by
    /// itself only the first one does, where `latest` says so.
    pub fn order(&self, words: &[&'static str], latest: bool) -> (&'static str, bool) {
        let usual = words.first().copied().unwrap_or_default();
        let asked = self.text("sort");
        let found = words.iter().copied().find(|word| asked == Some(*word));
        let sort = found.unwrap_or(usual);
        let descending = match self.text("dir") {
            Some(way) => way == "desc",
            None => latest && sort == usual,
        };
        (sort, descending)
    }

    /// The id after which a list that is ordered by id goes on.
    pub fn after_id(&self) -> Option<i64> {
        self.after().map(|cursor| cursor.id)
    }

    /// As an address has it, from another row on.
    pub fn starting_after(&self, after: &Cursor) -> Vec<(&'static str, String)> {
        let mut pairs: Vec<_> = self.0.clone();
        pairs.retain(|(name, _)| *name != "after");
        pairs.push(("after", after.encode()));
        pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARAMS: &[&[Param]] = &[
        PAGING,
        &[
            Param::required("site", Kind::Id, ""),
            Param::optional("date", Kind::Day, ""),
            Param::optional("q", Kind::Text, ""),
            Param::optional("kind", Kind::Word(|| vec!["tank"]), ""),
        ],
    ];

    fn fields(query: &str) -> Vec<String> {
        match Query::parse(query, PARAMS.iter().flat_map(|group| group.iter())) {
            Ok(_) => vec![],
            Err(wrong) => wrong.into_iter().map(|problem| problem.field).collect(),
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let table = [
            ("site=7&date=2026-12-01&q=a%20b&kind=tank&limit=500", ""),
            ("site=7&after=7.61", ""),
            ("site=7&after=zz", "after"),
            ("", "site"),
            ("site=0", "site"),
            ("site=%2B7", "site"),
            ("site=07", "site"),
            ("site=7.0", "site"),
            ("site=9223372036854775808", "site"),
            ("site=7&site=8", "site"),
            ("site=7&colour=red", "colour"),
            ("site=7&limit=501", "limit"),
            ("site=7&date=2026-02-30", "date"),
            ("site=7&date=2026-2-3", "date"),
            ("site=7&q=%00", "q"),
            ("site=7&kind=", "kind"),
        ];
        for (query, field) in table {
            assert_eq!(fields(query).join(","), field, "{query}");
        }
    }
}
