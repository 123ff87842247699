#!/bin/sh
# Fuzzes the parsers of what servers and cookie files say, and what the preload library reads (preload), each for FUZZ_SECONDS
# (20); FUZZ names some of them. Its arguments are the paths that SwiftPM is to use. What it finds is kept in .build/fuzz/NAME,
# and an input that breaks one is named at the end.
set -eu
cd "$(dirname "$0")/../.."
seconds=${FUZZ_SECONDS:-20}
names=${FUZZ:-$(ls Tests/Fuzz/seeds)}
# Instrumented all through; a build of its own, so that the other ones stay as they are.
LANYARD_FUZZ=yes swift build --scratch-path .build/fuzz/build --product fuzz "$@" \
    -Xswiftc -sanitize=fuzzer -Xswiftc -parse-as-library
rm -f Package.resolved
mkdir -p .build/fuzz
preload=.build/fuzz/preload-library
(cd Sources/Preload && clang -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -I . -o "../../$preload" \
    ../../Tests/PreloadTests/answer_fuzz.c answer.c json.c utf8.c buffer.c settings.c)
for name in $names; do
    program=.build/fuzz/build/debug/fuzz
    [ "$name" != preload ] || program=$preload
    folder=.build/fuzz/$name
    mkdir -p "$folder"
    echo "fuzzing $name for $seconds s"
    if ! FUZZ=$name $program -max_total_time="$seconds" -max_len=8192 -timeout=10 -rss_limit_mb=1024 \
        -print_final_stats=1 -artifact_prefix="$folder-" "$folder" "Tests/Fuzz/seeds/$name" >"$folder.log" 2>&1; then
        tail -n 40 "$folder.log"
        exit 1
    fi
    sed -n 's/^stat::number_of_executed_units: */    inputs: /p' "$folder.log"
done
