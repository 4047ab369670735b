fn main() -> std::process::ExitCode {
    ib_cli::main(ibgw_tickle::run, include_str!("../variables.txt"))
}
