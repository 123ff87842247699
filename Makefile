# Lanyard.
#
#   make            release programs in build/, from where they work
#   make demo       a real server, four ways to log in, from login to logout
#   make test       all tests
#   make fuzz       each parser of what others write, FUZZ_SECONDS (60) long
#   make lint       swift format, strict
#   make install    PREFIX (/usr/local) and DESTDIR; make uninstall takes it back
#   make clean      removes build and .build
#
# `make demo` and `make test` install what they need (Tests/setup.sh says what, before it does). Except for Debian's
# packages all that is written lies in .build and build.

PREFIX ?= /usr/local
DESTDIR ?=
bindir = $(DESTDIR)$(PREFIX)/bin
libexecdir = $(DESTDIR)$(PREFIX)/libexec/lanyard
libdir = $(DESTDIR)$(PREFIX)/lib/lanyard
docdir = $(DESTDIR)$(PREFIX)/share/doc/lanyard
mandir = $(DESTDIR)$(PREFIX)/share/man
bashdir = $(DESTDIR)$(PREFIX)/share/bash-completion/completions
zshdir = $(DESTDIR)$(PREFIX)/share/zsh/site-functions
# Where systemd looks for a person's units: below its own folders, and in ~/.local/share.
unitdir = $(DESTDIR)$(PREFIX)/$(if $(filter $(HOME)/%,$(PREFIX)),share,lib)/systemd/user
fishdir = $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d

# Where compilers, pip and Python would otherwise write to a person's home or to /tmp.
scratch := $(CURDIR)/.build
export TMPDIR := $(scratch)/tmp
export XDG_CACHE_HOME := $(scratch)/cache
export XDG_DATA_HOME := $(scratch)/data
export CLANG_MODULE_CACHE_PATH := $(scratch)/cache/clang
export PIP_CACHE_DIR := $(scratch)/cache/pip
export PYTHONDONTWRITEBYTECODE := 1
swiftpm_paths := --cache-path $(scratch)/cache/swiftpm --config-path $(scratch)/config --security-path $(scratch)/security

# What SwiftPM writes beside Package.swift; the versions in there are exact, so that it adds nothing.
resolved := Package.resolved

programs := lanyard lanyard-cli lanyardd
preload := liblanyard-preload.so
# glibc's fortified functions would keep musl programs from starting under the preload library.
preload_flags := -std=gnu11 -O2 -fPIC -fvisibility=hidden -U_FORTIFY_SOURCE -Wall -Wextra -Werror
preload_sources := $(wildcard Sources/Preload/*.c)
documents := $(wildcard README.md SECURITY.md LICENSE NOTICES)

.PHONY: completions all programs demo test fuzz lint install uninstall clean setup setup-build swift-build
# The steps of one target use both cores already, and two of Swift's builds would wait for each other.
.NOTPARALLEL:
.DELETE_ON_ERROR:

all: setup-build programs

programs: $(programs:%=build/%) build/$(preload)

setup-build: | $(TMPDIR)
	@Tests/setup.sh --check build

setup: | $(TMPDIR)
	@Tests/setup.sh build test

$(TMPDIR) build:
	@mkdir -p $@

swift-build: | $(TMPDIR)
	swift build -c release --static-swift-stdlib $(swiftpm_paths)
	@rm -f $(resolved)

# SwiftPM knows best whether there is something to do; only what it made anew is copied.
$(programs:%=.build/release/%): swift-build
	@:

# By renaming: a daemon may be running from the old file.
$(programs:%=build/%): build/%: .build/release/% | build
	strip -o $@.new $< && mv $@.new $@

build/$(preload): $(preload_sources) $(wildcard Sources/Preload/*.h) Makefile | build $(TMPDIR)
	$(CC) $(preload_flags) -shared -o $@.new $(preload_sources) && strip $@.new && mv $@.new $@

test: setup programs
	@Tests/run.sh $(swiftpm_paths)

demo: setup programs
	@Tests/demo.sh

# The seeds are in Tests/Fuzz/Corpus; what is found beside them is kept in .build/corpus, and begun with the next time.
# What makes a fuzzer fail is left in .build/corpus as crash-…, and run first the next time, too.
fuzzers := $(notdir $(wildcard Tests/Fuzz/*Fuzzer))
FUZZ_SECONDS ?= 60

fuzz: $(fuzzers:%=fuzz-%)

fuzz-%: | $(TMPDIR)
	LANYARD_FUZZ=1 swift build --sanitize fuzzer --product $* --scratch-path $(scratch)/fuzz $(swiftpm_paths)
	@rm -f $(resolved)
	@mkdir -p $(scratch)/corpus/$*
	$(scratch)/fuzz/debug/$* -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=1024 -max_len=70000 \
		-artifact_prefix=$(scratch)/corpus/$*/ -verbosity=0 -print_final_stats=1 $(scratch)/corpus/$* Tests/Fuzz/Corpus/$*

# After a change of a command's options; what it writes is committed.
completions: programs
	build/lanyard-cli --generate-completion-script bash > completions/lanyard.bash
	build/lanyard-cli --generate-completion-script zsh > completions/_lanyard
	build/lanyard-cli --generate-completion-script fish > completions/lanyard.fish

lint: | $(TMPDIR)
	swift format lint --strict --parallel --recursive Sources Tests Package.swift

install:
	@test -x build/lanyard || { echo 'nothing is built yet; run: make' >&2; exit 1; }
	install -d "$(bindir)" "$(libexecdir)" "$(libdir)" "$(docdir)" "$(mandir)/man1" "$(mandir)/man8"
	install -d "$(bashdir)" "$(zshdir)" "$(fishdir)" "$(unitdir)"
	install -m 755 build/lanyard "$(bindir)/lanyard"
	install -m 755 build/lanyard-cli build/lanyardd "$(libexecdir)"
	install -m 644 build/$(preload) "$(libdir)"
	install -m 644 $(documents) "$(docdir)"
	install -m 644 man/lanyard.1 "$(mandir)/man1"
	install -m 644 man/lanyardd.8 "$(mandir)/man8"
	install -m 644 systemd/lanyardd.socket "$(unitdir)"
	sed 's|@libexecdir@|$(PREFIX)/libexec/lanyard|' systemd/lanyardd.service > "$(unitdir)/lanyardd.service"
	chmod 644 "$(unitdir)/lanyardd.service"
	install -m 644 completions/lanyard.bash "$(bashdir)/lanyard"
	install -m 644 completions/_lanyard "$(zshdir)"
	install -m 644 completions/lanyard.fish "$(fishdir)"

uninstall:
	rm -f "$(bindir)/lanyard"
	rm -f "$(mandir)/man1/lanyard.1" "$(mandir)/man8/lanyardd.8"
	rm -f "$(bashdir)/lanyard" "$(zshdir)/_lanyard" "$(fishdir)/lanyard.fish"
	rm -f "$(unitdir)/lanyardd.socket" "$(unitdir)/lanyardd.service"
	rm -rf "$(libexecdir)" "$(libdir)" "$(docdir)"

clean:
	rm -rf build .build
