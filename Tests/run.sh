#!/bin/sh
# Runs the unit tests, the preload library's, then the tests of the programs in build/. Its arguments are the paths that SwiftPM is to use.
set -eu
cd "$(dirname "$0")/.."

for folder in Tests/*Tests; do
    if ls "$folder"/*.swift >/dev/null 2>&1; then
        echo 'unit tests (a debug build of their own)'
        swift test "$@"
        rm -f Package.resolved
        break
    fi
done

echo 'tests of the preload library, with an agent made for them'
LANYARD_PRELOAD=build/liblanyard-preload.so build/venv/bin/python -m pytest -p no:cacheprovider -q Tests/Preload

echo 'tests of the programs in build/'
LANYARD_PRELOAD=$PWD/build/liblanyard-preload.so
export LANYARD_PRELOAD
exec build/venv/bin/python -m pytest Tests/PreloadTests Tests/CommandTests
