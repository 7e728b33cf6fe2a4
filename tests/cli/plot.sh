# scripts/plot: what it makes of a score file, seen in the program it gives gnuplot.
plot=$CASES/../../scripts/plot

echo '# a point a minute: an anomaly, two missing points, a label, a row left out'
cat >tiny.csv <<'END'
timestamp,value,score,anomaly,expected,lower,upper,status,label
1700000040,10,-1,0,11,8,14,ok,0
1700000100,12,0.5,0,11,8,14,ok,0
1700000160,,,0,11,8,14,missing,0
1700000220,,,0,11,8,14,missing,0
1700000280,30,20,1,11,8,14,ok,1
1700000400,11,2,0,12,9,15,ok,0
END
"$plot" --commands --size 800x400 tiny.csv

# block NAME: the data of one block of the program on standard input
block() {
    sed -n "/^\$$1 << END/,/^END/p" | sed '1d; $d'
}

echo '# 20,000 rows: a spike of one point keeps its height, and a row its time'
awk 'BEGIN {
    print "timestamp,value,score,anomaly,expected,lower,upper,status"
    for (i = 0; i < 20000; i++)
        if (i == 12345) printf "%d,99,50,1,5,0,10,ok\n", 1.7e9 + i * 60
        else printf "%d,%d,-1,0,5,0,10,ok\n", 1.7e9 + i * 60, 1 + i % 10
}' >long.csv
"$plot" --commands long.csv >program
block value <program | grep ' 99$'
block anomaly <program
echo "at most four points for each of 1600 columns: $(($(block value <program | wc -l) <= 6400))"
echo "least and greatest in each: $(block value <program | awk '
    NF && $2 != 99 { if ($2 < least || !least) least = $2; if ($2 > most) most = $2 }
    END { print least, most }')"

echo '# the range; the threshold is that of the whole file'
"$plot" --commands --from 1700000100 --to 2023-11-14T22:16:00Z tiny.csv | block value
"$plot" --commands --to 1700000200 tiny.csv | grep -c 'between 2 and 20'
"$plot" --commands --threshold 2.5 tiny.csv | grep -c 'threshold 2\\056\\065'

echo '# verdicts that the score alone does not explain'
sed 's/^\(1700000400.*\),0,12/\1,1,12/; s/^\(1700000280.*\),1,11/\1,0,11/' tiny.csv >shaped.csv
"$plot" --commands shaped.csv | grep -o 'no threshold drawn'

echo '# the surprise, where every score has one: it explains a verdict that the score does not'
cat >step.csv <<'END'
timestamp,value,score,anomaly,expected,lower,upper,status,surprise,cause,label,KPI
1700000040,10,-1,0,11,8,14,ok,0.1,,0,a
1700000100,12,0.5,0,11,8,14,ok,0.75,,0,a
1700000160,,,0,11,8,14,missing,,,0,a
1700000220,30,0.25,1,11,8,14,ok,6.25,step,1,a
1700000280,11,2,0,12,9,15,ok,3,,0,a
END
"$plot" --commands step.csv | grep -e surprise -e between
"$plot" --commands --key a step.csv | block score
"$plot" --commands --key a step.csv | block label
sed 's/,0.75,/,,/' step.csv >unsure.csv
"$plot" --commands unsure.csv | grep -e '"score"' -e 'no threshold'

echo '# keys and titles mean nothing to gnuplot'
cat >keys.csv <<'END'
timestamp,value,score,anomaly,expected,lower,upper,status,KPI ID
2025-03-30T01:00:00+01:00,1,0,0,1,0,2,ok,"`touch spy` ""q"", \n"
2025-03-30T01:01:00+01:00,2,0,0,1,0,2,ok,"`touch spy` ""q"", \n"
2025-03-30T01:00:00+01:00,7,0,0,1,0,2,ok,"two
lines"
2025-03-30T03:01:00+02:00,8,0,0,1,0,2,ok,"two
lines"
END
"$plot" --commands --key '`touch spy` "q", \n' keys.csv | grep 'touch'
"$plot" --commands --key 'two
lines' keys.csv >program
grep 'two' program
grep 'UTC' program
block value <program
"$plot" --commands --title "$(printf 'a\377b\tc\nd \303\274 \342\202')" tiny.csv | grep '"a'
[ ! -e spy ] || echo 'a key was taken for a command'

echo '# what is wrong'
wrong() {
    "$plot" "$@" 2>&1 </dev/null
    echo "$?"
}
wrong keys.csv
wrong --commands keys.csv
wrong --commands --key three keys.csv
wrong --commands --key one tiny.csv
wrong --commands --from noon tiny.csv
wrong --commands --from 1800000000 tiny.csv
wrong --commands nosuch.csv
wrong --commands .
wrong --commands /dev/null
cut -d, -f1,2,9 tiny.csv >kpi.csv
wrong --commands kpi.csv
sed 's/^1700000220,,/1700000220,x,/' tiny.csv >cell.csv
wrong --commands cell.csv
sed 's/^1700000220/1700000040/' tiny.csv >back.csv
wrong --commands back.csv
sed 's/,ok,1$/,ok/' tiny.csv >short.csv
wrong --commands short.csv
printf 'timestamp,value,score,anomaly,expected,lower,upper,status\n1,1e308,,,,,,\n2,-1e308,,,,,,\n' >far.csv
wrong --commands far.csv
wrong
wrong -
wrong -o picture.gif tiny.csv
wrong --size 9x9 tiny.csv
wrong --size 1600 tiny.csv
wrong --colour tiny.csv
wrong --title
