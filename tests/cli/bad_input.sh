# A cell that cannot be used: which file, which line, which column, what stands there.
. "$CASES/kit"
bad() {
    kpi | sed "$1" >kpi.csv
    shift
    "$DONUT" train $tiny -o model "$@" kpi.csv
    echo "exit status $?" >&2
}
bad '5s/,[^,]*/,n.a./'
bad '5s/,[^,]*/,inf/'
bad '5s/,[^,]*/,1e999/'
bad '5s/,[^,]*/,"1,5"/'
bad '5s/,0$/,2/'
bad '5s/^[0-9]*/yesterday/'
bad '5s/^[0-9]*/2023-02-29T00:00:00/'
bad '5s/^[0-9]*//'
bad '5s/,.*//'
bad '5s/^/"/'
bad '1s/.*/a,b,c/'
bad '1s/.*/timestamp,a,b/'
bad '' --value-column load
bad '' --value-column 9
bad '2,$d'
bad '3,$d'
bad '30,$d'
bad '2,$s/,[^,]*/,5/'
bad '2,$s/,[^,]*/,/'
bad '2,$s/,[01]$/,1/'
ls
