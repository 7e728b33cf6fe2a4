# shellcheck shell=sh
# shellcheck disable=SC2154  # $root, $build and so on are those of run_tests
# What the groups of scripts/run_tests test: test_GROUP NAME runs a test and counts it by pass,
# fail, skip, check or check_with. $scratch is a folder of its own, $build has what was built.

test_layers() {
    check layers scripts/check_layers.sh
}

test_unit() {
    case $1 in
    *_double) program=$build/tests/unit_double ;;
    *) program=$build/tests/unit ;;
    esac
    if [ -x "$program" ]; then
        check "test_$1" limited DONUT_TEST_KERNEL="${KERNEL-}" DONUT_TEST_THREADS="${THREADS-}" \
            "$program" "$1"
    else
        fail "test_$1: not built; run make unit"
    fi
}

# generated PRESET SEED ROWS LABELS: how many rows and labelled anomalies the generator makes
generated() {
    "$build/tools/make_kpi" --preset "$1" --seed "$2" |
        awk -F, -v rows="$3" -v labels="$4" '
            NR > 1 { n++; sum += $3 }
            END { print n " rows, " sum " labelled"; exit !(n == rows && sum == labels) }'
}

same_sample() {
    "$build/tools/make_kpi" --preset sample --seed 3 | cmp - data/sample.csv
}

# Rows are points less the missing ones: table 1 of the paper for a, b and c.
test_tools() {
    check 'data/sample.csv is what its README says' same_sample
    check 'stand-in a' generated a 1 $((296460 - 1222)) 1213
    check 'stand-in b' generated b 1 $((317522 - 1117)) 1883
    check 'stand-in c' generated c 1 $((285120 - 304)) 4394
}

# Makes a donut that trains and scores with $KERNEL and $THREADS, where a case does not say itself.
forced_donut() {
    cat >"$scratch/donut" <<END
#!/bin/sh
command=\${1-}
case \$command in
train | score) shift ;;
*) exec '$build/donut' "\$@" ;;
esac
case " \$* " in
*' --kernel'[\ =]*) ;;
*) [ -z '${KERNEL-}' ] || set -- --kernel '${KERNEL-}' "\$@" ;;
esac
case " \$* " in
*' --threads'[\ =]*) ;;
*) [ -z '${THREADS-}' ] || set -- --threads '${THREADS-}' "\$@" ;;
esac
exec '$build/donut' "\$command" "\$@"
END
    chmod +x "$scratch/donut"
}

# Runs a case in a folder of its own, without the caller's environment.
run_case() {
    mkdir "$scratch/case"
    cd "$scratch/case" || exit 1
    limited -i PATH="$PATH" HOME=/nonexistent CC="${CC:-gcc}" DONUT="$donut" \
        CASES="$root/tests/cli" sh "$1" >"$scratch/out" 2>"$scratch/err"
    status=$?
    cd "$root" || exit 1
}

record_case() {
    rm -f "$1.out" "$1.err" "$1.exit"
    [ ! -s "$scratch/out" ] || cp "$scratch/out" "$1.out"
    [ ! -s "$scratch/err" ] || cp "$scratch/err" "$1.err"
    [ "$status" = 0 ] || echo "$status" >"$1.exit"
}

# The files that a case has; one that it has not is empty, the exit status then 0.
compare_case() {
    for kind in out err; do
        if [ -e "$1.$kind" ]; then
            diff -u "$1.$kind" "$scratch/$kind" || return
        elif [ -s "$scratch/$kind" ]; then
            diff -u /dev/null "$scratch/$kind" || return
        fi
    done
    expected=0
    [ ! -e "$1.exit" ] || read -r expected <"$1.exit"
    [ "$status" = "$expected" ] || { echo "exit status $status, not $expected" && return 1; }
}

test_cli() {
    case=tests/cli/$1
    donut=$build/donut
    if [ -n "${KERNEL-}${THREADS-}" ]; then
        forced_donut
        donut=$scratch/donut
    fi
    if [ "$static" = 1 ] && grep -q LD_PRELOAD "$case.sh"; then
        skip "cli/$1, needs a program that is not static, to preload into"
        return
    fi
    run_case "$root/$case.sh"
    if [ "$status" = 77 ]; then
        skip "cli/$1, $(cat "$scratch/out")"
    elif [ "$record" = 1 ]; then
        record_case "$case"
    else
        check "cli/$1" compare_case "$case"
    fi
}

# Global symbols of the library without donut_ in front.
foreign_globals() {
    [ -s "$build/libdonut.a" ] || { echo "$build/libdonut.a is not built" && return 1; }
    nm -g --defined-only "$build/libdonut.a" | awk 'NF == 3 && $3 !~ /^donut_/ { print; bad = 1 }
                                                     END { exit bad }'
}

# Symbols in memory that can be written to once the program runs.
mutable_globals() {
    [ -s "$build/libdonut.a" ] || { echo "$build/libdonut.a is not built" && return 1; }
    objdump -t "$build/libdonut.a" | awk '
        $NF !~ /^\./ && / (\.data|\.bss|\.tdata|\.tbss|\*COM\*)/ && !/ \.data\.rel\.ro/ {
            print
            bad = 1
        }
        END { exit bad }'
}

test_symbols() {
    check 'every global symbol begins with donut_' foreign_globals
    check 'no variable outlives a call' mutable_globals
}

# install_run TARGET: make install or uninstall into the scratch folder
install_run() {
    make B="$build" PREFIX=/opt/donut DESTDIR="$scratch/root" "$1"
}

install_program() {
    cat >"$scratch/program.c" <<'END'
#include <donut.h>
#include <string.h>
int main(void)
{
    struct donut_error err;
    struct donut_series *series = NULL;
    const char csv[] = "0,1\n60,2\n120,3\n";
    if (donut_series_read_csv(csv, strlen(csv), NULL, &series, &err) != DONUT_OK)
        return 1;
    const int good = series->n == 3 && series->interval_ms == 60000;
    donut_series_free(series);
    return !good;
}
END
    # As pkg-config does it, for where there is none.
    flags=$(sed -n "s,\${includedir},$prefix/include,; s,\${libdir},$prefix/lib,
                    s/^Cflags: *//p; s/^Libs: *//p" "$prefix/lib/pkgconfig/donut.pc")
    # shellcheck disable=SC2086  # words are what is wanted
    ${CC:-gcc} -std=c11 -Wall -Wextra -Werror ${CFLAGS-} -o "$scratch/program" \
        "$scratch/program.c" $flags ${LDFLAGS-} && "$scratch/program"
}

# By another name, too, as from a folder of commands.
install_plot() {
    ln -sf "$prefix/share/donut/plot" "$scratch/donut-plot" &&
        "$scratch/donut-plot" --commands "$root/tests/cli/scores.csv" | grep -q '^set terminal'
}

install_pkg_config() {
    PKG_CONFIG_PATH=$prefix/lib/pkgconfig pkg-config --modversion donut |
        grep -x "$(sed -n 's/^#define DONUT_VERSION "\(.*\)"/\1/p' include/donut.h)"
}

install_header_cxx() {
    echo '#include <donut.h>' >"$scratch/header.cc"
    g++ -Wall -Wextra -Wpedantic -Werror -I"$prefix/include" -fsyntax-only \
        "$scratch/header.cc"
}

install_left() {
    [ -z "$(find "$scratch/root" ! -type d | tee /dev/stderr)" ]
}

test_install() {
    prefix=$scratch/root/opt/donut
    check 'make install' install_run install
    for file in bin/donut lib/libdonut.a include/*.h \
        lib/pkgconfig/donut.pc share/man/man1/donut.1 share/bash-completion/completions/donut \
        share/zsh/site-functions/_donut share/fish/vendor_completions.d/donut.fish \
        share/donut/plot share/donut/recipes/prometheus/fetch; do
        check "installed: $file" test -s "$prefix/$file"
    done
    check 'installed program runs' "$prefix/bin/donut" --version
    check 'installed plot runs' install_plot
    check 'a program builds with donut.pc' install_program
    check_with pkg-config 'donut.pc for pkg-config' install_pkg_config
    check_with g++ 'donut.h is C++, too' install_header_cxx
    check_with mandoc 'manual page' mandoc -Tlint -W style "$prefix/share/man/man1/donut.1"
    check 'make uninstall' install_run uninstall
    check 'uninstall leaves nothing' install_left
}

# The fenced sh blocks of README.md, one after the other, in a copy of the repository.
readme_blocks() {
    mkdir "$scratch/readme" || return 1
    for entry in "$root"/*; do
        case ${entry##*/} in
        build*) ;;
        *) cp -R "$entry" "$scratch/readme/" || return 1 ;;
        esac
    done
    awk '/^```sh$/ { inside = 1; next } /^```/ { inside = 0 } inside' README.md \
        >"$scratch/readme.sh"
    (cd "$scratch/readme" && PATH=$build:$PATH sh -eux "$scratch/readme.sh" </dev/null)
}

# The C program of README.md finds its spike.
readme_program() {
    awk '/^```c$/ { inside = 1; next } /^```/ { inside = 0 } inside' README.md >"$scratch/readme.c"
    # shellcheck disable=SC2086  # words are what is wanted
    ${CC:-gcc} -std=c11 -Wall -Wextra -Werror ${CFLAGS-} -Iinclude -o "$scratch/readme.bin" \
        "$scratch/readme.c" "$build/libdonut.a" -lm -pthread ${LDFLAGS-} &&
        "$scratch/readme.bin" | grep 'expected [12][0-9]: anomaly'
}

test_readme() {
    case $1 in
    commands) check 'the commands of README.md' readme_blocks ;;
    program) check 'the program of README.md' readme_program ;;
    esac
}

test_bench() {
    check 'make bench in small' env B="$build" scripts/bench/test
    check 'the verdict of make bench in small' env B="$build" scripts/bench/test_verdict
    if ! command -v gnuplot >/dev/null; then skip 'the figures of make bench, needs gnuplot'; fi
}

# A stretch of a real KPI, cut at a random place, is scored alike as a file, as a stream, and as a
# stream whose bytes come in pieces of random size.
stream_of() {
    seed=$(cksum "$1" | cut -d ' ' -f 1)
    head -c 2000000 "$1" | sed '$d' >"$scratch/kpi.csv"
    "$build/donut" train -q --window 24 --latent 3 --hidden 16 --epochs 1 -o "$scratch/model" \
        "$scratch/kpi.csv" || return
    awk -v seed="$seed" '
        NR == FNR { n++; next }
        FNR == 1 {
            srand(seed)
            first = 2 + int(rand() * n / 2)
            last = first + 200 + int(rand() * 5000)
            print
        }
        FNR >= first && FNR <= last && FNR > 1' \
        "$scratch/kpi.csv" "$scratch/kpi.csv" >"$scratch/cut.csv"
    "$build/donut" score -q --batch -m "$scratch/model" "$scratch/cut.csv" >"$scratch/whole" &&
        "$build/donut" score -q --follow -m "$scratch/model" "$scratch/cut.csv" \
            >"$scratch/stream" &&
        cmp "$scratch/whole" "$scratch/stream" &&
        awk -v seed="$seed" '
            BEGIN { srand(seed) }
            { line = $0 "\n"; at = 1
              while (at <= length(line)) {
                  n = 1 + int(rand() * 60); printf "%s", substr(line, at, n); at += n
                  if (rand() < 0.2) fflush()
              } }' "$scratch/cut.csv" |
            "$build/donut" score -q --follow -m "$scratch/model" | cmp "$scratch/whole" -
}

test_data() {
    if [ -z "${DONUT_DATA-}" ]; then
        skip 'data, needs a folder of real KPIs in DONUT_DATA'
        return
    fi
    for kpi in "$DONUT_DATA"/*/*.csv "$DONUT_DATA"/*/*/*.csv; do
        [ ! -e "$kpi" ] || check "a stream is its file: $(basename "$kpi")" stream_of "$kpi"
    done
}
