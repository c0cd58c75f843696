# Espalier. `make` alone says what can be made.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

GO      ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X github.com/espalier-hil/espalier/suites/cli.Version=$(VERSION)
ARGS    ?=

.PHONY: help run build image test race mutants matrix check peers firmware smallrom romcheck bench vectors shims fuzz clean

help: ## say what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

run: build ## flash the virtual board, run the device suite, write out/report (ARGS="--port /dev/ttyUSB0" for a real one)
	@bin/espalier run $(ARGS)

build: ## bin/espalier, one static file
	@CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/espalier .

image: ## espalier as a container image, espalier:latest, for `docker run … espalier conform` (see Dockerfile)
	@mkdir -p build/image
	@CGO_ENABLED=0 GOOS=linux $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o build/image/espalier .
	@docker build -q -t espalier:latest -f Dockerfile build/image

test: ## every test that this machine has the tools for; what it lacks is named at the end
	@$(GO) run ./suites/testrun ./...

race: ## the packages with goroutines, under the race detector
	@$(GO) run ./suites/testrun -race ./boards/virtual ./boards/rfc2217 ./boards/fifo ./harness/... ./reference-server/{api,serve,store} ./suites/device ./suites/powercut ./suites/generator ./suites/live ./suites/peers

mutants: ## plant each fault of the zoo and see which spec turns red
	@$(GO) test -count=1 -v -run 'Mutant' ./suites/mutants/... | grep -v '^=== '

matrix: ## run everything against each backend that there is, and write what each is found to be into suites/README.md
	@ESPALIER_UPDATE=1 $(GO) test -count=1 -run '^Test(Reference|Rights|Peers)$$' ./suites/conform

check: ## formatting, vet, staticcheck, and the rules of the house
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo 'gofmt would change the files above'; exit 1; }
	@$(GO) vet ./...
	@$(GO) mod verify >/dev/null
	@$(GO) test -run '^TestHouse' .
	@$(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...

peers: build/npm/node_modules/.ready ## npm modules for suites/peers; then export ESPALIER_NODE_MODULES=$PWD/build/npm/node_modules

# Only SQLite's binding is compiled, with the headers of the Node that comes
# with the modules and, where there is one, the system's SQLite.
build/npm/node_modules/.ready: suites/peers/package.json suites/peers/package-lock.json
	@mkdir -p build/npm && cp $^ build/npm
	@npm ci --silent --ignore-scripts --no-audit --no-fund --prefix build/npm
	@export PATH="$$PWD/build/npm/node_modules/.bin:$$PATH" && cd build/npm/node_modules/sqlite3 && \
		node ../node-gyp/bin/node-gyp.js rebuild --silent --jobs max --nodedir="$$(node -p 'require("path").resolve(process.execPath, "../..")')" \
		$(if $(wildcard /usr/include/sqlite3.h),--sqlite=/usr) >build.log 2>&1 || { tail -20 build.log; exit 1; }
	@touch $@

firmware: ## rebuild boards/firmware/bin with Debian's gcc-xtensa-lx106
	@$(MAKE) -C boards/firmware image

smallrom: ## rebuild boards/smallrom/bin, a mask ROM of our own, with the same
	@$(MAKE) -C boards/smallrom rom

romcheck: ## hold a dump of the chip's mask ROM against ours, and run the device suite on it (ROM=FILE; espalier help rom)
	@test -n '$(ROM)' || { echo 'name the dump: make romcheck ROM=FILE'; exit 2; }
	@ESPALIER_ROM=$(abspath $(ROM)) $(GO) test -count=1 -v -run 'ROM' ./boards/virtual ./boards/virtual/maskrom ./suites/cli ./suites/peers | grep -v '^=== '

bench: ## decrypt path beside OpenSSL's libcrypto, MIPS of the virtual CPU, time to the first reading
	@$(GO) run ./suites/benchrun

vectors: ## make the vector files anew, count them, and have them confirmed by the oracles of this machine; commit the difference, if any
	@$(GO) run ./vectors/internal/gen vectors
	@echo 'Confirmed by code that shares none with them:'
	@$(GO) test -count=1 -v ./vectors/internal/oracle | grep -v -e '^=== ' -e '^--- PASS' -e '^PASS' -e ' texts: ' -e ESPALIER_SEED= | \
		sed -E -e 's/^    [a-z_]+\.go:[0-9]+: (not run: )?/      /' -e 's/^--- SKIP: ([A-Za-z]+).*/      not here: \1/'

shims: ## run the sample shims over the vectors, and write what they earn into vectors/SHIM.md
	@ESPALIER_UPDATE=1 $(GO) test -count=1 -run '^TestSampleShims$$' ./suites/cli

fuzz: ## each fuzz target for FUZZTIME (default 10s)
	@$(GO) run ./suites/fuzzrun $(or $(FUZZTIME),10s)

clean: ## what was built and written
	@rm -rf bin out build
