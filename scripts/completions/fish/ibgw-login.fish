complete -c ibgw-login -l kind -d 'Make the session of this kind of gateway ready' -r -f -a "cp\t'The Client Portal Gateway'
tws\t'IB Gateway or TWS, which serve the TWS API'"
complete -c ibgw-login -l mode -d 'Log in to this mode [default: the record\'s, else paper]' -r -f -a "live\t'Live, and nothing else'
paper\t'Paper, and nothing else'
auto\t'The record\'s mode, else paper. If that is live, and IBKR says that the username is one for paper, the run logs in to paper, once. The first submission counts as failed, and does not hold. Nothing ever changes over to live'"
complete -c ibgw-login -l method -d 'Log in this way' -r -f -a "auto\t'Direct where it can be, else the page. Direct is for paper, an authenticator app, a code or an answer from elsewhere, and an unknown second factor. The page is for IB Key, and for a second factor that only the page may know, if a driver is installed'
direct\t'Without a browser'
browser\t'On the login page, with a real browser'"
complete -c ibgw-login -l timeout -d 'End after this time' -r
complete -c ibgw-login -l second-factor -d 'Choose this second factor, by label or SF code [default: the record\'s, else the authenticator app]' -r
complete -c ibgw-login -l code-from -d 'Read the SMS, card or challenge code from here; a file must be newer than the request' -r
complete -c ibgw-login -l challenge-out -d 'Write a challenge to this file, so that a person can answer it' -r -F
complete -c ibgw-login -l before-push -d 'Run this before a notification is sent to the phone' -r
complete -c ibgw-login -l push-wait -d 'Wait this long for the approval of the notification' -r
complete -c ibgw-login -l max-failures -d 'Allow this many failed logins in 24 hours, at most 4' -r
complete -c ibgw-login -l quiet -d 'Never log in unattended during this window, such as ibkr-weekend' -r
complete -c ibgw-login -l screenshot-dir -d 'Put a screenshot and the page here when the page ends a login badly' -r -F
complete -c ibgw-login -l driver -d 'Use this driver [default: chromedriver in PATH, else geckodriver]' -r -F
complete -c ibgw-login -l driver-url -d 'Use the driver that runs at this address of this machine, such as http://127.0.0.1:9515' -r
complete -c ibgw-login -l browser -d 'Use this browser [default: chromium-headless-shell if installed, else the one the driver finds]' -r -F
complete -c ibgw-login -l browser-arg -d 'Pass this to the browser, such as --no-sandbox as root' -r
complete -c ibgw-login -l page -d 'Override the built-in knowledge of the login page with this file' -r -F
complete -c ibgw-login -l login -d 'Read the login record from this file, or from stdin' -r
complete -c ibgw-login -l url -d 'Talk to the Gateway at this address' -r
complete -c ibgw-login -l cacert -d 'Accept only a certificate in this file, or one issued by it' -r -F
complete -c ibgw-login -l api-port -d 'Follow the IB Gateway whose API is at this port (--kind tws) [default: 4001 live, 4002 paper]' -r
complete -c ibgw-login -l state-dir -d 'Keep ledgers and other state in this directory' -r -F
complete -c ibgw-login -l forgive -d 'Clear every hold of the record\'s username, and record why' -r
complete -c ibgw-login -l errors -d 'Print errors as json or text [default: text on a terminal]' -r -f -a "json\t'One line of JSON'
text\t'A sentence for a person'"
complete -c ibgw-login -l compete -d 'Take the brokerage session from another login that holds it'
complete -c ibgw-login -l force-after-hold -d 'Log in although a refusal, or notifications without approval, hold the login'
complete -c ibgw-login -l attended -d 'Say that a person watches this login [default: when stderr is a terminal]'
complete -c ibgw-login -l recover-only -d 'Never log in: only ask, and recover the brokerage session'
complete -c ibgw-login -l logout -d 'End the session; it reads no record'
complete -c ibgw-login -l status -d 'Show what the guard has recorded about the record\'s username'
complete -c ibgw-login -l page-defaults -d 'Print the built-in knowledge of the login page, in the form of --page'
complete -c ibgw-login -s v -l verbose -d 'Log to stderr, one line of JSON per event'
complete -c ibgw-login -s h -l help -d 'Print help and end; --help says more than -h'
complete -c ibgw-login -s V -l version -d 'Print the version and end'
