# Shared by the recipes' tests. A test is a POSIX sh (or bash) script that begins with
#
#     set -u
#     . "$(dirname "$0")/../lib.sh"
#
# and then has, whether it was started by scripts/recipes/test or by hand:
#
#     $root     top of the repository, absolute      $build    build folder, absolute ($B; default build)
#     $here     the recipe's own folder              $scratch  empty folder, removed at the end
#     donut     first in PATH; make_kpi beside it
#
#     free_ports N               N free TCP ports of 127.0.0.1, one a line
#     serve NAME COMMAND...      starts a server; its output goes to $scratch/NAME.log, its id to $server.
#                                Ends with the test, however that ends
#     stop ID                    ends one server now and waits for it
#     wait_for SECONDS WHAT COMMAND...   polls until the command succeeds; else the test has failed
#     wait_port NAME PORT ID     until the server ID accepts connections on 127.0.0.1:PORT
#     at_exit 'COMMAND'          runs at the end, before the servers are ended; last one first
#     say TEXT                   one line in the log: what is being shown
#     must WHAT COMMAND...       the command must succeed
#     refuse STATUS WHAT COMMAND...      the command must exit with exactly this status;
#                                what it said is in $scratch/out and $scratch/err
#     equal WHAT WANTED FOUND    two texts must be the same
#     same WHAT WANTED FOUND     two files must be the same
#     score_fields FILE          a score CSV as sorted lines KPI TAB MILLISECONDS TAB FIELD TAB VALUE, with the
#                                fields' names in the line protocol; times must be epoch seconds
#     tidy                       such lines with every number written the same way, sorted
#     fail TEXT                  ends the test: the end of each server's log, then the text
#
# A test exits 0 at its end, or 1 by fail. Nothing here needs more than Debian's essential packages.
# shellcheck shell=sh
# shellcheck disable=SC2034 # the tests use what is set here

here=$(cd "$(dirname "$0")" && pwd) || exit 1
root=$(cd "$here/../../.." && pwd) || exit 1
build=${B:-build}
case $build in
/*) ;;
*) build=$root/$build ;;
esac
PATH=$build:$build/tools:$PATH
export PATH
# Proxies and time zones of whoever runs the tests are not part of them.
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY all_proxy TZ
LC_ALL=C
export LC_ALL
umask 022
scratch=$(mktemp -d "${TMPDIR:-/tmp}/donut-recipe.XXXXXX") || exit 1
servers=
last_acts=
trap 'end_of_test' EXIT
trap 'exit 1' HUP INT TERM

end_of_test() {
    trap '' HUP INT TERM
    eval "$last_acts"
    for server in $servers; do
        stop "$server"
    done
    rm -rf "$scratch"
}

at_exit() {
    last_acts="$1
$last_acts"
}

say() {
    echo "- $*"
}

fail() {
    for log in "$scratch"/*.log; do
        [ -s "$log" ] || continue
        echo "the end of $(basename "$log"):"
        tail -n 8 "$log" | cut -c 1-200 | sed 's/^/    /'
    done
    echo "FAILED: $*"
    exit 1
}

[ -x "$build/donut" ] || fail "$build/donut is not there: run make"

free_ports() {
    perl -MIO::Socket::INET -e '
        my @open = map { IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1) || die $! } 1 .. shift;
        print $_->sockport, "\n" for @open' "$1"
}

# The kernel ends a server whose test was killed outright.
serve() {
    server_name=$1
    shift
    setpriv --pdeathsig KILL -- "$@" >"$scratch/$server_name.log" 2>&1 </dev/null &
    server=$!
    servers="$servers $server"
}

stop() {
    kill -TERM "$1" 2>/dev/null
    patience=100
    while kill -0 "$1" 2>/dev/null; do
        [ "$patience" -gt 0 ] || kill -KILL "$1" 2>/dev/null
        patience=$((patience - 1))
        sleep 0.05
    done
    wait "$1" 2>/dev/null
    true
}

wait_for() {
    deadline=$(($(date +%s) + $1))
    awaited=$2
    shift 2
    until "$@" >"$scratch/waiting" 2>&1; do
        if [ "$(date +%s)" -gt "$deadline" ]; then
            sed 's/^/    /' "$scratch/waiting"
            fail "waited in vain: $awaited"
        fi
        sleep 0.1
    done
}

port_answers() {
    kill -0 "$2" 2>/dev/null || fail "the server ended"
    perl -MIO::Socket::INET -e 'exit !IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => shift)' "$1"
}

wait_port() {
    wait_for 30 "$1 answers on port $2" port_answers "$2" "$3"
}

must() {
    wanted=$1
    shift
    "$@" >"$scratch/out" 2>"$scratch/err" && return
    status=$?
    sed 's/^/    /' "$scratch/out" "$scratch/err"
    fail "$wanted: exit status $status"
}

refuse() {
    wanted_status=$1
    wanted=$2
    shift 2
    "$@" >"$scratch/out" 2>"$scratch/err"
    status=$?
    [ "$status" = "$wanted_status" ] && return
    sed 's/^/    /' "$scratch/out" "$scratch/err"
    fail "$wanted: exit status $status in place of $wanted_status"
}

equal() {
    [ "$2" = "$3" ] && return
    printf '    wanted: %s\n    found:  %s\n' "$2" "$3"
    fail "$1"
}

same() {
    cmp -s "$2" "$3" && return
    diff "$2" "$3" | head -n 20 | sed 's/^/    /'
    fail "$1"
}

tidy() {
    perl -F'\t' -lane '
        $F[3] = sprintf "%.17g", $F[3] if $F[3] =~ /^-?[0-9.]+(e[-+]?[0-9]+)?$/i;
        print join "\t", @F' | sort
}

# TAB, line feed, carriage return and backslash of a KPI are written as in C, like jq's @tsv does.
score_fields() {
    perl -0777 -ne '
        my (@rows, @row);
        push(@row, defined $1 ? $1 =~ s/""/"/gr : $2), $3 eq "," || (push(@rows, [@row]), @row = ())
            while /\G(?:"((?:[^"]|"")*)"|([^,\n]*))(,|\n)/g;
        my %field = (value => "y", score => "score", anomaly => "anomaly", expected => "yhat",
            lower => "yhat_lower", upper => "yhat_upper", status => "status",
            surprise => "surprise", cause => "cause");
        my @names = @{shift @rows};
        for my $row (@rows) {
            my $kpi = $names[-1] =~ /^(cause|label)$/ ? "" : $row->[-1];
            my %c = ("\t" => "\\t", "\n" => "\\n", "\r" => "\\r", "\\" => "\\\\");
            $kpi =~ s/([\t\n\r\\])/$c{$1}/g;
            for my $i (1 .. $#names) {
                my $name = $field{$names[$i]};
                print join("\t", $kpi, $row->[0] * 1000, $name, $row->[$i]), "\n"
                    if $name && $row->[$i] ne "";
            }
        }' "$1" | tidy
}
