function __lanyard_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __lanyard_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __lanyard_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __lanyard_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __lanyard_parse_tokens -S
    set -l unparsed_tokens (__lanyard_tokens -pc)
    switch $unparsed_tokens[1]
    case 'lanyard'
        __lanyard_parse_subcommand 0 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'login'
            __lanyard_parse_subcommand 1 'name=' 'recipe=' 'user=' 'for=+' 'via=+' 'flow=' 'scope=+' 'client-id=' 'client-secret-stdin' 'ca=' 'password-stdin' 'v/verbose' 'no-interactive' 'json' 'version' 'h/help'
        case 'add'
            __lanyard_parse_subcommand 1 'for=+' 'bearer' 'token=' 'basic=' 'header=' 'cookie=' 'cookie-jar' 'expires=' 'refresh-token' 'token-endpoint=' 'client-id=' 'json' 'version' 'h/help'
        case 'refresh'
            __lanyard_parse_subcommand 1 'json' 'version' 'h/help'
        case 'logout'
            __lanyard_parse_subcommand 1 'all' 'version' 'h/help'
        case 'remove'
            __lanyard_parse_subcommand 1 'version' 'h/help'
        case 'rename'
            __lanyard_parse_subcommand 2 'json' 'version' 'h/help'
        case 'set'
            __lanyard_parse_subcommand -r 2 'json' 'version' 'h/help'
        case 'cookies'
            __lanyard_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'list'
                __lanyard_parse_subcommand 1 'reveal' 'json' 'color=' 'version' 'h/help'
            case 'set'
                __lanyard_parse_subcommand 2 'for=' 'expires=' 'domain=' 'path=' 'json' 'version' 'h/help'
            case 'delete'
                __lanyard_parse_subcommand 2 'domain=' 'path=' 'json' 'version' 'h/help'
            case 'clear'
                __lanyard_parse_subcommand 1 'expired' 'json' 'version' 'h/help'
            end
        case 'import'
            __lanyard_parse_subcommand 0 'netscape=' 'name=' 'for=+' 'json' 'version' 'h/help'
        case 'export'
            __lanyard_parse_subcommand 1 'netscape' 'version' 'h/help'
        case 'curl'
            __lanyard_parse_subcommand -r 1 'version' 'h/help'
        case 'run'
            __lanyard_parse_subcommand -r 1 'session=+' 'require' 'quiet' 'reveal' 'ephemeral' 'login=' 'recipe=' 'for=+' 'via=+' 'user=' 'password-stdin' 'client-id=' 'client-secret-file=' 'scope=+' 'ca=' 'version' 'h/help'
        case 'env'
            __lanyard_parse_subcommand 0 'off' 'shell=' 'version' 'h/help'
        case 'trust'
            __lanyard_parse_subcommand 0 'off' 'list' 'json' 'version' 'h/help'
        case 'token'
            __lanyard_parse_subcommand 1 'min-ttl=' 'header' 'version' 'h/help'
        case 'curl-config'
            __lanyard_parse_subcommand 1 'version' 'h/help'
        case 'confirm'
            __lanyard_parse_subcommand 1 'refuse' 'process=' 'json' 'version' 'h/help'
        case 'list'
            __lanyard_parse_subcommand 0 'json' 'color=' 'version' 'h/help'
        case 'show'
            __lanyard_parse_subcommand 1 'reveal' 'json' 'color=' 'version' 'h/help'
        case 'explain'
            __lanyard_parse_subcommand 1 'json' 'color=' 'version' 'h/help'
        case 'why'
            __lanyard_parse_subcommand 1 'json' 'color=' 'version' 'h/help'
        case 'status'
            __lanyard_parse_subcommand 0 'json' 'color=' 'version' 'h/help'
        case 'jwt'
            __lanyard_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'decode'
                __lanyard_parse_subcommand 1 'json' 'color=' 'version' 'h/help'
            case 'verify'
                __lanyard_parse_subcommand 1 'issuer=' 'jwks=' 'audience=' 'alg=+' 'raw' 'json' 'color=' 'version' 'h/help'
            end
        case 'doctor'
            __lanyard_parse_subcommand -r 1 'json' 'color=' 'version' 'h/help'
        case 'lock'
            __lanyard_parse_subcommand 0 'version' 'h/help'
        case 'unlock'
            __lanyard_parse_subcommand 0 'version' 'h/help'
        case 'store'
            __lanyard_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'move'
                __lanyard_parse_subcommand 1 'version' 'h/help'
            end
        case 'recipe'
            __lanyard_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'list'
                __lanyard_parse_subcommand 0 'json' 'color=' 'version' 'h/help'
            case 'check'
                __lanyard_parse_subcommand 1 'version' 'h/help'
            end
        case 'daemon'
            __lanyard_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'start'
                __lanyard_parse_subcommand 0 'version' 'h/help'
            case 'stop'
                __lanyard_parse_subcommand 0 'version' 'h/help'
            case 'reload'
                __lanyard_parse_subcommand 0 'version' 'h/help'
            end
        case 'help'
            __lanyard_parse_subcommand -r 1 'version'
        end
    end
end

function __lanyard_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __lanyard_parse_subcommand -S -a positional_count
    argparse -s r -- $argv
    set -l option_specs $argv[2..]
    set -l is_repeating_positional $_flag_r
    set -el _flag_r
    set -a commands $unparsed_tokens[1]
    set positional_index 0
    while true
        set -e unparsed_tokens[1]
        argparse -sn "$commands" $option_specs -- $unparsed_tokens 2> /dev/null
        set unparsed_tokens $argv
        set positional_index (math $positional_index + 1)
        for non_repeating_flag_or_option in $non_repeating_flags_or_options
            if set -ql "_flag_$(string replace -a - _ -- $non_repeating_flag_or_option)"
                set non_repeating_flags_or_options_absent 1
                break
            end
        end
        test (count $unparsed_tokens) -eq 0 -o \( -z "$is_repeating_positional" -a "$positional_index" -gt "$positional_count" \) && break
    end
end

function __lanyard_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __lanyard_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__lanyard_tokens -p)
    if test -z "$(__lanyard_tokens -t)"
        set -l index (count (__lanyard_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'lanyard' -f
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'login' -d 'Log in to a site and keep the session.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'add' -d 'Keep a credential you already have.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'refresh' -d 'Renew a session now.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'logout' -d 'End a session at its server, and forget it.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'remove' -d 'Forget a session; its server is not told.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'rename' -d 'Give a session another name.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'set' -d 'Change settings of a session.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'cookies' -d 'Look into a session\'s cookies, and change them.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'import' -d 'Keep the cookies of a file, as curl, wget and Python write them.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'export' -d 'Print a session\'s cookies as a file for curl, wget and Python.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'curl' -d 'The system\'s curl, all of its options, with your session attached.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'run' -d 'Run a program; its libcurl requests get the session their URL matches.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'env' -d 'What a shell evaluates to have plain curl logged in, with sessions marked ambient.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'trust' -d 'Have requests from this directory choose among the sessions that its .lanyard file names.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'token' -d 'Print a token that is valid for a while, renewed first where it is not.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'curl-config' -d 'Print a file for curl -K: for a curl that lanyard curl cannot serve.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'confirm' -d 'Let the programs that wait for it use a session that asks first; without a name, list them.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'list' -d 'What you are logged in to, and how long it lasts.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'show' -d 'One session in full, its secrets redacted.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'explain' -d 'Which session a URL gets, by which rule; and if none, why and what to do.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'why' -d 'The last decisions: which request got which session, and why not; renewals.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'status' -d 'The daemon, the store and why this one, the next renewals.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'jwt' -d 'Look into a JWT, or check it.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'doctor' -d 'Find out what is wrong, and what mends it.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'lock' -d 'Have the daemon forget every secret; until unlock nothing is read.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'unlock' -d 'Open the store; asks on the terminal for what that needs, the vault\'s passphrase.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'store' -d 'Where your sessions are kept; lanyard status says which store it is.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'recipe' -d 'How kinds of sites log in; your own are files, see lanyard-recipes(5).'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'daemon' -d 'Start, stop or reload the daemon; any command starts it where it does not run.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard login" -eq 1' -fka '(__lanyard_custom_completion ---completion login -- positional@0 (count (__lanyard_tokens -pc)) (__lanyard_tokens -tC))'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard login" name' -l 'name' -d 'Keep the session under this name instead of one made from the host.' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard login" recipe' -l 'recipe' -d 'How the site logs in, instead of finding out: oauth2, or a name of lanyard recipe list.' -rfka '(__lanyard_custom_completion ---completion login -- --recipe (count (__lanyard_tokens -pc)) (__lanyard_tokens -tC))'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard login" account user' -l 'user' -l 'account' -d 'The user name; OAuth: the account, which the server is told.' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard login"' -l 'for' -d 'Send the session to this origin too, besides the URL\'s; may be repeated.' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard login"' -l 'via' -d 'Let the login pass through this other origin, where the site sends you to log in; may be repeated.' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard login" flow' -l 'flow' -d 'OAuth: browser, device (a code to enter elsewhere) or client-credentials.' -rfka 'browser device client-credentials'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard login"' -l 'scope' -d 'OAuth: a scope to ask for instead of those the site names; may be repeated.' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard login" client-id' -l 'client-id' -d 'OAuth: the client to be, instead of registering one.' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard login" client-secret client-secret-stdin' -l 'client-secret-stdin' -l 'client-secret' -d 'OAuth: read the client\'s secret from stdin.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard login" ca' -l 'ca' -d 'Verify the site\'s certificates against those in this file alone; kept with the session.' -rfa '(set -l exts \'pem\' \'crt\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard login" password-stdin' -l 'password-stdin' -d 'Read the password from stdin.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard login" v verbose' -l 'verbose' -s 'v' -d 'Say on stderr what servers are asked to find out how they log in, and what they answer.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard login" no-interactive' -l 'no-interactive' -d 'Never ask; fail where something would have to be asked.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard login" json' -l 'json' -d 'Print the session as JSON, as list does.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard login" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard login" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard add"' -l 'for' -d 'Send it to this origin, scheme://host[:port][/path]; may be repeated.' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard add" bearer' -l 'bearer' -d 'A token, sent as Authorization: Bearer …'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard add" token' -l 'token' -d 'A token, sent as Authorization: SCHEME …' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard add" basic' -l 'basic' -d 'The password of this user, sent as Authorization: Basic …' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard add" header' -l 'header' -d 'The value of this header field.' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard add" cookie' -l 'cookie' -d 'The value of this cookie.' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard add" cookie-jar' -l 'cookie-jar' -d 'A Netscape cookie file.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard add" expires' -l 'expires' -d 'When it ends: seconds from now, or a time as RFC 3339 has it.' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard add" refresh-token' -l 'refresh-token' -d 'A refresh token follows on a second line; it needs the two options below.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard add" token-endpoint' -l 'token-endpoint' -d 'The URL that takes the refresh token.' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard add" client-id' -l 'client-id' -d 'The OAuth client that the refresh token was given to.' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard add" json' -l 'json' -d 'Print the session as JSON, as list does.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard add" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard add" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard refresh" -eq 1' -fka '(__lanyard_custom_completion ---completion refresh -- positional@0 (count (__lanyard_tokens -pc)) (__lanyard_tokens -tC))'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard refresh" json' -l 'json' -d 'Print the session as JSON, as list does.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard refresh" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard refresh" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard logout" -eq 1' -fka '(__lanyard_custom_completion ---completion logout -- positional@0 (count (__lanyard_tokens -pc)) (__lanyard_tokens -tC))'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard logout" all' -l 'all' -d 'All sessions.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard logout" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard logout" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard remove" -eq 1' -fka '(__lanyard_custom_completion ---completion remove -- positional@0 (count (__lanyard_tokens -pc)) (__lanyard_tokens -tC))'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard remove" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard remove" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard rename" -eq 1' -fka '(__lanyard_custom_completion ---completion rename -- positional@0 (count (__lanyard_tokens -pc)) (__lanyard_tokens -tC))'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard rename" json' -l 'json' -d 'Print the session as JSON, as list does.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard rename" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard rename" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard set" -eq 1' -fka '(__lanyard_custom_completion ---completion set -- positional@0 (count (__lanyard_tokens -pc)) (__lanyard_tokens -tC))'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard set" -ge 2' -fka 'ambient=true ambient=false default=true default=false insecure=true insecure=false confirm=true confirm=false for= for+= for-='
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard set" json' -l 'json' -d 'Print the session as JSON, as list does.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard set" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard set" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard cookies" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard cookies" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard cookies" -eq 1' -fa 'list' -d 'The cookies, their values redacted.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard cookies" -eq 1' -fa 'set' -d 'Give a cookie a value, asked on the terminal or read from stdin.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard cookies" -eq 1' -fa 'delete' -d 'Delete the cookies of a name.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard cookies" -eq 1' -fa 'clear' -d 'Delete all cookies, or those that have expired.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard cookies list" -eq 1' -fka '(__lanyard_custom_completion ---completion cookies list -- positional@0 (count (__lanyard_tokens -pc)) (__lanyard_tokens -tC))'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard cookies list" reveal' -l 'reveal' -d 'Print the values too.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard cookies list" json' -l 'json' -d 'Print JSON, for scripts.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard cookies list" color' -l 'color' -d 'Colour: auto (on a terminal), always or never.' -rfka 'auto always never'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard cookies list" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard cookies list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard cookies set" -eq 1' -fka '(__lanyard_custom_completion ---completion cookies set -- positional@0 (count (__lanyard_tokens -pc)) (__lanyard_tokens -tC))'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard cookies set" for' -l 'for' -d 'A new cookie, for this origin of the session\'s alone.' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard cookies set" expires' -l 'expires' -d 'When it ends: seconds from now, or a time as RFC 3339 has it.' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard cookies set" domain' -l 'domain' -d 'The one of this domain.' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard cookies set" path' -l 'path' -d 'The one of this path.' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard cookies set" json' -l 'json' -d 'Print the session as JSON, as list does.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard cookies set" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard cookies set" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard cookies delete" -eq 1' -fka '(__lanyard_custom_completion ---completion cookies delete -- positional@0 (count (__lanyard_tokens -pc)) (__lanyard_tokens -tC))'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard cookies delete" domain' -l 'domain' -d 'The one of this domain.' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard cookies delete" path' -l 'path' -d 'The one of this path.' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard cookies delete" json' -l 'json' -d 'Print the session as JSON, as list does.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard cookies delete" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard cookies delete" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard cookies clear" -eq 1' -fka '(__lanyard_custom_completion ---completion cookies clear -- positional@0 (count (__lanyard_tokens -pc)) (__lanyard_tokens -tC))'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard cookies clear" expired' -l 'expired' -d 'Only those that have expired.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard cookies clear" json' -l 'json' -d 'Print the session as JSON, as list does.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard cookies clear" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard cookies clear" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard import" netscape' -l 'netscape' -d 'A Netscape cookie file; - for stdin.' -rF
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard import" name' -l 'name' -d 'The session\'s name.' -rfka '(__lanyard_custom_completion ---completion import -- --name (count (__lanyard_tokens -pc)) (__lanyard_tokens -tC))'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard import"' -l 'for' -d 'A new session, for this origin, as in add; may be repeated.' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard import" json' -l 'json' -d 'Print the session as JSON, as list does.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard import" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard import" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard export" netscape' -l 'netscape' -d 'A Netscape cookie file, the one format there is.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard export" -eq 1' -fka '(__lanyard_custom_completion ---completion export -- positional@0 (count (__lanyard_tokens -pc)) (__lanyard_tokens -tC))'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard export" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard export" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard curl" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard curl" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard run"' -l 'session' -d 'Choose among these sessions only; may be repeated.' -rfka '(__lanyard_custom_completion ---completion run -- --session (count (__lanyard_tokens -pc)) (__lanyard_tokens -tC))'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard run" require' -l 'require' -d 'Fail a request that gets no session, instead of sending it without.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard run" quiet' -l 'quiet' -d 'Do not say what was not attached, and why.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard run" reveal' -l 'reveal' -d 'Have curl -v and the like show what was attached, in place of ***.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard run" ephemeral' -l 'ephemeral' -d 'Use a daemon of the program\'s own: sessions in memory alone, gone when the program ends.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard run" login' -l 'login' -d 'Log in there first.' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard run" recipe' -l 'recipe' -d 'How the site logs in, instead of finding out.' -rfka '(__lanyard_custom_completion ---completion run -- --recipe (count (__lanyard_tokens -pc)) (__lanyard_tokens -tC))'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard run"' -l 'for' -d 'Send the session to this origin too; may be repeated.' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard run"' -l 'via' -d 'Let the login pass through this other origin; may be repeated.' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard run" user' -l 'user' -d 'The user name; the password is read from stdin with --password-stdin.' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard run" password-stdin' -l 'password-stdin' -d 'Read the password from stdin.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard run" client-id' -l 'client-id' -d 'OAuth, client credentials: the client.' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard run" client-secret-file' -l 'client-secret-file' -d 'OAuth, client credentials: the file with the client\'s secret.' -rF
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard run"' -l 'scope' -d 'OAuth: a scope to ask for instead of those the site names; may be repeated.' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard run" ca' -l 'ca' -d 'Verify the site\'s certificates against those in this file alone.' -rfa '(set -l exts \'pem\' \'crt\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard run" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard run" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard env" off' -l 'off' -d 'Put LD_PRELOAD back as it was.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard env" shell' -l 'shell' -d 'The shell: bash, zsh or fish; else the one that SHELL names.' -rfka 'bash zsh fish'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard env" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard env" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard trust" off' -l 'off' -d 'Trust it no longer.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard trust" list' -l 'list' -d 'Print the files that are trusted.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard trust" json' -l 'json' -d 'With --list: print JSON, for scripts.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard trust" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard trust" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard token" -eq 1' -fka '(__lanyard_custom_completion ---completion token -- positional@0 (count (__lanyard_tokens -pc)) (__lanyard_tokens -tC))'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard token" min-ttl' -l 'min-ttl' -d 'Seconds that the token has to live; else a fifth of its lifetime, 60 at most.' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard token" header' -l 'header' -d 'Print the whole header field.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard token" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard token" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard curl-config" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard curl-config" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard confirm" -eq 1' -fka '(__lanyard_custom_completion ---completion confirm -- positional@0 (count (__lanyard_tokens -pc)) (__lanyard_tokens -tC))'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard confirm" refuse' -l 'refuse' -d 'Refuse it to them.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard confirm" process' -l 'process' -d 'Only those of the terminal or job that this process leads; needed where several wait, and to take back a refusal.' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard confirm" json' -l 'json' -d 'Print JSON, for scripts.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard confirm" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard confirm" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard list" json' -l 'json' -d 'Print JSON, for scripts.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard list" color' -l 'color' -d 'Colour: auto (on a terminal), always or never.' -rfka 'auto always never'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard list" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard show" -eq 1' -fka '(__lanyard_custom_completion ---completion show -- positional@0 (count (__lanyard_tokens -pc)) (__lanyard_tokens -tC))'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard show" reveal' -l 'reveal' -d 'Print its secrets too.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard show" json' -l 'json' -d 'Print JSON, for scripts.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard show" color' -l 'color' -d 'Colour: auto (on a terminal), always or never.' -rfka 'auto always never'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard show" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard show" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard explain" json' -l 'json' -d 'Print JSON, for scripts.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard explain" color' -l 'color' -d 'Colour: auto (on a terminal), always or never.' -rfka 'auto always never'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard explain" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard explain" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard why" json' -l 'json' -d 'Print JSON, for scripts.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard why" color' -l 'color' -d 'Colour: auto (on a terminal), always or never.' -rfka 'auto always never'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard why" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard why" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard status" json' -l 'json' -d 'Print JSON, for scripts.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard status" color' -l 'color' -d 'Colour: auto (on a terminal), always or never.' -rfka 'auto always never'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard status" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard status" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard jwt" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard jwt" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard jwt" -eq 1' -fa 'decode' -d 'Print its header and its claims; its signature is not checked.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard jwt" -eq 1' -fa 'verify' -d 'Check a token: that its issuer signed it, and that it is valid now.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard jwt decode" -eq 1' -fka '(__lanyard_custom_completion ---completion jwt decode -- positional@0 (count (__lanyard_tokens -pc)) (__lanyard_tokens -tC))'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard jwt decode" json' -l 'json' -d 'Print JSON, for scripts.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard jwt decode" color' -l 'color' -d 'Colour: auto (on a terminal), always or never.' -rfka 'auto always never'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard jwt decode" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard jwt decode" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard jwt verify" -eq 1' -fka '(__lanyard_custom_completion ---completion jwt verify -- positional@0 (count (__lanyard_tokens -pc)) (__lanyard_tokens -tC))'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard jwt verify" issuer' -l 'issuer' -d 'The issuer: what the token\'s iss has to be, and whose keys are asked for.' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard jwt verify" jwks' -l 'jwks' -d 'A file with the keys, a JWK Set or a single JWK, instead of asking.' -rF
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard jwt verify" audience' -l 'audience' -d 'What has to be among the token\'s aud.' -rfka ''
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard jwt verify"' -l 'alg' -d 'Take this algorithm, RS256 say, instead of all; may be repeated.' -rfka 'HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard jwt verify" raw' -l 'raw' -d 'Check the signature of a message that need not be a JWT; its claims are not looked at.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard jwt verify" json' -l 'json' -d 'Print JSON, for scripts.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard jwt verify" color' -l 'color' -d 'Colour: auto (on a terminal), always or never.' -rfka 'auto always never'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard jwt verify" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard jwt verify" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard doctor" json' -l 'json' -d 'Print JSON, for scripts.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard doctor" color' -l 'color' -d 'Colour: auto (on a terminal), always or never.' -rfka 'auto always never'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard doctor" -ge 1' -fka '(compgen -c)'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard doctor" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard doctor" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard lock" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard lock" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard unlock" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard unlock" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard store" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard store" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard store" -eq 1' -fa 'move' -d 'Move all sessions to the other store.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard store move" -eq 1' -fka 'vault secret-service'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard store move" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard store move" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard recipe" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard recipe" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard recipe" -eq 1' -fa 'list' -d 'The recipes there are, and where they come from.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard recipe" -eq 1' -fa 'check' -d 'Say whether a file is a recipe; if not, where the mistake is and what was expected.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard recipe list" json' -l 'json' -d 'Print JSON, for scripts.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard recipe list" color' -l 'color' -d 'Colour: auto (on a terminal), always or never.' -rfka 'auto always never'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard recipe list" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard recipe list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard recipe check" -eq 1' -fa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'toml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard recipe check" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard recipe check" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard daemon" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard daemon" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard daemon" -eq 1' -fa 'start' -d 'Start it, and say where it listens.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard daemon" -eq 1' -fa 'stop' -d 'Let it finish what is under way and end; wait until it has.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_positional "lanyard daemon" -eq 1' -fa 'reload' -d 'Read settings and recipes again; where another lanyardd was installed, start that.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard daemon start" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard daemon start" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard daemon stop" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard daemon stop" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard daemon reload" version' -l 'version' -d 'Show the version.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard daemon reload" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lanyard' -n '__lanyard_should_offer_completions_for_flags_or_options "lanyard help" version' -l 'version' -d 'Show the version.'
