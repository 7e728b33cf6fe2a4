# One KPI in many spellings: the same model.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
same() {
    "$DONUT" train $tiny -q -o other "$@" - && cmp model other
}
sed 1d kpi.csv | same
sed '1s/.*/Time,VALUE,Is_Anomaly/' kpi.csv | same
sed '1s/.*/ts,requests,anomaly/' kpi.csv | same
awk -F , '{ print $3 "," $1 ",x," $2 }' kpi.csv | same
awk -F , '{ print $3 "," $1 ",7," $2 }' kpi.csv | sed '1s/.*/l,t,x,v/' |
    same --timestamp-column t --value-column v --label-column l
sed 1d kpi.csv | awk -F , '{ print $3 "," $1 ",7," $2 }' |
    same --timestamp-column=2 --value-column=4 --label-column=1
sed 's/[^,]*/"&"/g' kpi.csv | same
(printf '\357\273\277'; cat kpi.csv) | same
awk '{ printf "%s%s", (NR > 1 ? "\n" : ""), $0 } END { printf "\n\n\n" }' kpi.csv | same
awk '{ printf "%s%s", (NR > 1 ? "\n" : ""), $0 }' kpi.csv | same
sed 's/,,/,null,/' kpi.csv | same
sed 's/,,/,NaN,/' kpi.csv | same
sed '2,$s/,/000,/' kpi.csv | same
sed '2,$s/,/.0,/' kpi.csv | same
sed 's/,1$/,true/; s/,0$/,/' kpi.csv | same --interval 10m
