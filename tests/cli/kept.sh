# When a command fails, the file that was there is still there, and nothing lies beside it.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
cp model model.copy
sed '300s/,[^,]*/,oops/' kpi.csv >bad.csv
"$DONUT" train $tiny -o model bad.csv
echo 'old scores' >scores
"$DONUT" score -m model -o scores bad.csv
cat scores
cmp model model.copy
# A file that is replaced keeps its permissions, and a link stays a link.
chmod 640 scores
ln -s scores link
"$DONUT" score -q -m model -o link kpi.csv
ls -l scores link | cut -c 1-10
sed 1q scores
ls
