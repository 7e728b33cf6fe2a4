# make              build/libdonut.a and build/donut
# make demo         train, score and evaluate the bundled sample
# make test         every test that needs gcc and make alone
# make install      into PREFIX, with a manual page and a pkg-config file; make uninstall
# make fuzz         fuzzes the readers with clang's libFuzzer for FUZZ_SECONDS each (60)
# make bench-speed  how fast everything is, beside the CPU's peak and PyTorch; QUICK=1: a minute
# make bench-sampler  how exact scores are, on real KPIs in the folder DONUT_DATA
# make accuracy     the paper's recipe on real KPIs in the folder DONUT_DATA, SEEDS seeds each (3)
# make clean        removes the build folder
#
# CC, CFLAGS, LDFLAGS   yours come last, so they win
# B                     build folder; build
# V=1                   show the commands
# WERROR=               build in spite of warnings, of a compiler newer than this
# PREFIX, DESTDIR       for install and uninstall; /usr/local

CC ?= gcc
AR ?= ar
ifeq ($(origin CC),default)
CC := gcc
endif
B ?= build
PREFIX ?= /usr/local
V ?= 0
Q := $(if $(filter 1,$(V)),,@)
VERSION := $(shell sed -n 's/^.define DONUT_VERSION "\(.*\)"/\1/p' include/donut.h)

WERROR ?= -Werror
WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wpedantic -Wmissing-prototypes $(WERROR)
CFLAGS ?= -O2 -g
all_cflags = -std=c11 -pthread $(WARNINGS) -ffp-contract=off -fno-common -Iinclude -Isrc $(CFLAGS)

lib_sources := $(sort $(wildcard src/base/*.c src/kernel/*.c src/data/*.c src/nn/*.c src/model/*.c \
                 src/detect/*.c src/train/*.c src/eval/*.c))
cli_sources := $(sort $(wildcard src/cli/*.c))
lib_objects := $(lib_sources:%.c=$(B)/%.o)
cli_objects := $(cli_sources:%.c=$(B)/%.o)
# The network once more with real = double, for the gradient checks.
double_sources := $(sort $(wildcard src/base/*.c src/kernel/*.c src/nn/*.c src/model/vae*.c))
double_objects := $(double_sources:%.c=$(B)/double/%.o)
unit_sources := $(sort $(wildcard tests/unit/test_*.c))
unit_tests := $(unit_sources:tests/unit/%.c=$(B)/tests/%)
double_tests := $(filter %_double,$(unit_tests))
test_headers := $(wildcard tests/unit/*.h)
tools := $(patsubst tests/tools/%.c,$(B)/tools/%,$(sort $(wildcard tests/tools/*.c)))

.PHONY: all demo bench-speed bench-sampler accuracy test unit tools fuzz install uninstall clean help
all: $(B)/donut $(B)/libdonut.a

# Rebuild when the compiler or its flags change.
settings := $(CC) $(all_cflags) $(LDFLAGS)
$(B)/settings: FORCE
	@mkdir -p $(B)
	@printf '%s\n' '$(settings)' | cmp -s - $@ || printf '%s\n' '$(settings)' >$@
FORCE:

$(B)/%.o: %.c $(B)/settings
	@mkdir -p $(@D)
	@echo "  CC $<"
	$(Q)$(CC) $(all_cflags) -MMD -MP -c -o $@ $<

$(B)/double/%.o: %.c $(B)/settings
	@mkdir -p $(@D)
	@echo "  CC $< (double)"
	$(Q)$(CC) $(all_cflags) -DDONUT_REAL_DOUBLE -MMD -MP -c -o $@ $<

$(B)/libdonut.a: $(lib_objects)
	@echo "  AR $@"
	$(Q)rm -f $@ && $(AR) rcs $@ $(lib_objects)

$(B)/donut: $(cli_objects) $(B)/libdonut.a
	@echo "  LD $@"
	$(Q)$(CC) $(all_cflags) $(LDFLAGS) -o $@ $(cli_objects) $(B)/libdonut.a -lm

$(double_tests): $(B)/tests/%: tests/unit/%.c $(test_headers) $(double_objects)
	@mkdir -p $(@D)
	@echo "  LD $@"
	$(Q)$(CC) $(all_cflags) -DDONUT_REAL_DOUBLE -Itests/unit $(LDFLAGS) -o $@ $< $(double_objects) -lm

$(filter-out $(double_tests),$(unit_tests)): $(B)/tests/%: tests/unit/%.c $(test_headers) \
                                                  $(B)/libdonut.a
	@mkdir -p $(@D)
	@echo "  LD $@"
	$(Q)$(CC) $(all_cflags) -Itests/unit $(LDFLAGS) -o $@ $< $(B)/libdonut.a -lm

$(B)/tools/%: tests/tools/%.c $(wildcard tests/tools/*.h) $(B)/libdonut.a
	@mkdir -p $(@D)
	@echo "  LD $@"
	$(Q)$(CC) $(all_cflags) $(LDFLAGS) -o $@ $< $(B)/libdonut.a -lm

speed_sources := $(sort $(wildcard tests/bench/speed/*.c))
$(B)/bench/speed: $(speed_sources) $(wildcard tests/bench/speed/*.h tests/tools/*.h) \
                  $(B)/src/cli/text.o $(B)/libdonut.a
	@mkdir -p $(@D)
	@echo "  LD $@"
	$(Q)$(CC) $(all_cflags) $(LDFLAGS) -o $@ $(speed_sources) $(B)/src/cli/text.o \
	    $(B)/libdonut.a -lm

unit: $(unit_tests)
tools: $(tools)

test: all unit tools
	$(Q)B=$(B) scripts/run_tests

FUZZ_SECONDS ?= 60
fuzz:
	@command -v clang >/dev/null || { echo 'make fuzz needs clang and its libFuzzer'; exit 1; }
	$(Q)B=$(B) FUZZ_SECONDS=$(FUZZ_SECONDS) scripts/fuzz

demo: all
	$(Q)B=$(B) scripts/demo

bench-speed: all $(B)/bench/speed $(B)/tools/make_kpi
	$(Q)B=$(B) scripts/bench_speed

$(B)/bench/sampler_error: tests/bench/sampler_error.c $(B)/libdonut.a
	@mkdir -p $(@D)
	@echo "  LD $@"
	$(Q)$(CC) $(all_cflags) $(LDFLAGS) -o $@ $< $(B)/libdonut.a -lm

bench-sampler: all $(B)/bench/sampler_error
	$(Q)B=$(B) scripts/bench_sampler

accuracy: all
	$(Q)B=$(B) scripts/accuracy

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/pkgconfig \
	    $(DESTDIR)$(PREFIX)/include $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 $(B)/donut $(DESTDIR)$(PREFIX)/bin/donut
	install -m 644 $(B)/libdonut.a $(DESTDIR)$(PREFIX)/lib/libdonut.a
	install -m 644 include/donut.h $(DESTDIR)$(PREFIX)/include/donut.h
	install -m 644 src/cli/donut.1 $(DESTDIR)$(PREFIX)/share/man/man1/donut.1
	sed 's,@PREFIX@,$(PREFIX),; s,@VERSION@,$(VERSION),' src/cli/donut.pc.in \
	    >$(DESTDIR)$(PREFIX)/lib/pkgconfig/donut.pc

uninstall:
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/,bin/donut lib/libdonut.a include/donut.h \
	    share/man/man1/donut.1 lib/pkgconfig/donut.pc)

clean:
	rm -rf $(B)

help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' Makefile

-include $(lib_objects:.o=.d) $(cli_objects:.o=.d) $(double_objects:.o=.d)
