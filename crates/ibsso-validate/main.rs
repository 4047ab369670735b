fn main() -> std::process::ExitCode {
    ib_cli::main(ibsso_validate::run, include_str!("../variables.txt"))
}
