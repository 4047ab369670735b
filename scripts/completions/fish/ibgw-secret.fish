# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_ibgw_secret_global_optspecs
    string join \n username= password= totp-seed= second-factor= jts-second-factor= mode= login= dir= ibeam-key= key= key-passphrase= passphrase= allow-readable-key gcp-url= timeout= show v/verbose errors= h/help V/version
end

function __fish_ibgw_secret_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_ibgw_secret_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_ibgw_secret_using_subcommand
    set -l cmd (__fish_ibgw_secret_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c ibgw-secret -n "__fish_ibgw_secret_needs_command" -l username -d 'Read the username from here' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_needs_command" -l password -d 'Read the password from here' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_needs_command" -l totp-seed -d 'Read the seed of the authenticator app from here' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_needs_command" -l second-factor -d 'Read the name of the second factor\'s device from here' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_needs_command" -l jts-second-factor -d 'Read the second factor for jts.ini from here' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_needs_command" -l mode -d 'Say which account the login is for [default: TRADING_MODE, else what --login or --dir has]' -r -f -a "live\t'Real money'
paper\t'Simulated trading'"
complete -c ibgw-secret -n "__fish_ibgw_secret_needs_command" -l login -d 'Read the whole login from here: a path, or a reference' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_needs_command" -l dir -d 'Read each part from a file in this directory' -r -F
complete -c ibgw-secret -n "__fish_ibgw_secret_needs_command" -l ibeam-key -d 'Open the password with this key, as IBeam\'s IBEAM_KEY' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_needs_command" -l key -d 'Open pgp: files with this secret key' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_needs_command" -l key-passphrase -d 'Unlock the secret key with this passphrase' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_needs_command" -l passphrase -d 'Open pgp: files that were encrypted with this passphrase' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_needs_command" -l gcp-url -d 'Ask for gcp: secrets at this address' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_needs_command" -l timeout -d 'End after this time' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_needs_command" -l errors -d 'Print errors as json or text [default: text on a terminal]' -r -f -a "json\t'One line of JSON'
text\t'A sentence for a person'"
complete -c ibgw-secret -n "__fish_ibgw_secret_needs_command" -l allow-readable-key -d 'Accept a secret key that other users can read'
complete -c ibgw-secret -n "__fish_ibgw_secret_needs_command" -l show -d 'Print secrets even to a terminal'
complete -c ibgw-secret -n "__fish_ibgw_secret_needs_command" -s v -l verbose -d 'Log to stderr, one line of JSON per event'
complete -c ibgw-secret -n "__fish_ibgw_secret_needs_command" -s h -l help -d 'Print help and end; --help says more than -h'
complete -c ibgw-secret -n "__fish_ibgw_secret_needs_command" -s V -l version -d 'Print the version and end'
complete -c ibgw-secret -n "__fish_ibgw_secret_needs_command" -f -a "get" -d 'Print one value as it is'
complete -c ibgw-secret -n "__fish_ibgw_secret_needs_command" -f -a "seal" -d 'Encrypt stdin into a file that gpg and pgp: open'
complete -c ibgw-secret -n "__fish_ibgw_secret_needs_command" -f -a "check" -d 'Say which parts can be read and how they are protected'
complete -c ibgw-secret -n "__fish_ibgw_secret_needs_command" -f -a "totp" -d 'Print the current code of the authenticator app'
complete -c ibgw-secret -n "__fish_ibgw_secret_needs_command" -f -a "ibc-config" -d 'Print the login as IBC\'s config.ini'
complete -c ibgw-secret -n "__fish_ibgw_secret_needs_command" -f -a "from-jts" -d 'Print the token of IB Key that a jts.ini holds'
complete -c ibgw-secret -n "__fish_ibgw_secret_needs_command" -f -a "from-ibeam" -d 'Print commands, units and a Compose file that do what IBeam did'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand get" -l key -d 'Open pgp: files with this secret key' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand get" -l key-passphrase -d 'Unlock the secret key with this passphrase' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand get" -l passphrase -d 'Open pgp: files that were encrypted with this passphrase' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand get" -l gcp-url -d 'Ask for gcp: secrets at this address' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand get" -l timeout -d 'End after this time' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand get" -l errors -d 'Print errors as json or text [default: text on a terminal]' -r -f -a "json\t'One line of JSON'
text\t'A sentence for a person'"
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand get" -l allow-readable-key -d 'Accept a secret key that other users can read'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand get" -l show -d 'Print secrets even to a terminal'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand get" -s v -l verbose -d 'Log to stderr, one line of JSON per event'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand get" -s h -l help -d 'Print help and end; --help says more than -h'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand get" -s V -l version -d 'Print the version and end'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand seal" -l recipient -d 'Encrypt to the public key in this file, as gpg --export writes it' -r -F
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand seal" -l passphrase -d 'Encrypt with this passphrase' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand seal" -l out -d 'Write the encrypted file here, whole or not at all' -r -F
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand seal" -l timeout -d 'End after this time' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand seal" -l errors -d 'Print errors as json or text [default: text on a terminal]' -r -f -a "json\t'One line of JSON'
text\t'A sentence for a person'"
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand seal" -l armor -d 'Write text in place of binary'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand seal" -s v -l verbose -d 'Log to stderr, one line of JSON per event'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand seal" -s h -l help -d 'Print help and end; --help says more than -h'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand seal" -s V -l version -d 'Print the version and end'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand check" -l username -d 'Read the username from here' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand check" -l password -d 'Read the password from here' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand check" -l totp-seed -d 'Read the seed of the authenticator app from here' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand check" -l second-factor -d 'Read the name of the second factor\'s device from here' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand check" -l jts-second-factor -d 'Read the second factor for jts.ini from here' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand check" -l mode -d 'Say which account the login is for [default: TRADING_MODE, else what --login or --dir has]' -r -f -a "live\t'Real money'
paper\t'Simulated trading'"
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand check" -l login -d 'Read the whole login from here: a path, or a reference' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand check" -l dir -d 'Read each part from a file in this directory' -r -F
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand check" -l ibeam-key -d 'Open the password with this key, as IBeam\'s IBEAM_KEY' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand check" -l key -d 'Open pgp: files with this secret key' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand check" -l key-passphrase -d 'Unlock the secret key with this passphrase' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand check" -l passphrase -d 'Open pgp: files that were encrypted with this passphrase' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand check" -l gcp-url -d 'Ask for gcp: secrets at this address' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand check" -l timeout -d 'End after this time' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand check" -l errors -d 'Print errors as json or text [default: text on a terminal]' -r -f -a "json\t'One line of JSON'
text\t'A sentence for a person'"
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand check" -l allow-readable-key -d 'Accept a secret key that other users can read'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand check" -s v -l verbose -d 'Log to stderr, one line of JSON per event'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand check" -s h -l help -d 'Print help and end; --help says more than -h'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand check" -s V -l version -d 'Print the version and end'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand totp" -l username -d 'Read the username from here' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand totp" -l password -d 'Read the password from here' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand totp" -l totp-seed -d 'Read the seed of the authenticator app from here' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand totp" -l second-factor -d 'Read the name of the second factor\'s device from here' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand totp" -l jts-second-factor -d 'Read the second factor for jts.ini from here' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand totp" -l mode -d 'Say which account the login is for [default: TRADING_MODE, else what --login or --dir has]' -r -f -a "live\t'Real money'
paper\t'Simulated trading'"
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand totp" -l login -d 'Read the whole login from here: a path, or a reference' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand totp" -l dir -d 'Read each part from a file in this directory' -r -F
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand totp" -l ibeam-key -d 'Open the password with this key, as IBeam\'s IBEAM_KEY' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand totp" -l key -d 'Open pgp: files with this secret key' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand totp" -l key-passphrase -d 'Unlock the secret key with this passphrase' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand totp" -l passphrase -d 'Open pgp: files that were encrypted with this passphrase' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand totp" -l gcp-url -d 'Ask for gcp: secrets at this address' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand totp" -l timeout -d 'End after this time' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand totp" -l errors -d 'Print errors as json or text [default: text on a terminal]' -r -f -a "json\t'One line of JSON'
text\t'A sentence for a person'"
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand totp" -l allow-readable-key -d 'Accept a secret key that other users can read'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand totp" -l show -d 'Print secrets even to a terminal'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand totp" -s v -l verbose -d 'Log to stderr, one line of JSON per event'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand totp" -s h -l help -d 'Print help and end; --help says more than -h'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand totp" -s V -l version -d 'Print the version and end'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand ibc-config" -l username -d 'Read the username from here' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand ibc-config" -l password -d 'Read the password from here' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand ibc-config" -l totp-seed -d 'Read the seed of the authenticator app from here' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand ibc-config" -l second-factor -d 'Read the name of the second factor\'s device from here' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand ibc-config" -l jts-second-factor -d 'Read the second factor for jts.ini from here' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand ibc-config" -l mode -d 'Say which account the login is for [default: TRADING_MODE, else what --login or --dir has]' -r -f -a "live\t'Real money'
paper\t'Simulated trading'"
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand ibc-config" -l login -d 'Read the whole login from here: a path, or a reference' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand ibc-config" -l dir -d 'Read each part from a file in this directory' -r -F
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand ibc-config" -l ibeam-key -d 'Open the password with this key, as IBeam\'s IBEAM_KEY' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand ibc-config" -l key -d 'Open pgp: files with this secret key' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand ibc-config" -l key-passphrase -d 'Unlock the secret key with this passphrase' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand ibc-config" -l passphrase -d 'Open pgp: files that were encrypted with this passphrase' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand ibc-config" -l gcp-url -d 'Ask for gcp: secrets at this address' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand ibc-config" -l timeout -d 'End after this time' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand ibc-config" -l set -d 'Set one of IBC\'s settings' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand ibc-config" -l errors -d 'Print errors as json or text [default: text on a terminal]' -r -f -a "json\t'One line of JSON'
text\t'A sentence for a person'"
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand ibc-config" -l allow-readable-key -d 'Accept a secret key that other users can read'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand ibc-config" -l show -d 'Print secrets even to a terminal'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand ibc-config" -s v -l verbose -d 'Log to stderr, one line of JSON per event'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand ibc-config" -s h -l help -d 'Print help and end; --help says more than -h'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand ibc-config" -s V -l version -d 'Print the version and end'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand from-jts" -l timeout -d 'End after this time' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand from-jts" -l errors -d 'Print errors as json or text [default: text on a terminal]' -r -f -a "json\t'One line of JSON'
text\t'A sentence for a person'"
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand from-jts" -l show -d 'Print secrets even to a terminal'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand from-jts" -s v -l verbose -d 'Log to stderr, one line of JSON per event'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand from-jts" -s h -l help -d 'Print help and end; --help says more than -h'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand from-jts" -s V -l version -d 'Print the version and end'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand from-ibeam" -l only -d 'Print only this part' -r -f -a "variables\t'What took the place of each variable'
commands\t'Commands for a shell'
unit\t'systemd units'
compose\t'A Compose file'"
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand from-ibeam" -l timeout -d 'End after this time' -r
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand from-ibeam" -l errors -d 'Print errors as json or text [default: text on a terminal]' -r -f -a "json\t'One line of JSON'
text\t'A sentence for a person'"
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand from-ibeam" -s v -l verbose -d 'Log to stderr, one line of JSON per event'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand from-ibeam" -s h -l help -d 'Print help and end; --help says more than -h'
complete -c ibgw-secret -n "__fish_ibgw_secret_using_subcommand from-ibeam" -s V -l version -d 'Print the version and end'
