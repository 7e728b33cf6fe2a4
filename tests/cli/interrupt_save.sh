# A signal while a file is being replaced waits until the file is there: nothing half-written is
# left beside it. It is sent by an fsync() of our own.
. "$CASES/kit"
kpi >kpi.csv
fsync_that_raises SIGTERM
hurry() {
    # The sanitizers want to be loaded first, but need not be.
    LD_PRELOAD=$PWD/fsync.so ASAN_OPTIONS=verify_asan_link_order=0 "$DONUT" "$@" 2>said
    echo "exit status $?"
}
(
    hurry train $tiny -q -o model kpi.csv
    "$DONUT" score -q -m model kpi.csv | wc -l | tr -d ' '
    hurry score -q -m model -o scores kpi.csv
) 2>shell # which may say something about the signal
wc -l <scores | tr -d ' '
ls
