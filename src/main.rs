use std::process::ExitCode;

fn main() -> ExitCode {
    match innkeeper::cli::main() {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("innkeeper: {error:#}");
            ExitCode::from(2)
        }
    }
}
