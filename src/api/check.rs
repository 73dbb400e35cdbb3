//! Whether a value has the shape that the document promises: what comes in is held against it field by
//! field, and the tests hold every answer against it too.
//!
//! Knows exactly the words of JSON Schema that our shapes use; another one is an error of ours.

use super::schema::DAY_PATTERN;
use chrono::{DateTime, NaiveDate};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A field, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// Where it is: `units`, `allocations.0.rack`, a parameter's name.
    pub field: String,
    pub reason: String,
}

impl FieldProblem {
    pub fn new(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            reason: reason.into(),
        }
    }
}

type Named = Map<String, Value>;

/// Everything that is wrong with `value`; `schemas` are those that may be referred to by name.
pub fn check(value: &Value, schema: &Value, schemas: &Named) -> Vec<FieldProblem> {
    let mut found = vec![];
    Check { schemas }.at("", value, schema, &mut found);
    found
}

struct Check<'a> {
    schemas: &'a Named,
}

impl Check<'_> {
    fn at(&self, field: &str, value: &Value, schema: &Value, found: &mut Vec<FieldProblem>) {
        let Some(words) = schema.as_object() else {
            return found.push(FieldProblem::new(field, "has no shape"));
        };
        for (word, rule) in words {
            let problem = match word.as_str() {
                "$ref" => {
                    self.referred(field, value, rule, found);
                    None
                }
                "type" => wrong_type(value, rule),
                "enum" => wrong_word(value, rule),
                "oneOf" => self.none_of(value, rule),
                "allOf" => {
                    for part in rule.as_array().into_iter().flatten() {
                        self.at(field, value, part, found);
                    }
                    None
                }
                "items" => {
                    for (at, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.at(&below(field, &at.to_string()), item, rule, found);
                    }
                    None
                }
                "properties" => {
                    self.properties(field, value, rule, found);
                    None
                }
                "required" => {
                    missing(field, value, rule, found);
                    None
                }
                "additionalProperties" => {
                    unknown(field, value, words, found);
                    None
                }
                "minimum" | "maximum" => out_of_range(value, word, rule),
                "minLength" | "maxLength" => wrong_length(value, word, rule),
                "minItems" | "maxItems" => wrong_count(value, word, rule),
                "format" | "pattern" => wrong_form(value, rule),
                "description" | "title" | "examples" | "default" => None,
                _ => Some(format!("the rule {word} is not known")),
            };
            found.extend(problem.map(|reason| FieldProblem::new(field, reason)));
        }
    }

    fn referred(&self, field: &str, value: &Value, to: &Value, found: &mut Vec<FieldProblem>) {
        let name = to.as_str().and_then(|path| path.rsplit('/').next());
        match name.and_then(|name| self.schemas.get(name)) {
            Some(schema) => self.at(field, value, schema, found),
            None => found.push(FieldProblem::new(field, format!("{to} is not described"))),
        }
    }

    fn none_of(&self, value: &Value, choices: &Value) -> Option<String> {
        let mut best: Option<Vec<FieldProblem>> = None;
        for choice in choices.as_array()? {
            let found = check(value, choice, self.schemas);
            if found.is_empty() {
                return None;
            }
            let null = choice.get("type").is_some_and(|kind| kind == "null");
            if !null || best.is_none() {
                best = Some(found);
            }
        }
        let said = best?
            .into_iter()
            .map(|problem| match problem.field.as_str() {
                "" => problem.reason,
                field => format!("{field}: {}", problem.reason),
            });
        Some(said.collect::<Vec<_>>().join("; "))
    }

    fn properties(&self, field: &str, value: &Value, rule: &Value, found: &mut Vec<FieldProblem>) {
        let (Some(object), Some(rules)) = (value.as_object(), rule.as_object()) else {
            return;
        };
        for (name, rule) in rules {
            if let Some(value) = object.get(name) {
                self.at(&below(field, name), value, rule, found);
            }
        }
    }
}

fn below(field: &str, name: &str) -> String {
    if field.is_empty() {
        name.to_owned()
    } else {
        format!("{field}.{name}")
    }
}

fn wrong_type(value: &Value, rule: &Value) -> Option<String> {
    let is = |kind: &str| match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    };
    let kinds: Vec<&str> = match rule {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        other => other.as_str().into_iter().collect(),
    };
    (!kinds.iter().any(|kind| is(kind))).then(|| format!("must be: {}", kinds.join(" or ")))
}

fn wrong_word(value: &Value, rule: &Value) -> Option<String> {
    let words = rule.as_array()?;
    let said = || words.iter().map(Value::to_string).collect::<Vec<_>>();
    (!words.contains(value)).then(|| format!("must be one of {}", said().join(", ")))
}

fn missing(field: &str, value: &Value, rule: &Value, found: &mut Vec<FieldProblem>) {
    let Some(object) = value.as_object() else {
        return;
    };
    for name in rule.as_array().into_iter().flatten() {
        let name = name.as_str().unwrap_or_default();
        if !object.contains_key(name) {
            found.push(FieldProblem::new(below(field, name), "is required"));
        }
    }
}

fn unknown(field: &str, value: &Value, words: &Named, found: &mut Vec<FieldProblem>) {
    let Some(object) = value.as_object() else {
        return;
    };
    let known = words.get("properties").and_then(Value::as_object);
    for name in object.keys() {
        if !known.is_some_and(|known| known.contains_key(name)) {
            found.push(FieldProblem::new(below(field, name), "is not known"));
        }
    }
}

fn out_of_range(value: &Value, word: &str, rule: &Value) -> Option<String> {
    let (number, bound) = (value.as_i64()?, rule.as_i64()?);
    match word {
        "minimum" if number < bound => Some(format!("must be {bound} or more")),
        "maximum" if number > bound => Some(format!("must be {bound} or less")),
        _ => None,
    }
}

fn wrong_length(value: &Value, word: &str, rule: &Value) -> Option<String> {
    let (text, bound) = (value.as_str()?, rule.as_u64()?);
    count_wrong(text.chars().count() as u64, word, bound, "characters")
}

fn wrong_count(value: &Value, word: &str, rule: &Value) -> Option<String> {
    let (items, bound) = (value.as_array()?, rule.as_u64()?);
    count_wrong(items.len() as u64, word, bound, "items")
}

fn count_wrong(count: u64, word: &str, bound: u64, of: &str) -> Option<String> {
    match word.starts_with("min") {
        true if count < bound => Some(format!("must have at least {bound} {of}")),
        false if count > bound => Some(format!("must have at most {bound} {of}")),
        _ => None,
    }
}

/// A format, or the one pattern that we use; the form of numbers is their type's.
fn wrong_form(value: &Value, rule: &Value) -> Option<String> {
    let text = value.as_str()?;
    let (fits, said) = match rule.as_str()? {
        "date" => (is_day(text), "must be a date: YYYY-MM-DD"),
        DAY_PATTERN => (
            text.starts_with("20") || text.starts_with("21"),
            "must be between the years 2000 and 2199",
        ),
        "date-time" => (
            DateTime::parse_from_rfc3339(text).is_ok(),
            "must be an instant of RFC 3339",
        ),
        PLAIN_PATTERN => (
            !text.contains(char::is_control),
            "must not hold control characters",
        ),
        "int64" | "int32" => (true, ""),
        other => return Some(format!("the form {other} is not known")),
    };
    (!fits).then(|| said.to_owned())
}

/// Text of one line.
pub const PLAIN_PATTERN: &str = r"^[^\x00-\x1f\x7f-\x9f]*$";

fn is_day(text: &str) -> bool {
    text.len() == 10 && text.parse::<NaiveDate>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_field_is_held_against_its_rule() {
        let schema = json!({
            "type": "object",
            "required": ["units", "from"],
            "additionalProperties": false,
            "properties": {
                "units": {"type": "integer", "minimum": 1, "maximum": 9},
                "from": {"type": "string", "format": "date", "pattern": DAY_PATTERN},
                "leg": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Leg"}]},
                "name": {"type": ["string", "null"], "maxLength": 3, "pattern": PLAIN_PATTERN},
                "racks": {"type": "array", "minItems": 1, "items": {"type": "integer"}},
            },
        });
        let schemas = json!({"Leg": {"type": "string", "enum": ["L1", "L2"]}});
        let schemas = schemas.as_object().unwrap();
        let table = [
            (json!({"units": 1, "from": "2026-12-01"}), vec![]),
            (
                json!({"units": 9, "from": "2026-12-01", "leg": null, "name": "щит", "racks": [1]}),
                vec![],
            ),
            (json!({}), vec!["units", "from"]),
            (json!([]), vec![""]),
            (
                json!({"units": 0, "from": "2026-13-01"}),
                vec!["units", "from"],
            ),
            (
                json!({"units": 10, "from": "1026-12-01"}),
                vec!["units", "from"],
            ),
            (
                json!({"units": 5.0, "from": "26-12-1"}),
                vec!["units", "from", "from"],
            ),
            (
                json!({"units": 1, "from": "2026-12-01", "leg": "L9", "name": "long", "x": 1}),
                vec!["x", "leg", "name"],
            ),
            (
                json!({"units": 1, "from": "2026-12-01", "racks": [], "name": "a\u{0}"}),
                vec!["name", "racks"],
            ),
            (
                json!({"units": 1, "from": "2026-12-01", "racks": ["a"]}),
                vec!["racks.0"],
            ),
        ];
        for (value, fields) in table {
            let mut found: Vec<String> = check(&value, &schema, schemas)
                .into_iter()
                .map(|p| p.field)
                .collect();
            let mut fields: Vec<String> = fields.into_iter().map(str::to_owned).collect();
            found.sort();
            fields.sort();
            assert_eq!(found, fields, "{value}");
        }
    }

    #[test]
    fn a_rule_that_is_not_known_is_not_passed_over() {
        let odd = json!({"type": "string", "contentEncoding": "base64"});
        assert_eq!(check(&json!("a"), &odd, &Map::new()).len(), 1);
        let lost = json!({"$ref": "#/components/schemas/Gone"});
        assert_eq!(check(&json!("a"), &lost, &Map::new()).len(), 1);
    }
}
