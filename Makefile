# What is done here, by name: `make help`. GNU make 3.81 is enough, and Python 3.11.
# It sets up .venv by itself: little for `demo`, the developers' tools for the rest.

# The first Python that is new enough; `make PYTHON=...` names another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && exit; done; echo python3)

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# One more than the smallest machine has cores: a third of their time they wait for real clocks.
WORKERS := -n 3 --dist worksteal
PORTS := esp32 rp2 unix
FIRMWARE := firmware/lockunit
DRIVERS := firmware/lockboards
PROBE := hil/lockhil/probe/onboard
PACKAGES := $(FIRMWARE) $(DRIVERS) hil/lockjudge hil/lockhil sim/locksim tools/lockrig

# What builds the package is pinned too.
export PIP_CONSTRAINT := constraints.txt
export PIP_BUILD_CONSTRAINT := constraints.txt

# Where it is set, each of the hundreds of processes that tests start would compile all it imports.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PRECIOUS: typings/%/.stubs
.PHONY: help demo test suite-wired suite-air check style rules types ports bench fuzz fuzz-host powercut full mutants clean

help:
	@echo 'make demo     scan a made-up air, run the conformance suite; ends with the path of its report'
	@echo 'make test     check, unit tests, conformance suite; ends with what was not run, and why'
	@echo 'make check    style, import rules, rules of the firmware, types (ours, and port by port)'
	@echo 'make bench    measurements, each with its table'
	@echo 'make fuzz     N=100000 times bytes gone wrong on the link of units with and without a key; nothing'
	@echo '              stops or grows; CORE=1: on the core alone, faster'
	@echo 'make fuzz-host N=100000 times each reader of foreign bytes takes some, guided by coverage'
	@echo 'make powercut JOBS=1 TWICE=: cut the power at every write of the flash; nothing stored may be lost'
	@echo 'make mutants  plant faults in the judge and the core; list those that no test notices'
	@echo 'make full     all of it, on the real clock too, with many more examples: hours'
	@echo 'make clean    remove what was made, except .venv'

demo: .venv/.virtual
	@mkdir -p out
	$(BIN)/lockrig scan ble:virtual --seconds 3
	$(BIN)/lockrig hil sim virtual --report out/demo

test: check build/node/.made
	@mkdir -p out
	@rm -rf out/unit.xml out/test out/sealed out/air out/pair
	$(BIN)/python -m pytest tests $(WORKERS) --junitxml out/unit.xml
	$(MAKE) -j 2 suite-wired suite-air
	@$(BIN)/python -m checks.not_run out/unit.xml out/test/junit.xml out/sealed/junit.xml \
		out/air/junit.xml out/pair/junit.xml

# One of each thing that a probe does; `make full` runs all.
PAIRED := "whole_sequence or at_boot or told_apart or thumb_turn_is or wrap or signed or taken_up"

# What its trace is compared with lives in one run; the air takes as long as the rest.
suite-wired: .venv/.dev
	$(BIN)/lockrig hil sim virtual --report out/test
	$(BIN)/lockrig hil pair -k $(PAIRED) --report out/pair
	$(BIN)/lockrig hil sim --sealed --report out/sealed

suite-air: .venv/.dev
	$(BIN)/lockrig hil ble:virtual --report out/air

check: style rules types ports

style: .venv/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check

rules: .venv/.dev
	$(BIN)/lint-imports
	$(BIN)/python -m checks.firmware_rules $(FIRMWARE)
	$(BIN)/python -m checks.sizes $(PACKAGES) checks

types: .venv/.dev
	$(BIN)/mypy

ports: $(PORTS:%=port-%)

port-%: typings/%/.stubs .venv/.dev
	MYPYPATH=firmware:sim:$(PROBE):typings/$* $(BIN)/mypy --config-file checks/firmware-mypy.ini \
		--custom-typeshed-dir typings/$* --cache-dir .mypy_cache/$* \
		$(FIRMWARE) $(if $(filter unix,$*),,$(DRIVERS) $(PROBE)/lockprobe) # the unix port has no pins

bench: .venv/.dev build/node/.made
	@for file in tests/bench/[a-z]*.py; do \
		test -e "$$file" || { echo 'no benchmarks in tests/bench'; exit 0; }; \
		echo "== $$file"; \
		$(BIN)/python -m tests.bench.$$(basename "$$file" .py) || exit 1; \
	done

fuzz: N ?= 100000
fuzz: .venv/.dev
	$(BIN)/python -m tests.fuzz.link $(N) $(if $(CORE),--core)

# Where there is no build of atheris the same examples are altered blindly.
fuzz-host: N ?= 100000
fuzz-host: .venv/.dev
	$(PIP) install -c constraints.txt -e '.[fuzz]'
	$(BIN)/python -m tests.fuzz.host $(N)

powercut: JOBS ?= 1
powercut: .venv/.virtual
	$(BIN)/python -m lockhil.powercut --jobs $(JOBS) --json out/powercut.json $(if $(TWICE),--twice)

mutants: .venv/.dev
	$(BIN)/python -m checks.mutation

full: test
	HYPOTHESIS_PROFILE=full $(BIN)/python -m pytest tests $(WORKERS)
	$(BIN)/lockrig hil sim virtual ble:virtual --sealed --report out/sealed
	$(BIN)/lockrig hil pair --report out/pair
	$(BIN)/lockrig hil virtual:real --report out/real
	$(BIN)/lockrig hil pair:real --report out/pair-real
	$(MAKE) bench
	$(MAKE) fuzz
	$(MAKE) fuzz-host
	$(MAKE) powercut TWICE=1
	$(MAKE) mutants

clean:
	rm -rf out build dist typings .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find $(PACKAGES) checks tests -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is written last, so that what was interrupted is done again.
.venv/.made:
	@command -v $(PYTHON) >/dev/null || { \
		echo 'make: expected Python 3.11 or newer, found none; install it: sudo apt-get install' \
			'python3 python3-venv (Debian, Ubuntu) or brew install python@3.13 (macOS)' >&2; exit 2; }
	$(PYTHON) checks/make_venv.py .venv
	@touch $@

.venv/.virtual: .venv/.made pyproject.toml constraints.txt
	$(PIP) install -c constraints.txt -e '.[virtual]'
	@touch $@

.venv/.dev: .venv/.virtual
	$(PIP) install -c constraints.txt -e '.[dev,simulate,virtual,web]'
	@touch $@

# MicroPython with 32-bit objects. Without npm, what needs it is not run, and says so.
build/node/.made: tests/memory/webassembly.txt
	@if command -v node >/dev/null && command -v npm >/dev/null; then \
		npm install --prefix build/node --no-save --no-audit --no-fund --silent "$$(cat $<)" \
		&& cp $< $@ || echo 'make: npm could not install it: 32-bit figures are not taken' >&2; \
	else \
		echo 'make: no node and npm: 32-bit figures are not taken;' \
			'install nodejs and npm, and try again' >&2; \
	fi

typings/%/.stubs: constraints.txt | .venv/.made
	@rm -rf typings/$*
	$(PIP) install --no-deps -c constraints.txt -t typings/$* \
		micropython-$*-stubs micropython-stdlib-stubs
	@touch $@
