#!/bin/sh
# Lanyard's main job, on a real Django site: four ways to log in, calls, renewal, logout.
#
# All is private to the demo and gone at its end: the site, its data, the daemon, the vault.
set -eu
cd "$(dirname "$0")/.."
repository=$PWD
demo=$repository/build/demo

stop() {
    trap - EXIT INT TERM
    lanyard daemon stop >/dev/null 2>&1 || :
    if [ -n "${site:-}" ]; then
        kill "$site" 2>/dev/null || :
        wait "$site" 2>/dev/null || :
    fi
    cd "$repository"
    rm -rf "$demo" "$XDG_RUNTIME_DIR"
}

# What a command is typed as, then what it says. A status other than the expected one ends the demo.
expect() {
    status=$1
    printf '\n%s$%s %s\n' "$bold" "$plain" "$2"
    got=0
    eval "$2" >"$demo/output" 2>&1 || got=$?
    cat "$demo/output"
    # Many answers end without a newline.
    [ -z "$(tail -c1 "$demo/output")" ] || echo
    if [ "$got" != "$status" ]; then
        echo "the demo ends here: exit status $got, not $status" >&2
        exit 1
    fi
}

show() {
    expect 0 "$1"
}

# The last output must hold this, or the demo shows something else than it says.
see() {
    if ! grep -qF -- "$1" "$demo/output"; then
        echo "the demo ends here: it was to show $1" >&2
        exit 1
    fi
}

say() {
    printf '\n%s# %s%s\n' "$dim" "$1" "$plain"
}

# What a browser would do: logs in with the form and prints the session id.
session_id() {
    page=$(curl -sS -c "$demo/jar" "$SITE/accounts/login/")
    csrf=$(printf '%s' "$page" | sed -n 's/.*csrfmiddlewaretoken" value="\([^"]*\)".*/\1/p')
    printf 'username=alice&password=%s&csrfmiddlewaretoken=%s' "$SITE_PASSWORD" "$csrf" |
        curl -sS -o /dev/null -b "$demo/jar" -c "$demo/jar" --data @- "$SITE/accounts/login/"
    awk '$6 == "sessionid" { print $7 }' "$demo/jar"
}

bold='' dim='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
    bold=$(printf '\033[1m') dim=$(printf '\033[36m') plain=$(printf '\033[0m')
fi

rm -rf "$demo"
mkdir -p "$demo/home" "$demo/data" "$demo/state" "$demo/config"
export XDG_RUNTIME_DIR="$demo/run"
# A socket's path holds 107 bytes; in a clone far down it must lie elsewhere.
if [ ${#XDG_RUNTIME_DIR} -gt 80 ]; then
    XDG_RUNTIME_DIR=$(mktemp -d /tmp/lanyard-demo.XXXXXX)
fi
mkdir -p "$XDG_RUNTIME_DIR"
chmod 700 "$XDG_RUNTIME_DIR"
export HOME="$demo/home" XDG_DATA_HOME="$demo/data" XDG_STATE_HOME="$demo/state" XDG_CONFIG_HOME="$demo/config"
export LANYARD_STORE=vault LANYARD_PASSPHRASE_FILE="$demo/passphrase"
export PATH="$repository/build:$PATH"
unset LANYARD_SESSION LANYARD_SOCKET http_proxy HTTP_PROXY all_proxy ALL_PROXY || :
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

umask 077
SITE_PASSWORD=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
SITE_API_KEY=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
od -An -N12 -tx1 /dev/urandom | tr -d ' \n' >"$LANYARD_PASSPHRASE_FILE"
cd "$demo/home"
echo "$SITE_PASSWORD" >password

echo 'starting a Django site with Django REST framework and simplejwt …'
SITE_PASSWORD=$SITE_PASSWORD SITE_API_KEY=$SITE_API_KEY PYTHONPATH=$repository/Tests/Servers \
    "$repository/build/venv/bin/python" -m django_site --folder "$demo/site" --ready "$demo/ready" \
    --access-lifetime 5 2>"$demo/site.log" &
site=$!
while [ ! -e "$demo/ready" ]; do
    kill -0 "$site" 2>/dev/null || { cat "$demo/site.log" >&2; exit 1; }
    sleep 0.1
done
SITE=$(cat "$demo/ready")
echo "it serves $SITE; alice has an account there"

say '1. A site with a login form. At a terminal Lanyard asks for the password; here it comes from a file.'
show "lanyard login $SITE/accounts/login/ --user alice --password-stdin --name shop < password"
say 'The real curl, logged in by itself. A POST gets the CSRF token that Django wants.'
show "lanyard curl -sS $SITE/api/me"
see '"way":"session"'
show "lanyard curl -sS -X POST $SITE/api/me"
see '"way":"session"'

say '2. A cookie that you have: the session of a browser. Secrets come from stdin or a prompt, never from argv.'
session_id >cookie
show "lanyard add browser --for $SITE --cookie sessionid < cookie"
say 'Two sessions for one place: Lanyard does not guess, you say which.'
expect 5 "lanyard explain $SITE/api/me"
show "LANYARD_SESSION=browser lanyard curl -sS $SITE/me/"
see '"user": "alice"'

say '3. A token of Django REST framework.'
show "lanyard login $SITE/auth/token/login/ --recipe drf-token --user alice --password-stdin --name api < password"
show "LANYARD_SESSION=api lanyard curl -sS $SITE/api/me"
see '"way":"token"'

say '4. JWTs of simplejwt. On this site they live for five seconds.'
show "lanyard login $SITE/api/token/ --recipe simplejwt --user alice --password-stdin --name jwt < password"
show "LANYARD_SESSION=jwt lanyard curl -sS $SITE/api/me"
see '"way":"jwt"'
say 'Past its expiry: Lanyard renews it, the script notices nothing.'
show 'sleep 6'
show "LANYARD_SESSION=jwt lanyard curl -sS $SITE/api/me"
see '"way":"jwt"'

say 'A whole script, with every curl in it logged in:'
printf 'for i in 1 2 3; do curl -sS %s/api/me; echo; done\n' "$SITE" >nightly.sh
show 'cat nightly.sh'
show 'lanyard run --session jwt -- sh nightly.sh'
see '"way":"jwt"'

say 'What you are logged into:'
show 'lanyard list'
show 'lanyard show jwt'
show "LANYARD_SESSION=api lanyard explain $SITE/api/me"

say 'Leaving. Somebody may have seen the token; we keep a copy of it to try.'
show 'lanyard token api --header > seen'
show "curl -sS -H @seen $SITE/api/me"
see '"way":"token"'
for name in shop api jwt; do
    show "lanyard logout $name"
done
show 'lanyard remove browser'
say 'The server refuses the token now, to whoever holds it, and there is no session to call with.'
show "curl -sS -H @seen $SITE/api/me"
see 'Invalid token'
show "lanyard curl -sS $SITE/api/me"
see 'Authentication credentials were not provided'
show 'lanyard list'

cat <<END

That was all of it, and nothing is left of it but build. With an API of your own:

    PATH=$repository/build:\$PATH
    lanyard login https://your-site.example/accounts/login/
    lanyard curl https://your-site.example/

Lanyard asks for user name and password, and at its first use for a passphrase for its vault.
A token you have already: lanyard add NAME --for https://your-site.example --bearer
END
