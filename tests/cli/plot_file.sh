# scripts/plot: the picture's file, with a gnuplot of our own.
plot=$CASES/../../scripts/plot
cat >scores.csv <<'END'
timestamp,value,score,anomaly,expected,lower,upper,status
1700000040,10,-1,0,11,8,14,ok
1700000100,30,20,1,11,8,14,ok
END
mkdir bin
cat >bin/gnuplot <<'END'
#!/bin/sh
[ "$1" = -d ] && grep -q 'terminal' "$2" || exit 1
[ ! -e broken ] || { echo 'no such terminal' >&2; exit 1; }
grep -o 'set terminal [a-z]* size [0-9,]*' "$2"
END
chmod +x bin/gnuplot
PATH=$PWD/bin:$PATH

umask 027
"$plot" scores.csv
cat scores.png
ls -l scores.png | cut -c1-10
mkdir 'a folder'
"$plot" --size=640x480 -o 'a folder/-o.svg' - <scores.csv
cat 'a folder/-o.svg'

echo '# a failure leaves the picture that was there, and nothing else'
touch broken
"$plot" scores.csv 2>&1
"$plot" -o nosuch/x.png scores.csv 2>&1
mkdir folder.png
"$plot" -o folder.png scores.csv 2>&1
cat scores.png
ls -A

echo '# without gnuplot'
rm bin/gnuplot
for tool in awk cat chmod cut dirname grep mktemp mv printf readlink rm tail tr; do
    ln -s "$(command -v $tool)" bin/
done
PATH=$PWD/bin
"$plot" scores.csv 2>&1
echo "$?"
cut -d, -f1,2 <scores.csv >kpi.csv
"$plot" kpi.csv 2>&1
echo "$?"
