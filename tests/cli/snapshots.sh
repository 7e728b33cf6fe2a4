# Models of the middle of training, in files of their own beside the model's.
. "$CASES/kit"
kpi >kpi.csv
said() {
    "$DONUT" "$@" 2>&1 | sed 's/, [0-9.]* s;/, N s;/'
}
tiny="--paper $shape --batch-size 64 --samples 16"
"$DONUT" train $tiny -q --epochs 3 -o want kpi.csv
said train $tiny --epochs 3 --snapshots 0,4,12 kpi.csv | sed -n 's/best.*3, //; s/\(threshold 359\.[0-9]\)[0-9]*/\1/p'
ls kpi*
cmp kpi.donut want
# Four steps are an epoch; validated at its end alone, a run of one epoch keeps its last parameters.
"$DONUT" train $tiny -q --epochs 1 -o one kpi.csv
for model in one kpi.4.donut; do
    "$DONUT" score -q -m $model --threshold 0 kpi.csv >$model.scores
    "$DONUT" info $model | grep -e '^  best' -e '^  ended' -e 'training loss' -e 'validation loss'
done
cmp one.scores kpi.4.donut.scores
"$DONUT" info kpi.0.donut | grep -A 2 Training | sed 's/[0-9.]\{5,\}/N/'
"$DONUT" info --format json kpi.0.donut | grep -e best_step -e stop -e training_loss

echo '-- names'
mkdir folder.d
for output in folder.d/model a.b.c ./.hidden; do
    "$DONUT" train $tiny -q --epochs 1 --snapshots 3 -o $output kpi.csv
done
find . -name '*3*' | sort

echo '-- later than the end'
said train $tiny -q --epochs 1 --snapshots 4,5,1000 -o short kpi.csv
ls short*

echo '-- without finite scores'
# Which steps these are depends on the instruction set, and so does whether the end is one of them.
sample=$CASES/../../data/sample.csv
steps=$(seq -s ' ' 1 40)
for seed in 1 2 3 4 5 6 7 8; do
    wild="--student-df 1 --learning-rate 1 --epochs 3 --validate-every 100000 --samples 16"
    wild="$wild --seed $seed"
    "$DONUT" train $wild -q -o want "$sample" 2>/dev/null && break
done
said train $wild -q --snapshots "$(echo "$steps" | tr ' ' ,),5000" -o wild "$sample" >said
cmp wild want
absent=$(for step in $steps; do [ -e "wild.$step" ] || printf ', %s' "$step"; done)
sed "s/${absent#, }:/A, B:/" said

echo '-- what is in the way'
cp kpi.csv kpi.7.csv
cp kpi.donut model
try train --snapshots 7 -o kpi.csv kpi.7.csv
try train --snapshots 4 --init kpi.4.donut -o kpi.donut kpi.csv
ln -s model model.9
try train --snapshots 9 -o model kpi.csv
mkdir full.8
try train --snapshots 8 -o full kpi.csv
cmp kpi.csv kpi.7.csv

echo '-- no name'
try train --snapshots 1 -o - kpi.csv
try train --snapshots 1 -o /dev/null kpi.csv
try train --snapshots 1 --key host kpi.csv

echo '-- a full disk'
(
    trap '' XFSZ
    ulimit -f 1
    try train $tiny -q --snapshots 0,1 -o big kpi.csv
) | cat
ls big* 2>/dev/null

echo '-- few labels'
said train $tiny --epochs 1 --keep-labels 0.5 kpi.csv | grep -o '[0-9]* of [0-9]* labelled.*label,'
"$DONUT" info kpi.donut | grep '^  labels'
said train $tiny --epochs 1 --keep-labels 1 kpi.csv | grep -c 'kept their label'
said train $tiny --epochs 1 --keep-labels 0.5 --ignore-labels kpi.csv | grep -o '[0-9]* of [0-9]* labelled.*label,'

echo '-- no normal window'
try train -q --windows normal --window 70 kpi.csv
try train -q --windows normal --window 60 --epochs 1 --keep-labels 0 kpi.csv
