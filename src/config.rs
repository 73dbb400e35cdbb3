//! Settings: defaults, then `innkeeper.toml`, then `INNKEEPER_*` of the environment.
//! Unknown keys are refused. `docs/CONFIGURATION.md` documents every key, and a test compares.

use anyhow::{Context, Result};
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the embedded database, mails and logs of imports live.
    pub data_dir: PathBuf,
    /// `postgres://…`, or empty for SQLite in `data_dir`. `DATABASE_URL` sets it too.
    pub database_url: String,
    /// Connections that one process opens to the database.
    pub database_connections: u32,
    /// Address and port to listen on.
    pub listen: String,
    /// What people type to reach it: links in mails start with this.
    pub public_url: String,
    /// Trust `X-Forwarded-For` of a proxy in front.
    pub behind_proxy: bool,
    /// Worker threads that answer requests; 0 is one per core.
    pub workers: usize,
    /// `text` or `json`.
    pub log_format: String,
    /// What is logged, in the form of `RUST_LOG`.
    pub log_level: String,
    /// The largest file that may be imported, in MiB.
    pub import_max_mib: u64,
    /// The folder below which watched folders of readings lie; empty: there are none.
    pub readings_folder_base: PathBuf,
    /// `smtp://user:password@host:587`, or empty: mails become `.eml` files in `data_dir/mail`.
    pub smtp_url: String,
    /// The sender of all mails.
    pub mail_from: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("data"),
            database_url: String::new(),
            database_connections: 8,
            listen: "127.0.0.1:8080".to_owned(),
            public_url: String::new(),
            behind_proxy: false,
            workers: 0,
            log_format: "text".to_owned(),
            log_level: "info,innkeeper=info,actix_server=warn".to_owned(),
            import_max_mib: 64,
            readings_folder_base: PathBuf::new(),
            smtp_url: String::new(),
            mail_from: "Innkeeper <innkeeper@localhost>".to_owned(),
        }
    }
}

impl Config {
    /// `file`: a path that must exist if given; else `innkeeper.toml` where there is one.
    pub fn load(file: Option<&std::path::Path>) -> Result<Self> {
        if let Some(path) = file {
            anyhow::ensure!(
                path.is_file(),
                "no configuration file at {}",
                path.display()
            );
        }
        let path = file.map_or_else(|| PathBuf::from("innkeeper.toml"), PathBuf::from);
        let config: Self = Figment::from(Serialized::defaults(Self::default()))
            .merge(Toml::file(path))
            .merge(Env::raw().only(&["DATABASE_URL"]))
            .merge(
                Env::prefixed("INNKEEPER_")
                    .filter(|key| !key.as_str().to_ascii_lowercase().starts_with("test_")),
            )
            .extract()
            .context("the configuration is not valid")?;
        anyhow::ensure!(
            matches!(config.log_format.as_str(), "text" | "json"),
            "log_format is {:?}: write text or json",
            config.log_format
        );
        Ok(config)
    }

    /// The database's address: the configured one, or the embedded file.
    pub fn database(&self) -> String {
        if self.database_url.is_empty() {
            self.data_dir.join("innkeeper.db").display().to_string()
        } else {
            self.database_url.clone()
        }
    }

    /// Where links in mails point to, without a slash at the end.
    pub fn base_url(&self) -> String {
        if self.public_url.is_empty() {
            format!("http://{}", self.listen)
        } else {
            self.public_url.trim_end_matches('/').to_owned()
        }
    }

    /// Cookies are `Secure` and browsers are told to stay on https.
    pub fn https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    pub fn mail_dir(&self) -> PathBuf {
        self.data_dir.join("mail")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("c.toml");
        std::fs::write(&path, "listn = \"0.0.0.0:80\"\n").unwrap();
        let error = format!("{:#}", Config::load(Some(&path)).unwrap_err());
        assert!(error.contains("listn"), "{error}");
    }

    #[test]
    fn every_key_is_documented() {
        let text = include_str!("../docs/CONFIGURATION.md");
        let keys = serde_json::to_value(Config::default()).unwrap();
        for key in keys.as_object().unwrap().keys() {
            assert!(
                text.contains(&format!("`{key}`")),
                "docs/CONFIGURATION.md lacks {key}"
            );
        }
    }
}
