//! The embedded files of `static/`, under addresses that change with their content.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

const PREFIX: &str = "/static/";
/// Nearly the smallest result at a fifth of the time of the highest quality.
const BROTLI_QUALITY: i32 = 10;
const BROTLI_WINDOW: i32 = 22;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

struct Asset {
    url: String,
    etag: String,
    mime: String,
    raw: Cow<'static, [u8]>,
    packed: OnceLock<Vec<u8>>,
}

impl Asset {
    fn new(name: &str, raw: Cow<'static, [u8]>) -> Self {
        let hash = hex::encode(&Sha256::digest(&raw)[..6]);
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        Self {
            url: format!("{PREFIX}{stem}.{hash}.{extension}"),
            etag: format!("\"{hash}\""),
            mime: mime_of(name),
            raw,
            packed: OnceLock::new(),
        }
    }

    /// Fonts and pictures are packed already.
    fn packable(&self) -> bool {
        self.mime.starts_with("text/")
            || self.mime.contains("javascript")
            || self.mime.contains("svg")
    }

    fn packed(&self) -> &[u8] {
        self.packed.get_or_init(|| {
            let mut bytes = Vec::with_capacity(self.raw.len() / 4);
            let params = brotli::enc::BrotliEncoderParams {
                quality: BROTLI_QUALITY,
                lgwin: BROTLI_WINDOW,
                ..Default::default()
            };
            brotli::BrotliCompress(&mut self.raw.as_ref(), &mut bytes, &params)
                .expect("packing from memory to memory does not fail");
            bytes
        })
    }
}

fn mime_of(name: &str) -> String {
    let mime = mime_guess::from_path(name)
        .first_or_octet_stream()
        .to_string();
    if mime.starts_with("text/") {
        mime + "; charset=utf-8"
    } else {
        mime
    }
}

struct Assets {
    by_name: HashMap<String, Asset>,
    name_by_url: HashMap<String, String>,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(load);

/// The fonts of printed documents are for the program itself, licences and notes for its readers.
fn is_served(name: &str) -> bool {
    !name.starts_with("fonts/") && !name.ends_with("LICENSE") && !name.ends_with(".md")
}

fn load() -> Assets {
    let mut by_name = HashMap::new();
    let mut sheets = Vec::new();
    for name in Files::iter().filter(|name| is_served(name)) {
        let data = Files::get(&name).expect("a listed file is embedded").data;
        if name.ends_with(".css") && !name.starts_with("vendor/") {
            sheets.push((name, data));
        } else {
            by_name.insert(name.to_string(), Asset::new(&name, data));
        }
    }
    // Our own sheets name fonts by file: they get the hashed address, so that it is immutable too.
    for (name, data) in sheets {
        let mut text = String::from_utf8_lossy(&data).into_owned();
        for (file, asset) in &by_name {
            text = text.replace(&format!("url({file})"), &format!("url({})", asset.url));
        }
        by_name.insert(
            name.to_string(),
            Asset::new(&name, Cow::Owned(text.into_bytes())),
        );
    }
    let name_by_url = by_name
        .iter()
        .map(|(name, asset)| (asset.url.clone(), name.clone()))
        .collect();
    Assets {
        by_name,
        name_by_url,
    }
}

/// The address of a file of `static/`: `asset("app.css")` is `/static/app.<hash>.css`.
pub fn asset(name: &str) -> String {
    match ASSETS.by_name.get(name) {
        Some(asset) => asset.url.clone(),
        None => {
            tracing::error!(name, "no such static file");
            format!("{PREFIX}{name}")
        }
    }
}

/// Packs everything in the background, so that the first visitor does not wait for it.
pub fn warm_up() {
    std::thread::spawn(packed);
}

/// Packs what is not packed yet.
pub fn packed() {
    for asset in ASSETS.by_name.values().filter(|asset| asset.packable()) {
        asset.packed();
    }
}

/// `GET /static/{path}`: `cfg.route("/static/{path:.*}", web::get().to(assets::serve))`.
pub async fn serve(request: HttpRequest) -> HttpResponse {
    let Some(asset) = ASSETS
        .name_by_url
        .get(request.path())
        .and_then(|name| ASSETS.by_name.get(name))
    else {
        return super::problem::Problem::NotFound.into_response();
    };
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::ETAG, asset.etag.clone()))
        .insert_header((header::VARY, "Accept-Encoding"))
        .insert_header((header::CONTENT_TYPE, asset.mime.clone()));
    if header_of(&request, header::IF_NONE_MATCH).contains(&asset.etag) {
        return response
            .status(actix_web::http::StatusCode::NOT_MODIFIED)
            .finish();
    }
    if !asset.packable() {
        // Named, so that no later layer packs it again.
        response.insert_header((header::CONTENT_ENCODING, "identity"));
        return response.body(web::Bytes::from_static(static_bytes(asset)));
    }
    if header_of(&request, header::ACCEPT_ENCODING).contains("br") {
        response.insert_header((header::CONTENT_ENCODING, "br"));
        return match web::block(move || asset.packed()).await {
            Ok(packed) => response.body(web::Bytes::from_static(packed)),
            Err(_) => HttpResponse::ServiceUnavailable().finish(),
        };
    }
    response.body(web::Bytes::from_static(static_bytes(asset)))
}

/// Where a page names no icon (a file, a picture), browsers ask for this address.
pub async fn favicon() -> HttpResponse {
    let icon = &ASSETS.by_name["favicon.svg"];
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=86400"))
        .insert_header((header::CONTENT_TYPE, icon.mime.clone()))
        .body(web::Bytes::from_static(static_bytes(icon)))
}

fn static_bytes(asset: &'static Asset) -> &'static [u8] {
    &asset.raw
}

fn header_of(request: &HttpRequest, name: header::HeaderName) -> &str {
    request
        .headers()
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::{App, http::StatusCode, test};

    #[actix_web::test]
    async fn a_file_is_immutable_packed_and_known_by_its_hash() {
        let app =
            test::init_service(App::new().route("/static/{path:.*}", web::get().to(serve))).await;
        let url = asset("app.css");
        let get = |url: &str| {
            test::TestRequest::get()
                .uri(url)
                .insert_header(("Accept-Encoding", "gzip, br"))
        };
        let response = test::call_service(&app, get(&url).to_request()).await;
        assert_eq!(response.status(), StatusCode::OK);
        let headers = response.headers().clone();
        assert_eq!(headers.get("content-encoding").unwrap(), "br");
        assert_eq!(
            headers.get("content-type").unwrap(),
            "text/css; charset=utf-8"
        );
        assert!(
            headers
                .get("cache-control")
                .unwrap()
                .to_str()
                .unwrap()
                .contains("immutable")
        );
        let again =
            get(&url).insert_header(("If-None-Match", headers.get("etag").unwrap().clone()));
        assert_eq!(
            test::call_service(&app, again.to_request()).await.status(),
            StatusCode::NOT_MODIFIED
        );
        let unknown = test::call_service(&app, get("/static/app.css").to_request()).await;
        assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
    }

    #[::core::prelude::v1::test]
    fn our_sheet_names_fonts_by_their_hashed_address() {
        let sheet = String::from_utf8_lossy(&ASSETS.by_name["app.css"].raw).into_owned();
        assert!(sheet.contains(&asset("vendor/inter-5.3.0/inter-latin.woff2")));
        assert!(!sheet.contains("url(vendor/"));
    }

    #[::core::prelude::v1::test]
    fn a_first_visit_stays_within_its_budget() {
        let wire = |name: &str| {
            let asset = &ASSETS.by_name[name];
            if asset.packable() {
                asset.packed().len()
            } else {
                asset.raw.len()
            }
        };
        let total: usize = ASSETS.by_name.keys().map(|name| wire(name)).sum();
        // 150 kB for everything, of which a page itself takes up to 10.
        assert!(
            total <= 140_000,
            "all static files take {total} bytes over the wire"
        );
    }
}
