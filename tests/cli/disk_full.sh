# A disk that is full half-way: the sentence, exit 1, the old file as it was and no other beside it.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
"$DONUT" score -q -m model -o scores kpi.csv
cp model model.kept
cp scores scores.kept
trap '' XFSZ # a write beyond the limit then fails instead of killing
for what in train score; do
    (
        ulimit -f 1
        case $what in
        train) "$DONUT" train $tiny -q --seed 1 -o model kpi.csv ;;
        score) "$DONUT" score -q -m model.kept -o scores kpi.csv ;;
        esac
        echo "$what: exit status $?" >&2
    )
done
cmp model model.kept
cmp scores scores.kept
ls
