//! What the API offers, to read: made from the same tables as its document.

use crate::api::routes::{self, Route};
use crate::api::schema::Shape;
use crate::web::page::{Page, html};
use crate::web::reader::Reader;
use crate::web::visit::Answer;
use actix_web::HttpRequest;
use askama::Template;
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "home/api_docs.html")]
struct DocsPage {
    page: Page,
    nouns: Vec<(String, Vec<Operation>)>,
    shapes: Vec<ShapeShown>,
}

struct Operation {
    method: &'static str,
    path: String,
    about: &'static str,
    scope: &'static str,
    takes: Option<String>,
    answers: String,
    status: u16,
    parameters: Vec<Parameter>,
}

struct Parameter {
    name: &'static str,
    required: bool,
    form: String,
    about: &'static str,
}

struct ShapeShown {
    name: String,
    fields: Vec<(String, String, String)>,
}

/// Public, as the document is.
pub async fn show(request: HttpRequest) -> Answer {
    let page = Page::new(Reader::of(&request), request.path()).titled("api-docs-title");
    let mut nouns: Vec<(String, Vec<Operation>)> = vec![];
    for route in routes::all() {
        let noun = route.path.split('/').nth(1).unwrap_or_default().to_owned();
        match nouns.iter_mut().find(|(known, _)| *known == noun) {
            Some((_, operations)) => operations.push(operation(route)),
            None => nouns.push((noun, vec![operation(route)])),
        }
    }
    html(&DocsPage {
        page,
        nouns,
        shapes: shapes(),
    })
}

fn operation(route: &Route) -> Operation {
    Operation {
        method: route.method,
        path: route.pattern(),
        about: route.about,
        scope: route.scope.code(),
        takes: (route.body)().map(|shape| shape.name),
        answers: (route.answer)().name,
        status: route.status,
        parameters: route
            .params()
            .map(|param| Parameter {
                name: param.name,
                required: param.required,
                form: form(&param.schema()),
                about: param.about,
            })
            .collect(),
    }
}

/// Every shape that something takes or answers, by name, its fields in order.
fn shapes() -> Vec<ShapeShown> {
    let mut all: BTreeMap<String, Value> = BTreeMap::new();
    for route in routes::all() {
        all.extend((route.answer)().schemas);
        all.extend((route.body)().into_iter().flat_map(|shape| shape.schemas));
    }
    all.extend(Shape::of::<crate::api::problem::Body>().schemas);
    all.into_iter()
        .map(|(name, schema)| ShapeShown {
            name,
            fields: fields(&schema),
        })
        .collect()
}

fn fields(schema: &Value) -> Vec<(String, String, String)> {
    let mut found = vec![];
    for part in schema["allOf"].as_array().into_iter().flatten() {
        if part.get("$ref").is_some() {
            found.push(("…".to_owned(), form(part), String::new()));
        }
        found.extend(fields(part));
    }
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let about = field["description"].as_str().unwrap_or_default().to_owned();
        found.push((name.clone(), form(field), about));
    }
    if found.is_empty() {
        found.push((String::new(), form(schema), String::new()));
    }
    found
}

/// The form of a value in a few words: `integer`, `Leg or null`, `list of Cell`.
fn form(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str() {
        return name.rsplit('/').next().unwrap_or_default().to_owned();
    }
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
        return words.join(" | ");
    }
    let several = |all: &[Value]| -> String {
        let mut words: Vec<String> = all.iter().map(form).collect();
        words.sort_by_key(|word| word == "null");
        words.join(" or ")
    };
    if let Some(choices) = schema["oneOf"].as_array() {
        return several(choices);
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => {
            let kinds: Vec<&str> = kinds.iter().filter_map(Value::as_str).collect();
            kinds.join(" or ")
        }
        Value::String(kind) if kind == "array" => format!("list of {}", form(&schema["items"])),
        Value::String(kind) => kind.clone(),
        _ => String::new(),
    };
    match schema["format"].as_str() {
        Some(format) if format != "int64" && format != "int32" => format!("{kind} ({format})"),
        _ => kind,
    }
}
