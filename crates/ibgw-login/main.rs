fn main() -> std::process::ExitCode {
    ib_cli::main(ibgw_login::run, include_str!("../variables.txt"))
}
