# Verdicts that rest on few points are said to be rough, and no rate is promised; those that rest on
# many are not. So is a threshold from few scores.
. "$CASES/kit"
for by in both score; do
for points in 60 1500 2000 9000; do
    awk -v n=$points 'BEGIN {
        for (i = 0; i < n; i++)
            print 60 * i "," i % 24 + i * 7919 % 101 / 30
    }' | "$DONUT" train $tiny --verdict-by $by -o model - 2>&1 |
        grep -o 'standard input: [0-9]* points\|[^ ]* false alarm in\|\(the threshold\|what is normal\) rests.*'
done
done
# Many scores, but so many of them equal that few lie above the rest.
awk 'BEGIN { for (i = 0; i < 2000; i++) print 60 * i "," (i % 4 == 1) + (i % 97 == 0) }' |
    "$DONUT" train $tiny --verdict-by score -o model - 2>&1 | grep -o 'the threshold rests.*' |
    sed 's,[0-9]* highest,N highest,'
