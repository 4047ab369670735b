fn main() -> std::process::ExitCode {
    ib_cli::main(ibgw_start::run, include_str!("../variables.txt"))
}
