complete -c ibgw-tickle -l kind -d 'Ask this kind of gateway' -r -f -a "cp\t'The Client Portal Gateway'
tws\t'IB Gateway or TWS, which serve the TWS API'"
complete -c ibgw-tickle -l mode -d 'Ask the IB Gateway of this account (--kind tws) [default: TRADING_MODE, else paper]' -r -f -a "live\t'Real money'
paper\t'Simulated trading'"
complete -c ibgw-tickle -l timeout -d 'End after this time' -r
complete -c ibgw-tickle -l client-id -d 'Use this client id (--kind tws)' -r
complete -c ibgw-tickle -l read -d 'Answer from a report that --write stored, without a call' -r -F
complete -c ibgw-tickle -l max-age -d 'Report the state as unknown if the stored report is older than this (--read)' -r
complete -c ibgw-tickle -l url -d 'Talk to the Gateway at this address' -r
complete -c ibgw-tickle -l cacert -d 'Accept only a certificate in this file, or one issued by it' -r -F
complete -c ibgw-tickle -l address -d 'Ask the TWS API at this address (--kind tws)' -r
complete -c ibgw-tickle -l write -d 'Store the report in this file, whole or not at all' -r -F
complete -c ibgw-tickle -l metrics -d 'Write metrics for Prometheus to this file, whole or not at all' -r -F
complete -c ibgw-tickle -l errors -d 'Print errors as json or text [default: text on a terminal]' -r -f -a "json\t'One line of JSON'
text\t'A sentence for a person'"
complete -c ibgw-tickle -l validate -d 'Also ask whether the read-only session is valid'
complete -c ibgw-tickle -l accounts -d 'Report the account numbers, too (--kind tws)'
complete -c ibgw-tickle -s v -l verbose -d 'Log to stderr, one line of JSON per event'
complete -c ibgw-tickle -s h -l help -d 'Print help and end; --help says more than -h'
complete -c ibgw-tickle -s V -l version -d 'Print the version and end'
