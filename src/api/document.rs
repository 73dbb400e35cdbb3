//! The OpenAPI document, made from the route tables and the types that they name.

use super::DOCUMENT;
use super::problem::{self, MEDIA_TYPE};
use super::query::Param;
use super::routes::{Route, all};
use super::schema::Shape;
use crate::domain::identity::scope::Scope;
use actix_web::HttpResponse;
use actix_web::http::header;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

static TEXT: LazyLock<String> = LazyLock::new(|| document().to_string());

/// `GET /api/v1/openapi.json`, for everybody.
pub async fn serve() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .content_type("application/json")
        .body(TEXT.as_str())
}

pub fn document() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    let mut schemas: Map<String, Value> = Map::new();
    schemas.extend(Shape::of::<problem::Body>().schemas);
    for route in all() {
        schemas.extend((route.answer)().schemas);
        schemas.extend((route.body)().into_iter().flat_map(|shape| shape.schemas));
        let entry = paths.entry(route.pattern()).or_insert_with(|| json!({}));
        entry[route.method.to_lowercase()] = operation(route);
    }
    paths.insert(DOCUMENT.to_owned(), json!({"get": self_description()}));
    let scopes: Vec<&str> = Scope::ALL.iter().map(|scope| scope.code()).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Innkeeper",
            "version": env!("CARGO_PKG_VERSION"),
            "description": format!(
                "A mining hotel: its sites, what of their capacity is free, reservations and leases. \
                 Watts are whole numbers, dates are local to the site, instants are UTC, decimals are \
                 strings. Scopes of tokens: {}.", scopes.join(", ")),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {
                "type": "http",
                "scheme": "bearer",
                "description": "A personal or a machine's token: ink_…",
            }},
            "responses": {"Problem": {
                "description": "What went wrong.",
                "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }},
        },
    })
}

fn operation(route: &Route) -> Value {
    let mut parameters: Vec<Value> = path_parameters(route.path);
    parameters.extend(route.params().map(query_parameter));
    if route.method == "POST" {
        parameters.push(key_parameter());
    }
    let mut described = json!({
        "operationId": operation_id(route),
        "summary": route.about,
        "description": format!("Needs the scope `{}`.", route.scope),
        "tags": [route.scope.code().split(':').next()],
        "security": [{"token": [route.scope.code()]}],
        "parameters": parameters,
        "responses": responses(route),
    });
    if let Some(body) = (route.body)() {
        let empty = body.name == "Nothing";
        described["requestBody"] = json!({
            "required": !empty,
            "content": {"application/json": {"schema": reference(&body.name)}},
        });
        for media in route.media {
            described["requestBody"]["content"][*media] = json!({"schema": {"type": "string"}});
        }
    }
    described
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// `get_racks_id`: the method and the words of the path.
fn operation_id(route: &Route) -> String {
    let words = route
        .path
        .split('/')
        .map(|word| word.trim_matches(['{', '}']));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    format!("{}_{}", route.method.to_lowercase(), words.join("_"))
}

fn path_parameters(path: &str) -> Vec<Value> {
    let named = path
        .split('/')
        .filter_map(|word| word.strip_prefix('{')?.strip_suffix('}'));
    named
        .map(|name| {
            json!({
                "name": name,
                "in": "path",
                "required": true,
                "schema": {"type": "integer", "format": "int64", "minimum": 1},
            })
        })
        .collect()
}

fn query_parameter(param: &Param) -> Value {
    json!({
        "name": param.name,
        "in": "query",
        "required": param.required,
        "description": param.about,
        "schema": param.schema(),
    })
}

fn key_parameter() -> Value {
    json!({
        "name": "Idempotency-Key",
        "in": "header",
        "required": true,
        "description": "Of your choice, new for each new wish: asking again with the same key and body \
                        does nothing and gets the first answer again.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    })
}

fn responses(route: &Route) -> Value {
    let shape = (route.answer)();
    let mut headers = json!({});
    if route.status == 201 {
        headers["Location"] = json!({
            "description": "Where it is.",
            "required": true,
            "schema": {"type": "string"},
        });
    }
    if route.params().any(|param| param.name == "after") {
        headers["Link"] = json!({
            "description": "The next page, if there is one.",
            "schema": {"type": "string"},
        });
    }
    let mut answers = json!({});
    answers[route.status.to_string()] = json!({
        "description": route.about,
        "headers": headers,
        "content": {"application/json": {"schema": reference(&shape.name)}},
    });
    let mut problems = vec![400, 401, 403, 404, 429, 500];
    match route.method {
        "POST" => problems.extend([409, 413, 415, 422]),
        // Values that are fine alone and not together.
        _ => problems.push(422),
    }
    problems.sort_unstable();
    for status in problems {
        answers[status.to_string()] = json!({"$ref": "#/components/responses/Problem"});
    }
    answers
}

fn self_description() -> Value {
    json!({
        "operationId": "get_openapi",
        "summary": "This document.",
        "tags": ["document"],
        "security": [],
        "responses": {"200": {
            "description": "This document.",
            "content": {"application/json": {"schema": {"type": "object"}}},
        }},
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ROOT;

    #[test]
    fn every_reference_leads_somewhere_and_every_operation_has_a_name_of_its_own() {
        let document = document();
        let text = document.to_string();
        for part in text.split("#/components/").skip(1) {
            let path = part.split('"').next().unwrap_or_default();
            let pointer = format!("/components/{path}");
            assert!(document.pointer(&pointer).is_some(), "{pointer}");
        }
        let mut names: Vec<String> = all().map(operation_id).collect();
        names.sort();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
        let mut shapes: std::collections::BTreeMap<String, Value> = Default::default();
        for (name, schema) in all().flat_map(|route| (route.answer)().schemas) {
            let before = shapes.insert(name.clone(), schema.clone());
            assert!(
                before.is_none_or(|before| before == schema),
                "two shapes are called {name}"
            );
        }
        assert!(
            document["paths"]
                .as_object()
                .is_some_and(|paths| paths.keys().all(|p| p.starts_with(ROOT)))
        );
    }
}
