fn main() -> std::process::ExitCode {
    ib_cli::main(ibgw_secret::run, include_str!("../variables.txt"))
}
