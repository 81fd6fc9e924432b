use std::process::ExitCode;

fn main() -> ExitCode {
    billform::run()
}
