#!/bin/sh
# Installs what is needed to build and test: Debian packages with apt, Python packages in build/venv.
#
# One package is extracted, into build/glewlwyd: installed it would start a server, and start it again at each boot. So are
# pycurl's own tests, into build/pycurl; the library that they try is the installed one.
#
#   setup.sh build test     both; says what it installs before it does; quick when all is there
#   setup.sh --check build  installs nothing: fails with the command to type
set -eu
cd "$(dirname "$0")/.."

packages_build='libcurl4-openssl-dev libglib2.0-dev libpsl-dev libqrencode-dev libsecret-1-dev libsodium-dev libtomlplusplus-dev pkg-config'
# openssl makes the certificates of the servers in the tests, nginx speaks HTTP/2, Chromium is the person's browser; what is
# loaded into PHP, Python, and programs of another C library has its tests with Debian's.
packages_test='ca-certificates chromium chromium-driver curl dbus-bin dbus-daemon fish git gnome-keyring libfaketime
libsecret-tools musl-tools nginx-light openssl php-cli php-curl python3-pycurl python3-venv valgrind zsh'
# What glewlwyd needs.
packages_test="$packages_test libcbor0.8 libconfig9 libhoel1.4 libiddawc1.1 libjs-bootstrap4 libjs-jquery libjs-popper.js
libldap-2.5-0 liboath0 liborcania2.3 librhonabwy1.1 libulfius2.7 libyder2.0"

check=
packages=
with_python=
for word; do
    case $word in
        --check) check=yes ;;
        build) packages="$packages $packages_build" ;;
        test) packages="$packages $packages_test" with_python=yes ;;
        *) echo "setup.sh: what is $word?" >&2; exit 64 ;;
    esac
done

missing_packages() {
    for package in $packages; do
        state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || state=
        [ "$state" = installed ] || printf ' %s' "$package"
    done
}

as_root=
[ "$(id -u)" = 0 ] || as_root='sudo '

update_lists() {
    # apt's own user must be able to write to the temporary folder, which ours is not made for.
    (unset TMPDIR; $as_root apt-get update -q)
}

install_packages() {
    if [ -n "$as_root" ] && ! command -v sudo >/dev/null; then
        echo "to be installed by root, there is no sudo here: apt-get install$1" >&2
        exit 1
    fi
    echo "Debian packages that are missing:$1"
    echo "installing them: ${as_root}apt-get install -y --no-install-recommends$1"
    update_lists
    unset TMPDIR
    # shellcheck disable=SC2086  # a list of words
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $1 </dev/null
}

# In a shell of its own: pip asks every compiler on PATH for its version, and some of them then write to the home folder.
install_python() (
    cmp -s Tests/requirements.txt build/venv/installed.txt && return
    echo 'installing the Python packages of Tests/requirements.txt into build/venv'
    PATH=/usr/bin:/bin
    rm -rf build/venv
    mkdir -p build
    python3 -m venv build/venv
    build/venv/bin/python -m pip install -q --disable-pip-version-check --no-deps -r Tests/requirements.txt </dev/null
    cp Tests/requirements.txt build/venv/installed.txt
)

extract_glewlwyd() (
    [ -f build/glewlwyd/usr/bin/glewlwyd ] && return
    echo 'getting the Debian packages glewlwyd and glewlwyd-common, and extracting them into build/glewlwyd'
    rm -rf build/glewlwyd
    mkdir -p build/glewlwyd/packages
    cd build/glewlwyd/packages
    # Lists from long ago name versions that are gone.
    apt-get download -q glewlwyd glewlwyd-common || { update_lists && apt-get download -q glewlwyd glewlwyd-common; }
    for package in *.deb; do dpkg-deb -x "$package" ..; done
    cd ..
    rm -r packages
)

# pip asks the package for its name and version before it keeps it, which takes the setuptools of Tests/requirements.txt.
extract_pycurl() (
    version=$(sed -n 's/^pycurl==//p' Tests/requirements.txt)
    [ -d "build/pycurl-$version" ] && return
    echo "getting the source package of pycurl $version, and extracting it into build/pycurl-$version"
    folder=build/pycurl-download
    rm -rf build/pycurl-* build/pycurl
    mkdir "$folder"
    echo "pycurl==$version --hash=sha256:d4327da9dea72768f942f831bbaa5a64adca4d7c89f3141da7a833d3c600ab90" >"$folder/wanted.txt"
    PATH=/usr/bin:/bin build/venv/bin/python -m pip download -q --disable-pip-version-check --no-deps --no-binary pycurl \
        --no-build-isolation --require-hashes -d "$folder" -r "$folder/wanted.txt" </dev/null
    tar --no-same-owner -xzf "$folder/pycurl-$version.tar.gz" -C "$folder"
    # Libraries that one of the tests loads.
    make -s -C "$folder/pycurl-$version/tests/fake-curl/libcurl"
    ln -s "pycurl-$version" build/pycurl
    mv "$folder/pycurl-$version" build/
    rm -r "$folder"
)

if ! command -v swift >/dev/null; then
    echo 'swift is not on PATH; Lanyard is built with Swift 6.3: https://www.swift.org/install' >&2
    exit 1
fi
missing=$(missing_packages)
if [ -n "$missing" ]; then
    if [ -n "$check" ]; then
        echo "Debian packages that are missing; to install them: sudo apt-get install$missing" >&2
        exit 1
    fi
    install_packages "$missing"
fi
if [ -n "$with_python" ] && [ -z "$check" ]; then
    install_python
    extract_glewlwyd
    extract_pycurl
fi
