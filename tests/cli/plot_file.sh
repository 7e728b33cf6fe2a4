# scripts/plot: the picture's file, with a gnuplot of our own and, where there is one, the real one.
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
real=$(command -v gnuplot)
path=$PATH
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
for tool in awk cat chmod dirname grep mktemp mv printf readlink rm tail tr; do
    ln -s "$(command -v $tool)" bin/
done
PATH=$PWD/bin "$plot" scores.csv 2>&1
echo "$?"

# The size stands in a PNG's bytes 17 to 24.
PATH=$path
if [ -n "$real" ]; then
    "$plot" --size 640x480 scores.csv && "$plot" -o scores.svg scores.csv
    od -An -tx1 -N8 scores.png
    od -An -tx1 -j16 -N8 scores.png
    grep -c '^</svg>' scores.svg
else
    printf ' 89 50 4e 47 0d 0a 1a 0a\n 00 00 02 80 00 00 01 e0\n1\n'
fi
