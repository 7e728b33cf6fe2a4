# What is mistyped is refused, with what it may have been meant to be.
. "$CASES/kit"
kpi >kpi.csv
try scor
try evalute scores.csv
try help trian
try --verson
try --hlep
try --quiet train kpi.csv
try score --treshold=5
try score --fllow
try score -follow
try score -model=kpi.donut
try score --Format=csv
try score --fr 3
try score --t
try score --xyzzy
try score --format josn
try score --format=Influx
try score --direction upp
try score --format ''
# A value that looks like an option is not one, unless it is said so.
try score --tag --follow
try score --tag --from=3
try score -o -q
try score -m
try score --threshold -m x
try score --threshold=-5 --format=xml
try score --threshold -5 --format xml
"$DONUT" train $tiny -q --output=-q kpi.csv && ls ./-q
try completion
try completion csh
try completion bash zsh
try help train score
try help train --help=text
# One complaint about a disk that is full, however many tables there are.
"$DONUT" completion bash >/dev/full
