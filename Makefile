# What a developer and CI run. `make` alone builds.
PRESET ?= release
ENGINE ?=

.DEFAULT_GOAL := build
.PHONY: setup build run test bench fix check golden asan tsan

setup:
	@tools/setup.sh

build: setup
	@tools/build.sh $(PRESET)

run: build
	@exec build/$(PRESET)/pamoja dev --data ./var

test: setup
	@tools/test.sh $(ENGINE)

bench: build
	@if [ -x bench/run.sh ]; then bench/run.sh; else echo "bench/run.sh is not there" >&2; exit 1; fi

fix:
	@tools/format.sh -i

check:
	@tools/check.sh

# Rewrites what golden files and transcripts expect; read the diff before you commit it.
golden: build
	@UPDATE=1 tools/golden.sh

# The same tests under the sanitizers.
asan tsan: setup
	@tools/sanitize.sh $@
