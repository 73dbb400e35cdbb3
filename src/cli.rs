//! The command line: one binary for everything.

use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::billing::{case, rate};
use crate::domain::calendar::Instant;
use anyhow::{Context, Result, bail};
use chrono::{DateTime, NaiveDate};
use clap::{Parser, Subcommand};
use std::path::PathBuf;

#[derive(Parser)]
#[command(
    name = "innkeeper",
    version,
    about = "Runs a mining hotel: capacity, metering and billing"
)]
struct Cli {
    /// Settings file; without it `innkeeper.toml` where there is one.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Load the demo hotel into a new data folder and serve it
    Demo {
        /// Show the hotel as at this moment: 2026-11-21 or 2026-11-21T15:40:00Z
        #[arg(long)]
        now: Option<String>,
        /// Serve beyond this machine, although the passwords are shown on the screen
        #[arg(long)]
        allow_remote: bool,
        /// Load, print and stop
        #[arg(long)]
        no_serve: bool,
    },
    /// Serve
    Serve {
        /// Pretend that it is this moment
        #[arg(long, hide = true)]
        now: Option<String>,
    },
    /// Bring the database's schema up to date
    Migrate,
    /// Verify what must always hold, on the live database
    Check {
        /// Pretend that it is this moment
        #[arg(long, hide = true)]
        now: Option<String>,
    },
    /// Import a file
    Import {
        #[command(subcommand)]
        what: ImportCommand,
    },
    /// Price a rating case: how finance tries a price plan
    Rate { file: PathBuf },
    /// Play a capacity case against a throwaway database: a planner's what-if
    Book { file: PathBuf },
    /// Create users
    User {
        #[command(subcommand)]
        what: UserCommand,
    },
}

#[derive(Subcommand)]
enum ImportCommand {
    /// Readings of meters: columns meter, start, end, value, unit
    Readings {
        file: PathBuf,
        /// Import the good rows although others are bad
        #[arg(long)]
        good_rows: bool,
    },
    /// A site from NetBox: its CSV exports or REST JSON, any tables in any number of files
    Netbox(crate::import_cli::Netbox),
    /// A table of a site (halls, rows, power, zones, racks, machines) from CSV or XLSX
    Table(crate::import_cli::SiteTable),
}

#[derive(Subcommand)]
enum UserCommand {
    /// Create the operator's user with a password that is read from standard input
    Create {
        email: String,
        #[arg(long, default_value = "administrator")]
        role: String,
        #[arg(long)]
        name: Option<String>,
    },
}

/// Runs one command; the code with which the process ends.
pub fn main() -> Result<u8> {
    let cli = Cli::parse();
    match cli.command {
        Command::Rate { file } => price(&file),
        Command::Book { file } => book(&file),
        other => {
            let config = Config::load(cli.config.as_deref())?;
            crate::logging::start(&config);
            with_house(other, config)
        }
    }
}

fn with_house(command: Command, config: Config) -> Result<u8> {
    match command {
        Command::Demo {
            now,
            allow_remote,
            no_serve,
        } => {
            crate::demo::run(config, clock(now.as_deref())?, allow_remote, no_serve)?;
            Ok(0)
        }
        Command::Serve { now } => {
            let app = App::open(config, clock(now.as_deref())?)?;
            crate::serve::run(&app)?;
            Ok(0)
        }
        Command::Migrate => {
            std::fs::create_dir_all(&config.data_dir)?;
            let db = crate::db::Db::open(&config.database(), 1)?;
            let ran = db.migrate()?;
            println!(
                "{}",
                if ran.is_empty() {
                    "up to date".to_owned()
                } else {
                    ran.join("\n")
                }
            );
            Ok(0)
        }
        Command::Check { now } => check(&existing(config, clock(now.as_deref())?)?),
        Command::Import {
            what: ImportCommand::Readings { file, good_rows },
        } => crate::import_cli::readings(&existing(config, Clock::default())?, &file, good_rows),
        Command::Import {
            what: ImportCommand::Netbox(netbox),
        } => crate::import_cli::netbox(&existing(config, Clock::default())?, &netbox),
        Command::Import {
            what: ImportCommand::Table(table),
        } => crate::import_cli::table(&existing(config, Clock::default())?, &table),
        Command::User {
            what: UserCommand::Create { email, role, name },
        } => crate::user_cli::create(
            &App::open(config, Clock::default())?,
            &email,
            &role,
            name.as_deref(),
        ),
        Command::Rate { .. } | Command::Book { .. } => bail!("this command needs no house"),
    }
}

/// A command that looks at a house must not create an empty one.
fn existing(config: Config, clock: Clock) -> Result<App> {
    if config.database_url.is_empty() {
        let file = config.database();
        anyhow::ensure!(
            std::path::Path::new(&file).exists(),
            "there is no database at {file}"
        );
    }
    Ok(App::open(config, clock)?)
}

fn clock(now: Option<&str>) -> Result<Clock> {
    let Some(text) = now else {
        return Ok(Clock::default());
    };
    let at = match DateTime::parse_from_rfc3339(text) {
        Ok(at) => at.timestamp(),
        Err(_) => NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .with_context(|| format!("--now {text}: write 2026-11-21 or 2026-11-21T15:40:00Z"))?
            .and_hms_opt(9, 0, 0)
            .context("a time of day")?
            .and_utc()
            .timestamp(),
    };
    Ok(Clock::starting_at(Instant(at)))
}

fn check(app: &App) -> Result<u8> {
    let found = crate::services::check::look(&app.db, app.now())?;
    for line in found.conflicts.iter().chain(&found.violations) {
        println!("{line}");
    }
    let violations = &found.violations;
    println!("{} open conflicts", found.conflicts.len());
    println!("{} violations", violations.len());
    Ok(u8::from(!violations.is_empty()))
}

/// To standard output; a reader that has seen enough (`| head`) is no error.
fn show(text: &str) -> Result<()> {
    use std::io::Write;
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

fn read(file: &PathBuf) -> Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

fn price(file: &PathBuf) -> Result<u8> {
    let input = case::parse(&read(file)?)?;
    let (output, ok) = match rate::rate(&input) {
        Ok(plan) => (case::expected_json(&plan), true),
        Err(errors) => (case::error_json(input.zone, &errors), false),
    };
    show(&serde_json::to_string_pretty(&output)?)?;
    Ok(u8::from(!ok))
}

fn book(file: &PathBuf) -> Result<u8> {
    let case = crate::domain::leasing::case::Case::parse(&read(file)?)?;
    let folder = tempfile::tempdir()?;
    let db = crate::db::Db::open(&folder.path().join("book.db").display().to_string(), 1)?;
    db.migrate()?;
    let answers = crate::services::leasing::play::play(&db, &case)?;
    show(&serde_json::to_string_pretty(&answers)?)?;
    Ok(0)
}
