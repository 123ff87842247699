#!/bin/bash

__lanyard_cursor_index_in_current_word() {
    local remaining="${COMP_LINE}"

    local word
    for word in "${COMP_WORDS[@]::COMP_CWORD}"; do
        remaining="${remaining##*([[:space:]])"${word}"*([[:space:]])}"
    done

    local -ir index="$((COMP_POINT - ${#COMP_LINE} + ${#remaining}))"
    if [[ "${index}" -le 0 ]]; then
        printf 0
    else
        printf %s "${index}"
    fi
}

# positional arguments:
#
# - 1: the current (sub)command's count of positional arguments
#
# required variables:
#
# - repeating_flags: the repeating flags that the current (sub)command can accept
# - non_repeating_flags: the non-repeating flags that the current (sub)command can accept
# - repeating_options: the repeating options that the current (sub)command can accept
# - non_repeating_options: the non-repeating options that the current (sub)command can accept
# - positional_number: value ignored
# - unparsed_words: unparsed words from the current command line
#
# modified variables:
#
# - non_repeating_flags: remove flags for this (sub)command that are already on the command line
# - non_repeating_options: remove options for this (sub)command that are already on the command line
# - positional_number: set to the current positional number
# - unparsed_words: remove all flags, options, and option values for this (sub)command
__lanyard_offer_flags_options() {
    local -ir positional_count="${1}"
    positional_number=0

    local was_flag_option_terminator_seen=false
    local is_parsing_option_value=false

    local -ar unparsed_word_indices=("${!unparsed_words[@]}")
    local -i word_index
    for word_index in "${unparsed_word_indices[@]}"; do
        if "${is_parsing_option_value}"; then
            # This word is an option value:
            # Reset marker for next word iff not currently the last word
            [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]] && is_parsing_option_value=false
            unset "unparsed_words[${word_index}]"
            # Do not process this word as a flag or an option
            continue
        fi

        local word="${unparsed_words["${word_index}"]}"
        if ! "${was_flag_option_terminator_seen}"; then
            case "${word}" in
            --)
                unset "unparsed_words[${word_index}]"
                # by itself -- is a flag/option terminator, but if it is the last word, it is the start of a completion
                if [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]]; then
                    was_flag_option_terminator_seen=true
                fi
                continue
                ;;
            -*)
                # ${word} is a flag or an option
                # If ${word} is an option, mark that the next word to be parsed is an option value
                local option
                for option in "${repeating_options[@]}" "${non_repeating_options[@]}"; do
                    [[ "${word}" = "${option}" ]] && is_parsing_option_value=true && break
                done

                # Remove ${word} from ${non_repeating_flags} or ${non_repeating_options} so it isn't offered again
                local not_found=true
                local -i index
                for index in "${!non_repeating_flags[@]}"; do
                    if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                        unset "non_repeating_flags[${index}]"
                        non_repeating_flags=("${non_repeating_flags[@]}")
                        not_found=false
                        break
                    fi
                done
                if "${not_found}"; then
                    for index in "${!non_repeating_flags[@]}"; do
                        if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                            unset "non_repeating_flags[${index}]"
                            non_repeating_flags=("${non_repeating_flags[@]}")
                            break
                        fi
                    done
                fi
                unset "unparsed_words[${word_index}]"
                continue
                ;;
            esac
        fi

        # ${word} is neither a flag, nor an option, nor an option value
        if [[ "${positional_number}" -lt "${positional_count}" || "${positional_count}" -lt 0 ]]; then
            # ${word} is a positional
            ((positional_number++))
            unset "unparsed_words[${word_index}]"
        else
            if [[ -z "${word}" ]]; then
                # Could be completing a flag, option, or subcommand
                positional_number=-1
            else
                # ${word} is a subcommand or invalid, so stop processing this (sub)command
                positional_number=-2
            fi
            break
        fi
    done

    unparsed_words=("${unparsed_words[@]}")

    if\
        ! "${was_flag_option_terminator_seen}"\
        && ! "${is_parsing_option_value}"\
        && [[ ("${cur}" = -* && "${positional_number}" -ge 0) || "${positional_number}" -eq -1 ]]
    then
        COMPREPLY+=($(compgen -W "${repeating_flags[*]} ${non_repeating_flags[*]} ${repeating_options[*]} ${non_repeating_options[*]}" -- "${cur}"))
    fi
}

__lanyard_add_completions() {
    local completion
    while IFS='' read -r completion; do
        COMPREPLY+=("${completion}")
    done < <(IFS=$'\n' compgen "${@}" -- "${cur}")
}

__lanyard_custom_complete() {
    if [[ -n "${cur}" || -z ${COMP_WORDS[${COMP_CWORD}]} || "${COMP_LINE:${COMP_POINT}:1}" != ' ' ]]; then
        local -ar words=("${COMP_WORDS[@]}")
    else
        local -ar words=("${COMP_WORDS[@]::${COMP_CWORD}}" '' "${COMP_WORDS[@]:${COMP_CWORD}}")
    fi

    "${COMP_WORDS[0]}" "${@}" "${words[@]}"
}

_lanyard() {
    local state
    state="$(shopt -p;shopt -po)"
    trap "${state//$'\n'/;}" RETURN
    shopt -s extglob
    set +o history +o posix

    local -xr SAP_SHELL=bash
    local -x SAP_SHELL_VERSION
    SAP_SHELL_VERSION="$(IFS='.';printf %s "${BASH_VERSINFO[*]}")"
    local -r SAP_SHELL_VERSION

    local -r cur="${2}"
    local -r prev="${3}"

    local -i positional_number
    local -a unparsed_words=("${COMP_WORDS[@]:1:${COMP_CWORD}}")

    local -a repeating_flags=()
    local -a non_repeating_flags=(--version -h --help)
    local -a repeating_options=()
    local -a non_repeating_options=()
    __lanyard_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    login|add|refresh|logout|remove|rename|set|cookies|import|export|curl|run|env|trust|token|curl-config|confirm|list|show|explain|why|status|jwt|doctor|lock|unlock|store|recipe|daemon|help)
        # Offer subcommand argument completions
        "_lanyard_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'login add refresh logout remove rename set cookies import export curl run env trust token curl-config confirm list show explain why status jwt doctor lock unlock store recipe daemon help' -- "${cur}"))
        ;;
    esac
}

_lanyard_login() {
    repeating_flags=()
    non_repeating_flags=(--client-secret-stdin --client-secret --password-stdin --verbose -v --no-interactive --json --version -h --help)
    repeating_options=(--for --via --scope)
    non_repeating_options=(--name --recipe --user --account --flow --client-id --ca)
    __lanyard_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--name')
        return
        ;;
    '--recipe')
        __lanyard_add_completions -W "$(__lanyard_custom_complete ---completion login -- --recipe "${COMP_CWORD}" "$(__lanyard_cursor_index_in_current_word)")"
        return
        ;;
    '--user'|'--account')
        return
        ;;
    '--for')
        return
        ;;
    '--via')
        return
        ;;
    '--flow')
        __lanyard_add_completions -W 'browser'$'\n''device'$'\n''client-credentials'
        return
        ;;
    '--scope')
        return
        ;;
    '--client-id')
        return
        ;;
    '--ca')
        __lanyard_add_completions -o plusdirs -fX '!*.@(pem|crt)'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __lanyard_add_completions -W "$(__lanyard_custom_complete ---completion login -- positional@0 "${COMP_CWORD}" "$(__lanyard_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_lanyard_add() {
    repeating_flags=()
    non_repeating_flags=(--bearer --cookie-jar --refresh-token --json --version -h --help)
    repeating_options=(--for)
    non_repeating_options=(--token --basic --header --cookie --expires --token-endpoint --client-id)
    __lanyard_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--for')
        return
        ;;
    '--token')
        return
        ;;
    '--basic')
        return
        ;;
    '--header')
        return
        ;;
    '--cookie')
        return
        ;;
    '--expires')
        return
        ;;
    '--token-endpoint')
        return
        ;;
    '--client-id')
        return
        ;;
    esac
}

_lanyard_refresh() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __lanyard_offer_flags_options 1

    # Offer positional completions
    case "${positional_number}" in
    1)
        __lanyard_add_completions -W "$(__lanyard_custom_complete ---completion refresh -- positional@0 "${COMP_CWORD}" "$(__lanyard_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_lanyard_logout() {
    repeating_flags=()
    non_repeating_flags=(--all --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __lanyard_offer_flags_options 1

    # Offer positional completions
    case "${positional_number}" in
    1)
        __lanyard_add_completions -W "$(__lanyard_custom_complete ---completion logout -- positional@0 "${COMP_CWORD}" "$(__lanyard_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_lanyard_remove() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __lanyard_offer_flags_options 1

    # Offer positional completions
    case "${positional_number}" in
    1)
        __lanyard_add_completions -W "$(__lanyard_custom_complete ---completion remove -- positional@0 "${COMP_CWORD}" "$(__lanyard_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_lanyard_rename() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __lanyard_offer_flags_options 2

    # Offer positional completions
    case "${positional_number}" in
    1)
        __lanyard_add_completions -W "$(__lanyard_custom_complete ---completion rename -- positional@0 "${COMP_CWORD}" "$(__lanyard_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_lanyard_set() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __lanyard_offer_flags_options -1

    # Offer positional completions
    case "${positional_number}" in
    1)
        __lanyard_add_completions -W "$(__lanyard_custom_complete ---completion set -- positional@0 "${COMP_CWORD}" "$(__lanyard_cursor_index_in_current_word)")"
        return
        ;;
    *)
        __lanyard_add_completions -W 'ambient=true'$'\n''ambient=false'$'\n''default=true'$'\n''default=false'$'\n''insecure=true'$'\n''insecure=false'$'\n''confirm=true'$'\n''confirm=false'$'\n''for='$'\n''for+='$'\n''for-='
        return
        ;;
    esac
}

_lanyard_cookies() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __lanyard_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    list|set|delete|clear)
        # Offer subcommand argument completions
        "_lanyard_cookies_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'list set delete clear' -- "${cur}"))
        ;;
    esac
}

_lanyard_cookies_list() {
    repeating_flags=()
    non_repeating_flags=(--reveal --json --version -h --help)
    repeating_options=()
    non_repeating_options=(--color)
    __lanyard_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--color')
        __lanyard_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __lanyard_add_completions -W "$(__lanyard_custom_complete ---completion cookies list -- positional@0 "${COMP_CWORD}" "$(__lanyard_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_lanyard_cookies_set() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--for --expires --domain --path)
    __lanyard_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--for')
        return
        ;;
    '--expires')
        return
        ;;
    '--domain')
        return
        ;;
    '--path')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __lanyard_add_completions -W "$(__lanyard_custom_complete ---completion cookies set -- positional@0 "${COMP_CWORD}" "$(__lanyard_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_lanyard_cookies_delete() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--domain --path)
    __lanyard_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--domain')
        return
        ;;
    '--path')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __lanyard_add_completions -W "$(__lanyard_custom_complete ---completion cookies delete -- positional@0 "${COMP_CWORD}" "$(__lanyard_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_lanyard_cookies_clear() {
    repeating_flags=()
    non_repeating_flags=(--expired --json --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __lanyard_offer_flags_options 1

    # Offer positional completions
    case "${positional_number}" in
    1)
        __lanyard_add_completions -W "$(__lanyard_custom_complete ---completion cookies clear -- positional@0 "${COMP_CWORD}" "$(__lanyard_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_lanyard_import() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=(--for)
    non_repeating_options=(--netscape --name)
    __lanyard_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--netscape')
        __lanyard_add_completions -f
        return
        ;;
    '--name')
        __lanyard_add_completions -W "$(__lanyard_custom_complete ---completion import -- --name "${COMP_CWORD}" "$(__lanyard_cursor_index_in_current_word)")"
        return
        ;;
    '--for')
        return
        ;;
    esac
}

_lanyard_export() {
    repeating_flags=()
    non_repeating_flags=(--netscape --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __lanyard_offer_flags_options 1

    # Offer positional completions
    case "${positional_number}" in
    1)
        __lanyard_add_completions -W "$(__lanyard_custom_complete ---completion export -- positional@0 "${COMP_CWORD}" "$(__lanyard_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_lanyard_curl() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __lanyard_offer_flags_options -1
}

_lanyard_run() {
    repeating_flags=()
    non_repeating_flags=(--require --quiet --reveal --ephemeral --password-stdin --version -h --help)
    repeating_options=(--session --for --via --scope)
    non_repeating_options=(--login --recipe --user --client-id --client-secret-file --ca)
    __lanyard_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--session')
        __lanyard_add_completions -W "$(__lanyard_custom_complete ---completion run -- --session "${COMP_CWORD}" "$(__lanyard_cursor_index_in_current_word)")"
        return
        ;;
    '--login')
        return
        ;;
    '--recipe')
        __lanyard_add_completions -W "$(__lanyard_custom_complete ---completion run -- --recipe "${COMP_CWORD}" "$(__lanyard_cursor_index_in_current_word)")"
        return
        ;;
    '--for')
        return
        ;;
    '--via')
        return
        ;;
    '--user')
        return
        ;;
    '--client-id')
        return
        ;;
    '--client-secret-file')
        __lanyard_add_completions -f
        return
        ;;
    '--scope')
        return
        ;;
    '--ca')
        __lanyard_add_completions -o plusdirs -fX '!*.@(pem|crt)'
        return
        ;;
    esac
}

_lanyard_env() {
    repeating_flags=()
    non_repeating_flags=(--off --version -h --help)
    repeating_options=()
    non_repeating_options=(--shell)
    __lanyard_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--shell')
        __lanyard_add_completions -W 'bash'$'\n''zsh'$'\n''fish'
        return
        ;;
    esac
}

_lanyard_trust() {
    repeating_flags=()
    non_repeating_flags=(--off --list --json --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __lanyard_offer_flags_options 0
}

_lanyard_token() {
    repeating_flags=()
    non_repeating_flags=(--header --version -h --help)
    repeating_options=()
    non_repeating_options=(--min-ttl)
    __lanyard_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--min-ttl')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __lanyard_add_completions -W "$(__lanyard_custom_complete ---completion token -- positional@0 "${COMP_CWORD}" "$(__lanyard_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_lanyard_curl-config() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __lanyard_offer_flags_options 1
}

_lanyard_confirm() {
    repeating_flags=()
    non_repeating_flags=(--refuse --json --version -h --help)
    repeating_options=()
    non_repeating_options=(--process)
    __lanyard_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--process')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __lanyard_add_completions -W "$(__lanyard_custom_complete ---completion confirm -- positional@0 "${COMP_CWORD}" "$(__lanyard_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_lanyard_list() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--color)
    __lanyard_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--color')
        __lanyard_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    esac
}

_lanyard_show() {
    repeating_flags=()
    non_repeating_flags=(--reveal --json --version -h --help)
    repeating_options=()
    non_repeating_options=(--color)
    __lanyard_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--color')
        __lanyard_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __lanyard_add_completions -W "$(__lanyard_custom_complete ---completion show -- positional@0 "${COMP_CWORD}" "$(__lanyard_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_lanyard_explain() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--color)
    __lanyard_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--color')
        __lanyard_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    esac
}

_lanyard_why() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--color)
    __lanyard_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--color')
        __lanyard_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    esac
}

_lanyard_status() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--color)
    __lanyard_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--color')
        __lanyard_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    esac
}

_lanyard_jwt() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __lanyard_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    decode|verify)
        # Offer subcommand argument completions
        "_lanyard_jwt_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'decode verify' -- "${cur}"))
        ;;
    esac
}

_lanyard_jwt_decode() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--color)
    __lanyard_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--color')
        __lanyard_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __lanyard_add_completions -W "$(__lanyard_custom_complete ---completion jwt decode -- positional@0 "${COMP_CWORD}" "$(__lanyard_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_lanyard_jwt_verify() {
    repeating_flags=()
    non_repeating_flags=(--raw --json --version -h --help)
    repeating_options=(--alg)
    non_repeating_options=(--issuer --jwks --audience --color)
    __lanyard_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--issuer')
        return
        ;;
    '--jwks')
        __lanyard_add_completions -f
        return
        ;;
    '--audience')
        return
        ;;
    '--alg')
        __lanyard_add_completions -W 'HS256'$'\n''HS384'$'\n''HS512'$'\n''RS256'$'\n''RS384'$'\n''RS512'$'\n''PS256'$'\n''PS384'$'\n''PS512'$'\n''ES256'$'\n''ES384'$'\n''ES512'$'\n''EdDSA'
        return
        ;;
    '--color')
        __lanyard_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __lanyard_add_completions -W "$(__lanyard_custom_complete ---completion jwt verify -- positional@0 "${COMP_CWORD}" "$(__lanyard_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_lanyard_doctor() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--color)
    __lanyard_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--color')
        __lanyard_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __lanyard_add_completions -W "$(eval 'compgen -c')"
        return
        ;;
    esac
}

_lanyard_lock() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __lanyard_offer_flags_options 0
}

_lanyard_unlock() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __lanyard_offer_flags_options 0
}

_lanyard_store() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __lanyard_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    move)
        # Offer subcommand argument completions
        "_lanyard_store_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'move' -- "${cur}"))
        ;;
    esac
}

_lanyard_store_move() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __lanyard_offer_flags_options 1

    # Offer positional completions
    case "${positional_number}" in
    1)
        __lanyard_add_completions -W 'vault'$'\n''secret-service'
        return
        ;;
    esac
}

_lanyard_recipe() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __lanyard_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    list|check)
        # Offer subcommand argument completions
        "_lanyard_recipe_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'list check' -- "${cur}"))
        ;;
    esac
}

_lanyard_recipe_list() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--color)
    __lanyard_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--color')
        __lanyard_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    esac
}

_lanyard_recipe_check() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __lanyard_offer_flags_options 1

    # Offer positional completions
    case "${positional_number}" in
    1)
        __lanyard_add_completions -o plusdirs -fX '!*.@(toml)'
        return
        ;;
    esac
}

_lanyard_daemon() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __lanyard_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    start|stop|reload)
        # Offer subcommand argument completions
        "_lanyard_daemon_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'start stop reload' -- "${cur}"))
        ;;
    esac
}

_lanyard_daemon_start() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __lanyard_offer_flags_options 0
}

_lanyard_daemon_stop() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __lanyard_offer_flags_options 0
}

_lanyard_daemon_reload() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __lanyard_offer_flags_options 0
}

_lanyard_help() {
    repeating_flags=()
    non_repeating_flags=(--version)
    repeating_options=()
    non_repeating_options=()
    __lanyard_offer_flags_options -1
}

complete -o filenames -F _lanyard lanyard
