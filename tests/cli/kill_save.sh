# Killed in the middle of a save, by an fsync() of our own: the old files are as they were.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
"$DONUT" score -q -m model -o scores kpi.csv
cp model model.kept
cp scores scores.kept
fsync_that_raises SIGKILL
die() {
    LD_PRELOAD=$PWD/fsync.so ASAN_OPTIONS=verify_asan_link_order=0 "$DONUT" "$@"
    echo "exit status $?"
}
(
    die train $tiny -q --seed 1 -o model kpi.csv
    die score -q -m model.kept --threshold 1 -o scores kpi.csv
) 2>shell # which may say something about the signal
cmp model model.kept
cmp scores scores.kept
