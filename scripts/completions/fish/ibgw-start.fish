complete -c ibgw-start -l kind -d 'Bring up a gateway of this kind' -r -f -a "cp\t'The Client Portal Gateway'
tws\t'IB Gateway or TWS, which serve the TWS API'"
complete -c ibgw-start -l port -d 'Serve on this port, and name the instance by it (--kind cp) [default: that of --url]' -r
complete -c ibgw-start -l ready-fd -d 'Write a line feed to this descriptor when the gateway answers, and close it (--foreground)' -r
complete -c ibgw-start -l timeout -d 'Give up after this time [default: 60s; with --kind tws 100s to stop, 4m to pause]' -r
complete -c ibgw-start -l gateway-dir -d 'Take the Gateway from this directory, the unzipped clientportal.gw' -r -F
complete -c ibgw-start -l conf -d 'Take the settings from this file [default: root/conf.yaml of the Gateway]' -r -F
complete -c ibgw-start -l inputs-dir -d 'Take conf.yaml, cacert.jks and cacert.pem from this directory, as IBeam\'s users have it' -r -F
complete -c ibgw-start -l allow -d 'Let these addresses in, beside this machine, in place of ips.allow' -r
complete -c ibgw-start -l bring-up -d 'Choose who opens the brokerage session after a login' -r -f -a "brokerage\t'ibgw-login(1) opens it'
java\t'The Gateway opens it itself, as IBKR shipped it, and takes it from any other login'"
complete -c ibgw-start -l tls-cert -d 'Show the certificate in this file (PEM), followed by those of its issuers' -r -F
complete -c ibgw-start -l tls-key -d 'Read the key of --tls-cert from here (PEM)' -r
complete -c ibgw-start -l java -d 'Run this Java [default: $JAVA_HOME/bin/java, else java in PATH; with --kind tws IB Gateway\'s own]' -r -F
complete -c ibgw-start -l java-option -d 'Give Java one more option' -r
complete -c ibgw-start -l log -d 'Append what the Gateway prints to this file [default: gateway.log of the instance]' -r -F
complete -c ibgw-start -l login -d 'Read the login record from this file, or from stdin' -r
complete -c ibgw-start -l mode -d 'Log in to this mode [default: TRADING_MODE, else the record\'s, else paper]' -r -f -a "live\t'Real money'
paper\t'Simulated trading'"
complete -c ibgw-start -l tws-dir -d 'Take IB Gateway from this directory, mostly called Jts' -r -F
complete -c ibgw-start -l tws-version -d 'Run this version of it, by the name of its directory [default: the newest]' -r
complete -c ibgw-start -l ibc-dir -d 'Take IBC from this directory' -r -F
complete -c ibgw-start -l settings-dir -d 'Keep IB Gateway\'s settings and its token here [default: settings/ of the instance]' -r -F
complete -c ibgw-start -l api-port -d 'Let IB Gateway serve its API at this port of this machine [default: 4001 live, 4002 paper]' -r
complete -c ibgw-start -l forward -d 'Pass connections to this address on to the API, as long as it serves its clients' -r
complete -c ibgw-start -l command-port -d 'Let IBC take commands at this port of this machine [default: 7462 live, 7463 paper]' -r
complete -c ibgw-start -l auto-restart -d 'Let IB Gateway start again each day at this time, without a login: \'11:45 PM\'' -r
complete -c ibgw-start -l cold-restart -d 'End it on Sundays at this time, so that the week begins with a login: 13:30' -r
complete -c ibgw-start -l read-only-api -d 'Let clients of the API only read, or trade as well [default: IB Gateway\'s own setting]' -r -f -a "yes\t'Clients only read'
no\t'Clients may trade'"
complete -c ibgw-start -l vnc -d 'Show the window by VNC at this address' -r
complete -c ibgw-start -l vnc-password -d 'Read the password of --vnc from here; VNC looks at its first 8 characters' -r
complete -c ibgw-start -l max-failures -d 'Allow this many failed logins in 24 hours, at most 4' -r
complete -c ibgw-start -l quiet -d 'Never log in unattended during this window, such as ibkr-weekend' -r
complete -c ibgw-start -l state-dir -d 'Keep ledgers and other state in this directory' -r -F
complete -c ibgw-start -l errors -d 'Print errors as json or text [default: text on a terminal]' -r -f -a "json\t'One line of JSON'
text\t'A sentence for a person'"
complete -c ibgw-start -l url -d 'Serve at this address of this machine (--kind cp)' -r
complete -c ibgw-start -l cacert -d 'Take only a Gateway that shows a certificate in this file, or one issued by it (--kind cp)' -r -F
complete -c ibgw-start -l foreground -d 'Stay until the gateway ends, and end it on SIGTERM'
complete -c ibgw-start -l allow-readable-key -d 'Take the key from a file that other users can read, with a warning'
complete -c ibgw-start -l run-script -d 'Start through the Gateway\'s own bin/run.sh, with its options for Java'
complete -c ibgw-start -l vnc-control -d 'Let the viewer of the window use it, too'
complete -c ibgw-start -l manual -d 'Do not log in: a person does, in the window of --vnc'
complete -c ibgw-start -l restart -d 'Start the running IB Gateway again without a login, within the next minute or two'
complete -c ibgw-start -l pause -d 'End it within the next minute or two, so that the next start needs no login, and wait for that'
complete -c ibgw-start -l force-after-hold -d 'Log in although a refusal, or notifications without approval, hold the login'
complete -c ibgw-start -l attended -d 'Say that a person watches this login [default: when stderr is a terminal]'
complete -c ibgw-start -l supervisor -d 'This run is the supervisor of another, which has asked the guard'
complete -c ibgw-start -l stop -d 'End the gateway of this instance'
complete -c ibgw-start -l logout -d 'Log the session out before the Gateway ends, for at most 10 seconds (--kind cp)'
complete -c ibgw-start -l check -d 'Check whether the gateway could be started, and start nothing'
complete -c ibgw-start -s v -l verbose -d 'Log to stderr, one line of JSON per event'
complete -c ibgw-start -s h -l help -d 'Print help and end; --help says more than -h'
complete -c ibgw-start -s V -l version -d 'Print the version and end'
