# make              build/libdonut.a and build/donut
# make demo         train, score and evaluate the bundled sample
# make test         every test that needs gcc and make alone, 1 to 2 minutes on 2 cores
# make check        the quick ones of them, in seconds: all but those in tests/slow
#                   scripts/run_tests NAME runs a single one
# make test-recipes runs the recipes of scripts/recipes against Debian's packages
# make install      into PREFIX, with a manual page, completions, recipes and a pkg-config file
# make uninstall    removes exactly that
# make dist         build/donut-VERSION.tar.gz of what is committed, the same bytes every time
# make deb          Debian packages of what is committed, in build/deb
# make fuzz         fuzzes the readers with clang's libFuzzer for FUZZ_SECONDS each (60)
# make bench        every table and figure of the two sources, into tests/bench: 85 minutes on 2
#                   cores with the real KPIs in the folder DONUT_DATA, which scripts/fetch_data.sh
#                   fills, 30 without; goes on where it was stopped. FULL=1: 10 repeats of
#                   everything and the paper's full training, 4 hours; JOBS: runs at a time;
#                   EXPERIMENTS: only these, as in EXPERIMENTS='fig7 scores'; verdict: how
#                   good the alarms are, on all KPIs of DONUT_DATA, with three seeds: hours more
# make bench-quick  the same in small, into build/bench-quick: 2 repeats of 5 epochs
# make bench-speed  how fast everything is, beside the CPU's peak and PyTorch; QUICK=1: a minute
# make bench-sampler  how exact scores are, on real KPIs in the folder DONUT_DATA
# make clean        removes the build folder
#
# CC, CPPFLAGS, CFLAGS, LDFLAGS   yours come last, so they win
# STATIC=1              one static binary that runs anywhere; smaller with CC=musl-gcc
# B                     build folder; build
# V=1                   show the commands
# -j N                  so many compilers at a time; all cores
# JOBS                  so many tests at a time; all cores
# TESTS                 the unit tests to build, as in TESTS='kernel pool'; all
# WERROR=               build in spite of warnings, of a compiler newer than this
# PREFIX, DESTDIR       for install and uninstall; /usr/local
# LIBDIR, BASHDIR, ZSHDIR, FISHDIR   where the library and the shells' completions go

CC ?= gcc
AR ?= ar
ifeq ($(origin CC),default)
CC := gcc
endif
B ?= build
PREFIX ?= /usr/local
V ?= 0
Q := $(if $(filter 1,$(V)),,@)
# In front of blanks that a function would take off.
empty :=
VERSION := $(shell sed -n 's/^.define DONUT_VERSION "\(.*\)"/\1/p' include/donut.h)

# All cores, unless -j says otherwise or this make shares the jobs of another.
cores := nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1
MAKEFLAGS += $(shell case "$$MAKEFLAGS" in (*-j*) ;; (*) echo "-j$$($(cores))" ;; esac)
# What `make clean all` removes must not be what it makes at the same time.
ifneq ($(filter clean,$(MAKECMDGOALS)),)
.NOTPARALLEL:
endif

WERROR ?= -Werror
WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wpedantic -Wmissing-prototypes $(WERROR)
# Tests are compiled in half the time without debugging information, unless you say how. Those that
# include a source are compiled as it is.
ifeq ($(origin CFLAGS),undefined)
CFLAGS := -O2 -g
with_source := $(patsubst tests/unit/%.c,%,$(shell grep -l '^.include ".*\.c"' tests/unit/*.c))
test_cflags = -g0 $(if $(filter $(with_source),$*),,-O1)
double_cflags := -g0
endif
ifeq ($(STATIC),1)
override LDFLAGS += -static
endif
all_cflags = -std=c11 -pthread $(WARNINGS) -ffp-contract=off -fno-common -Iinclude -Isrc \
             $(CPPFLAGS) $(CFLAGS)

lib_sources := $(sort $(wildcard src/base/*.c src/kernel/*.c src/data/*.c src/nn/*.c src/model/*.c \
                 src/detect/*.c src/train/*.c src/eval/*.c))
cli_sources := $(sort $(wildcard src/cli/*.c))
lib_objects := $(lib_sources:%.c=$(B)/%.o)
cli_objects := $(cli_sources:%.c=$(B)/%.o)
# The network once more with real = double, for the gradient checks.
double_sources := $(sort $(wildcard src/base/*.c src/kernel/*.c src/nn/*.c src/model/vae*.c))
double_objects := $(double_sources:%.c=$(B)/double/%.o)
TESTS ?= $(patsubst tests/unit/test_%.c,%,$(sort $(wildcard tests/unit/test_*.c)))
unit_objects := $(TESTS:%=$(B)/tests/test_%.o)
unit_double_objects := $(filter %_double.o,$(unit_objects))
unit_float_objects := $(filter-out %_double.o,$(unit_objects))
# Of the command line what its tests do not include themselves.
unit_cli_objects := $(filter %/escape.o %/flood.o %/text.o %/format.o $(B)/src/cli/format_%.o, \
                      $(cli_objects))
unit_programs := $(if $(unit_float_objects),$(B)/tests/unit) \
                 $(if $(unit_double_objects),$(B)/tests/unit_double)
tools := $(patsubst tests/tools/%.c,$(B)/tools/%,$(sort $(wildcard tests/tools/*.c)))

.PHONY: all demo bench bench-quick bench-speed bench-sampler test check test-recipes unit \
        tools fuzz install uninstall dist deb clean help
all: $(B)/donut $(B)/libdonut.a

# Rebuild when the compiler or its flags change. All that is built needs this first: it makes the
# folders at once, a process for each file less.
settings := $(CC) $(all_cflags) $(LDFLAGS)
folders := $(sort $(dir $(lib_objects) $(cli_objects) $(double_objects)) $(B)/tests $(B)/tools \
             $(B)/bench)
$(B)/settings: FORCE
	@mkdir -p $(folders)
	@printf '%s\n' '$(settings)' | cmp -s - $@ || printf '%s\n' '$(settings)' >$@
# Likewise for the programs of the tests and TESTS.
$(B)/tests/list: $(B)/settings FORCE
	@printf '%s\n' '$(TESTS)' | cmp -s - $@ || printf '%s\n' '$(TESTS)' >$@
FORCE:

$(B)/%.o: %.c $(B)/settings
	$(info $(empty)  CC $<)$(Q)$(CC) $(all_cflags) -MMD -MP -c -o $@ $<

$(B)/double/%.o: %.c $(B)/settings
	$(info $(empty)  CC $< (double))$(Q)$(CC) $(all_cflags) $(double_cflags) -DDONUT_REAL_DOUBLE \
	    -MMD -MP -c -o $@ $<

$(B)/libdonut.a: $(lib_objects)
	$(info $(empty)  AR $@)$(Q)rm -f $@ && $(AR) rcs $@ $(lib_objects)

$(B)/donut: $(cli_objects) $(B)/libdonut.a
	$(info $(empty)  LD $@)$(Q)$(CC) $(all_cflags) $(LDFLAGS) -o $@ $(cli_objects) \
	    $(B)/libdonut.a -lm

$(unit_objects) $(B)/tests/main.o: $(B)/tests/%.o: tests/unit/%.c $(B)/settings
	$(info $(empty)  CC $<)$(Q)$(CC) $(all_cflags) $(test_cflags) \
	    $(if $(filter %_double,$*),-DDONUT_REAL_DOUBLE) -Itests/unit -MMD -MP -c -o $@ $<

$(B)/tests/unit: $(B)/tests/main.o $(unit_float_objects) $(unit_cli_objects) $(B)/libdonut.a \
                 $(B)/tests/list
	$(info $(empty)  LD $@)$(Q)$(CC) $(all_cflags) $(LDFLAGS) -o $@ $(filter-out %/list,$^) -lm

$(B)/tests/unit_double: $(B)/tests/main.o $(unit_double_objects) $(double_objects) $(B)/tests/list
	$(info $(empty)  LD $@)$(Q)$(CC) $(all_cflags) $(LDFLAGS) -o $@ $(filter-out %/list,$^) -lm

$(B)/tools/%: tests/tools/%.c $(wildcard tests/tools/*.h) $(B)/libdonut.a
	$(info $(empty)  LD $@)$(Q)$(CC) $(all_cflags) $(LDFLAGS) -o $@ $< $(B)/libdonut.a -lm

speed_sources := $(sort $(wildcard tests/bench/speed/*.c))
$(B)/bench/speed: $(speed_sources) $(wildcard tests/bench/speed/*.h tests/tools/*.h) \
                  $(B)/src/cli/text.o $(B)/libdonut.a
	$(info $(empty)  LD $@)$(Q)$(CC) $(all_cflags) $(LDFLAGS) -o $@ $(speed_sources) $(B)/src/cli/text.o \
	    $(B)/libdonut.a -lm

unit: $(unit_programs)
tools: $(tools)

test: all unit tools
	$(Q)B=$(B) scripts/run_tests

check: all unit tools
	$(Q)B=$(B) scripts/run_tests --quick

test-recipes: all $(B)/tools/make_kpi
	$(Q)B=$(B) scripts/recipes/test

FUZZ_SECONDS ?= 60
fuzz:
	@command -v clang >/dev/null || { echo 'make fuzz needs clang and its libFuzzer'; exit 1; }
	$(Q)B=$(B) FUZZ_SECONDS=$(FUZZ_SECONDS) scripts/fuzz

demo: all
	$(Q)B=$(B) scripts/demo

bench: all $(B)/tools/make_kpi
	$(Q)B=$(B) scripts/bench/run

bench-quick: all $(B)/tools/make_kpi
	$(Q)B=$(B) QUICK=1 scripts/bench/run

bench-speed: all $(B)/bench/speed $(B)/tools/make_kpi
	$(Q)B=$(B) scripts/bench_speed

$(B)/bench/sampler_error: tests/bench/sampler_error.c $(B)/libdonut.a
	$(info $(empty)  LD $@)$(Q)$(CC) $(all_cflags) $(LDFLAGS) -o $@ $< $(B)/libdonut.a -lm

bench-sampler: all $(B)/bench/sampler_error
	$(Q)B=$(B) scripts/bench_sampler

LIBDIR ?= $(PREFIX)/lib
BASHDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR ?= $(PREFIX)/share/zsh/site-functions
FISHDIR ?= $(PREFIX)/share/fish/vendor_completions.d
sharedir := $(PREFIX)/share/donut
headers := $(wildcard include/*.h)
manual := $(B)/donut.1
completions := $(BASHDIR)/donut $(ZSHDIR)/_donut $(FISHDIR)/donut.fish
# What an operator copies, without what tests it.
shared := $(notdir $(wildcard scripts/plot scripts/plot_*.awk)) $(sort $(shell cd scripts && \
            find recipes -type f ! -name 'test*' ! -name packages ! -path '*/stand[-_]in*' \
            ! -name lib.sh ! -name kpi.awk 2>/dev/null))

$(B)/completion.%: $(B)/donut
	$(Q)$< completion $* >$@.part && mv $@.part $@

$(manual): src/cli/donut.1.in scripts/make_manual $(B)/donut
	$(Q)scripts/make_manual $(B)/donut >$@.part && mv $@.part $@

install: all $(manual) $(addprefix $(B)/completion.,bash zsh fish)
	install -d $(addprefix $(DESTDIR),$(PREFIX)/bin $(PREFIX)/include $(PREFIX)/share/man/man1 \
	    $(LIBDIR)/pkgconfig $(dir $(completions)))
	install -m 755 $(B)/donut $(DESTDIR)$(PREFIX)/bin/donut
	install -m 644 $(B)/libdonut.a $(DESTDIR)$(LIBDIR)/libdonut.a
	install -m 644 $(headers) $(DESTDIR)$(PREFIX)/include
	install -m 644 $(manual) $(DESTDIR)$(PREFIX)/share/man/man1/donut.1
	sed -e 's,^libdir=.*,libdir=$(LIBDIR:$(PREFIX)/%=$${prefix}/%),' -e 's,@PREFIX@,$(PREFIX),' \
	    -e 's,@VERSION@,$(VERSION),' src/cli/donut.pc.in >$(DESTDIR)$(LIBDIR)/pkgconfig/donut.pc
	install -m 644 $(B)/completion.bash $(DESTDIR)$(BASHDIR)/donut
	install -m 644 $(B)/completion.zsh $(DESTDIR)$(ZSHDIR)/_donut
	install -m 644 $(B)/completion.fish $(DESTDIR)$(FISHDIR)/donut.fish
	for file in $(shared); do \
	    mode=644; if [ -x scripts/$$file ]; then mode=755; fi; \
	    install -D -m $$mode scripts/$$file $(DESTDIR)$(sharedir)/$$file || exit; \
	done

uninstall:
	rm -f $(addprefix $(DESTDIR),$(addprefix $(PREFIX)/,bin/donut $(headers) \
	    share/man/man1/donut.1) $(LIBDIR)/libdonut.a $(LIBDIR)/pkgconfig/donut.pc \
	    $(completions) $(addprefix $(sharedir)/,$(shared)))
	[ ! -d $(DESTDIR)$(sharedir) ] || find $(DESTDIR)$(sharedir) -depth -type d -empty -delete

dist:
	$(Q)B=$(B) VERSION=$(VERSION) scripts/packaging/dist

deb:
	$(Q)B=$(B) VERSION=$(VERSION) scripts/packaging/deb

clean:
	rm -rf $(B)

help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' Makefile

-include $(patsubst %.o,%.d,$(lib_objects) $(cli_objects) $(double_objects) $(unit_objects) \
            $(B)/tests/main.o)
