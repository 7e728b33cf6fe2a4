# A file too long to be held in memory: the bytes of standard output, its permissions kept and
# nothing beside it; the old one stays when the disk is full half-way.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
awk 'BEGIN { for (i = 0; i < 70000; i++) printf "%d,%d\n", 600 * i, i * 7919 % 101 }' >long.csv
echo old >scores
chmod 640 scores
ln -s scores link
long="score -q -m model --samples 2"
"$DONUT" $long -o link long.csv
"$DONUT" $long long.csv | cmp - scores
wc -l <scores | tr -d ' '
ls -l scores | cut -c 1-10
cp scores kept
trap '' XFSZ # a write beyond the limit then fails instead of killing
for blocks in 100 3000; do # of 512 or 1024 bytes; the file has 3.5 million
    (
        ulimit -f $blocks
        "$DONUT" $long --threshold 0 -o scores long.csv
        echo "exit status $?"
    )
done
cmp scores kept
ls -A
