fn main() -> std::process::ExitCode {
    ib_cli::main(ibsso_token::run, include_str!("../variables.txt"))
}
