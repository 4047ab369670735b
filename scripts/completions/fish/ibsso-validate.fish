complete -c ibsso-validate -l timeout -d 'End after this time' -r
complete -c ibsso-validate -l token -d 'Read the token, or the line of ibsso-token, from here' -r
complete -c ibsso-validate -l api-url -d 'Talk to the Web API at this address' -r
complete -c ibsso-validate -l cacert -d 'Accept only a certificate in this file, or one issued by it' -r -F
complete -c ibsso-validate -l init-path -d 'Open the brokerage session with this path, below the address of the Web API (--brokerage)' -r
complete -c ibsso-validate -l state-dir -d 'Keep ledgers and other state in this directory' -r -F
complete -c ibsso-validate -l format -d 'Print the report, or IBKR\'s own answer' -r -f -a "json\t'The report'
upstream\t'The body of `sso/validate` with every key that IBKR sent, except `TOKEN` and `session`. Without such a body, the report. Not with `--brokerage` or `--tickle`'"
complete -c ibsso-validate -l errors -d 'Print errors as json or text [default: text on a terminal]' -r -f -a "json\t'One line of JSON'
text\t'A sentence for a person'"
complete -c ibsso-validate -l brokerage -d 'May end the username\'s sessions elsewhere (TWS, mobile): open the brokerage session'
complete -c ibsso-validate -l tickle -d 'Keep the brokerage session alive: tickle in place of validating, or after --brokerage'
complete -c ibsso-validate -l logout -d 'End the read-only session, the brokerage session with it, and do nothing else'
complete -c ibsso-validate -l show -d 'Leave TOKEN and session in IBKR\'s own answer (--format upstream)'
complete -c ibsso-validate -s v -l verbose -d 'Log to stderr, one line of JSON per event'
complete -c ibsso-validate -s h -l help -d 'Print help and end; --help says more than -h'
complete -c ibsso-validate -s V -l version -d 'Print the version and end'
