# SPDX-License-Identifier: GPL-2.0
# qla_isp: what can be built, run and tested; `make help` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := all

KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build
# SCST's headers with those that its build generates, and its Module.symvers:
# by default where its own install or its package puts them.
SCST_DIRS := /usr/local/include/scst /usr/include/scst
SCST_INC ?= $(patsubst %/scst.h,%,$(firstword $(wildcard $(SCST_DIRS:%=%/scst.h))))
DESTDIR ?=
# Levels of the tests, cheapest first; LEVELS="unit sim" selects some.
LEVELS ?=
JOBS ?= $(shell nproc)

.PHONY: all help setup ispsim modules install uninstall lab-modules check \
	check-full check-judges demo bench mutants lint clean

# A machine that only serves disks need not have what the model is built with.
all:
	@if echo '#include <cjson/cJSON.h>' | \
		$(CC) -E -o /dev/null - 2>/dev/null; then \
		$(MAKE) --no-print-directory ispsim; \
	else \
		echo "ispsim left out: no cjson/cJSON.h (make setup installs it)"; \
	fi
	@$(MAKE) --no-print-directory modules

help:
	@printf '%s\n' \
	'make              the modules for the running kernel, and ispsim where' \
	'                  libcjson-dev is' \
	'make setup        install the Debian packages that building and testing need' \
	'make ispsim       the model: build/ispsim' \
	'make modules      isp_mod.ko, isp_lio.ko for KVER (the running kernel), and' \
	'                  isp_scst.ko with SCST_INC or an installed SCST; in build/' \
	'make install      them and their files of udev, modprobe and man; DESTDIR, KVER' \
	'make uninstall    take away what that put there' \
	'make lab-modules  the same for the kernels of the lab: build/modules/' \
	'make demo         two VMs, a LUN over Fibre Channel, a table at the end' \
	'make check        all levels of tests/ that fit CI; LEVELS="unit sim"' \
	'make check-full   the same with the whole cross of kernels, chips, topologies' \
	'make sim          storms of faults; SEED=0x.. N=1 replays one seed' \
	'make soak         the same for MINUTES (480), another seed each time' \
	'make check-judges libiscsi, sg3_utils, ext4 and xfs judge our disks' \
	'make check-debug  the whole vm suite on the debug kernel (KASAN, lockdep, ...)' \
	'make matrix       compile against every kernel that Debian offers: a table' \
	'make mutants      each committed breakage must turn unit or sim red' \
	'make lint         the lint level alone' \
	'make bench        speed of the model with both ends in one process' \
	'make clean        remove build/'

setup:
	tests/setup

ispsim:
	$(MAKE) -C model -j$(JOBS)

# Built on a copy, so that nothing is left in driver/. Headers may be missing
# for a home-made kernel: say what would help.
MOD := build/modules/$(KVER)
MODDIR := $(DESTDIR)/lib/modules/$(KVER)/extra
OURS := isp_mod.ko isp_lio.ko isp_scst.ko

scst_file = $(wildcard $(SCST_INC)/$(1))
ifeq ($(SCST_INC),)
  NO_SCST := no scst.h in $(SCST_DIRS)
else ifeq ($(call scst_file,scst.h),)
  NO_SCST := no scst.h in $(SCST_INC)
else ifeq ($(call scst_file,Module.symvers)$(call scst_file,../src/Module.symvers),)
  NO_SCST := no Module.symvers with $(SCST_INC)/scst.h; build SCST first
else
  SCST_ARG := SCST_INC=$(abspath $(SCST_INC))
endif

modules:
	@if [ ! -e "$(KDIR)/Makefile" ]; then \
		printf '%s\n' \
		"modules: no kernel headers at $(KDIR), nothing built for $(KVER)." \
		"  On Debian: apt-get install linux-headers-$(KVER)" \
		"  For the kernels of the lab (no package needed): make lab-modules"; \
	else \
		mkdir -p $(MOD)/src && rm -f $(MOD)/*.ko $(MOD)/src/*.ko && \
		cp -ru driver/. $(MOD)/src/ && \
		$(MAKE) -C "$(KDIR)" M="$(CURDIR)/$(MOD)/src" -j$(JOBS) \
			SCST_INC= $(SCST_ARG) modules && \
		cp $(MOD)/src/*.ko $(MOD)/ && ls -l $(MOD)/*.ko && \
		if [ "$(KVER)" = "$$(uname -r)" ]; then \
			rm -f $(OURS:%=build/%) && cp $(MOD)/*.ko build/; \
		fi && \
		if [ -n "$(NO_SCST)" ]; then \
			echo "modules: isp_scst left out: $(NO_SCST)" \
				"(make SCST_INC=DIR)"; \
		fi; \
	fi

install:
	@if ! compgen -G '$(MOD)/*.ko' >/dev/null; then \
		echo "install: nothing is built for $(KVER); run make first" >&2; \
		exit 1; \
	fi
	install -d "$(MODDIR)"
	install -m 644 $(MOD)/*.ko "$(MODDIR)"
	packaging/install "$(DESTDIR)"
	@echo "now: depmod -a $(KVER)"

uninstall:
	rm -f $(OURS:%="$(MODDIR)/%")
	packaging/install --remove "$(DESTDIR)"
	@echo "now: depmod -a $(KVER)"

lab-modules:
	lab/build-modules

check:
	tests/setup
	LEVELS="$(LEVELS)" tests/run

check-full:
	tests/setup
	LEVELS="$(LEVELS)" FULL=1 tests/run

check-judges:
	tests/setup
	LEVELS=judges tests/run

check-debug:
	tests/setup
	LEVELS=debug FULL=1 tests/run

matrix:
	lab/matrix

mutants:
	LEVELS=mutants tests/run

# Seeds of tests/sim/storm; a failing one is shrunk into build/sim/failed/.
SEED ?= $(shell date +%s)
N ?= 1000
MINUTES ?= 480
STORMS = build/sim/storm/opt/storms -s $(SEED) -j $(JOBS) -o build/sim/failed
.PHONY: sim soak storms
storms:
	$(MAKE) -s -C tests/sim/storm -j$(JOBS) opt
	@mkdir -p build/sim/failed

sim: storms
	$(STORMS) -n $(N)

soak: storms
	$(STORMS) -T '$(MINUTES)'

lint:
	LEVELS=lint tests/run

demo:
	demo/run

bench:
	tests/bench/run

clean:
	rm -rf build
