#!/bin/sh
# Runs the unit tests, then those of the preload library and of the programs in build/. Its arguments are the paths that
# SwiftPM is to use.
set -eu
cd "$(dirname "$0")/.."

echo 'unit tests (a debug build of their own)'
swift test "$@"
rm -f Package.resolved

echo 'tests of the preload library and of the programs in build/'
LANYARD_PRELOAD=$PWD/build/liblanyard-preload.so
export LANYARD_PRELOAD
# Two at once: most of a test's time is waiting, and some have deadlines that a busier machine would not keep.
exec build/venv/bin/python -m pytest -n 2 Tests/PreloadTests Tests/CommandTests
