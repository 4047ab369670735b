complete -c ibsso-token -l username -d 'Get a token for this username' -r
complete -c ibsso-token -l ip -d 'Get a token that is good from this address alone' -r
complete -c ibsso-token -l csid -d 'Ask with this CSID, which IBKR issued' -r
complete -c ibsso-token -l sign-key -d 'Sign with this secret key' -r
complete -c ibsso-token -l passphrase -d 'Unlock the secret key with this passphrase' -r
complete -c ibsso-token -l recipient -d 'Seal for the public key in this file, which is IBKR\'s' -r -F
complete -c ibsso-token -l recipient-fpr -d 'Refuse a key in that file with another fingerprint' -r
complete -c ibsso-token -l token-url -d 'Ask for the token at this address' -r
complete -c ibsso-token -l cacert -d 'Accept only a certificate in this file, or one issued by it' -r -F
complete -c ibsso-token -l timeout -d 'End after this time' -r
complete -c ibsso-token -l format -d 'Print the token in this form' -r -f -a "json\t'The report, with the token in it'
bare\t'The token alone'
header\t'The header that carries the token, for `curl -H @-`, or `curl -H @FILE` with `--out FILE`. Each run gets another token. The Web API answers a token with 401 until it has been validated once'
upstream\t'IBKR\'s own answer on one line, for scripts that read that of curl(1)'"
complete -c ibsso-token -l out -d 'Put the token into this file, and the report without it on stdout' -r -F
complete -c ibsso-token -l errors -d 'Print errors as json or text [default: text on a terminal]' -r -f -a "json\t'One line of JSON'
text\t'A sentence for a person'"
complete -c ibsso-token -l allow-nonpublic-ip -d 'Take an address that no server on the internet sees'
complete -c ibsso-token -l ipv4-only -d 'Refuse IPv6 addresses, which IBKR\'s guide does not mention'
complete -c ibsso-token -l allow-readable-key -d 'Accept a secret key and a passphrase that other users can read'
complete -c ibsso-token -l allow-sha1-key -d 'Accept that IBKR\'s key signs itself with SHA-1'
complete -c ibsso-token -l dry-run -d 'Sign and seal, say how, and send nothing'
complete -c ibsso-token -l self-test -d 'Seal to your own key, let gpg open that, and send nothing'
complete -c ibsso-token -l show -d 'Print the token even to a terminal'
complete -c ibsso-token -s v -l verbose -d 'Log to stderr, one line of JSON per event'
complete -c ibsso-token -s h -l help -d 'Print help and end; --help says more than -h'
complete -c ibsso-token -s V -l version -d 'Print the version and end'
