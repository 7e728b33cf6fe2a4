# shellcheck shell=sh disable=SC2154
# The figures of scripts/bench/figures that need models of their own: trains them in $work, one
# thread, with fixed seeds, and takes out of them what is drawn.

# Models of another build or mode are not kept.
fresh_models() {
    stamp="$(cksum <"$donut") quick=$quick data=$data"
    [ "$(cat "$work/stamp" 2>/dev/null)" = "$stamp" ] && return
    rm -rf "$work"
    mkdir -p "$work"
    echo "$stamp" >"$work/stamp"
}

# fact SERIES COLUMN: of series.txt
fact() {
    awk -F '|' -v name="$1" -v column="$2" '$1 == name { print $column }' "$here/series.txt"
}

# kpi SERIES: its file (the first of many) in $file, its split in $split, its window in $window;
# fails if it is not at hand.
kpi() {
    split=$(fact "$1" 6)
    window=$(fact "$1" 7)
    generator=$(fact "$1" 4)
    if [ -z "$generator" ]; then
        file=$(fact "$1" 3)
        file=$data/${file%% *}
        [ -n "$data" ] && [ -r "$file" ]
        return
    fi
    file=$work/$1.csv
    [ -z "$quick" ] || generator="$generator --points 20000"
    # shellcheck disable=SC2086  # several words
    [ -r "$file" ] || "$build/tools/make_kpi" $generator >"$file"
}

# Epochs for a series: long ones need few.
schedule() {
    if [ -n "$quick" ]; then echo '--epochs 5'
    elif [ "$(fact "$1" 2)" = large ]; then echo '--epochs 20 --validate-every 500 --decay-epochs 1'
    else echo '--epochs 100 --decay-epochs 4'; fi
}

# train NAME SERIES OPTION...: $work/NAME.donut, unless it is there
train() {
    model=$work/$1.donut
    kpi "$2" || return 1
    options=$(schedule "$2")
    shift 2
    [ ! -r "$model" ] || return 0
    # shellcheck disable=SC2086  # several words
    "$donut" train -q --paper --threads 1 --to "$split" --window "$window" $options "$@" -o "$model" "$file"
}

# cloud NAME FROM TO [MODEL]: about $many draws of z from windows without an abnormal point, with
# the hour of the day: $work/NAME.z has rows `hour z_1 .. z_K`
cloud() {
    "$donut" encode -q -m "${4:-$model}" --from "$2" --to "$3" "$file" |
        awk -F, -v many="$many" '
            NR == 1 { for (i = 1; i <= NF; i++) if ($i ~ /^z_/) z[++k] = i; next }
            $2 == 0 {
                row = sprintf("%.4f", $1 % 86400 / 3600)
                for (i = 1; i <= k; i++) row = row " " $z[i]
                line[++n] = row
            }
            END {
                step = n > many ? n / many : 1
                for (i = 1; int(i) <= n; i += step) print line[int(i)]
            }' >"$work/$1.z"
    [ -s "$work/$1.z" ] || { echo "figures: no normal window for $1" >&2; return 1; }
}

# f_of MODEL FROM: best F and its threshold on the rest of $file
f_of() {
    "$donut" score -q --threads 1 -m "$1" --from "$2" -o "$work/scores.csv" "$file"
    "$donut" evaluate -q --by score --format json "$work/scores.csv" | tr -d '\n' |
        sed 's/.*"adjusted": {"best_f": \([^,]*\),[^}]*"threshold": \([^,}]*\).*/\1 \2/'
}

steps='0 100 300 1000 3000 6000 9000'
[ -z "$quick" ] || steps='0 10 20 40 60 80 100'

# The K = 2 models of B, six seeds of them, ordered by F: $work/k2 has rows `F threshold seed`.
k2() {
    kpi B
    [ ! -s "$work/k2" ] || return 0
    for seed in 0 1 2 3 4 5; do
        train "k2-$seed" B --latent 2 --seed "$seed" --snapshots "$(echo "$steps" | tr ' ' ,)"
        echo "$(f_of "$model" "$split") $seed"
    done >"$work/k2.all"
    sort -rn "$work/k2.all" >"$work/k2"
}

# best_k2: the best of them in $model, its seed in $seed
best_k2() {
    k2
    seed=$(head -1 "$work/k2" | cut -d ' ' -f 3)
    model=$work/k2-$seed.donut
    kpi B
}

# grid NAME WIDTH HEIGHT DIMENSIONS COLUMNS TITLES SERIES...: clouds drawn side by side
# shellcheck disable=SC2034  # colours is of figures
grid() {
    picture_name=$1 wide=$2 high=$3 dimensions=$4 columns=$5 titles=$6
    shift 6
    files=''
    for cloud in "$@"; do files="$files $work/$cloud.z"; done
    colours=48
    draw "$picture_name" figure_clouds.gp "$wide" "$high" "files=$files" "titles=$titles" \
        "dimensions=$dimensions" "columns=$columns"
    colours=128
}

fig10() {
    many=3000
    best_k2
    cloud fig10a "$split" 100%
    cloud fig10b "$split" 100% "$work/k2-$seed.0.donut"
    train fig10c B --latent 2 --seed "$seed" --reconstruction-weight 0 --prior-weight 1
    cloud fig10c "$split" 100%
    grid fig10 900 370 2 3 '(a) trained|(b) untrained|(c) E[log p(z)] + H alone' \
        fig10a fig10b fig10c
}

fig15() {
    many=800
    k2
    clouds=''
    titles=''
    letter=a
    for line in 1 6; do
        # shellcheck disable=SC2046  # words
        set -- $(sed -n ${line}p "$work/k2")
        for step in $steps; do
            cloud "fig15-$line-$step" 49% "$split" "$work/k2-$3.$step.donut"
            clouds="$clouds fig15-$line-$step"
            titles="${titles}($letter) step $step|"
        done
        cloud "fig15-$line-end" 49% "$split" "$work/k2-$3.donut"
        clouds="$clouds fig15-$line-end"
        titles="${titles}($letter) end, F = $(printf %.3f "$1")|"
        letter=b
    done
    # shellcheck disable=SC2086  # many names
    grid fig15 900 940 2 4 "$titles" $clouds
}

# space NAME SERIES OPTION...: a cloud in three dimensions, added to $clouds and $titles
space() {
    name=$1 series=$2 text=$3
    shift 3
    train "$name" "$series" --latent 3 "$@" || return 0
    cloud "$name" "$split" 100%
    clouds="$clouds $name"
    titles="$titles$text|"
}

# spaces NAME: the clouds drawn, three side by side
spaces() {
    high=$((30 + 290 * (($(echo "$clouds" | wc -w) + 2) / 3)))
    # shellcheck disable=SC2086  # many names
    grid "$1" 900 $high 3 3 "$titles" $clouds
}

fig12() {
    many=1600 clouds='' titles=''
    for series in A B C; do space "fig12-$series" $series "stand-in $series"; done
    for series in cpu4 g weather; do space "fig12-$series" $series $series; done
    spaces fig12
}

# The networks of the sweeps of weights.
doubled='--hidden 200,200,200,200'

# sweep_spaces NAME TEXT OPTION VALUE...: the spaces of cpu4, a weight of the objective being VALUE
sweep_spaces() {
    many=1600 clouds='' titles='' of=cpu4
    kpi cpu4 || of=standin
    picture=$1 weight=$2 option=$3
    shift 3
    for value in "$@"; do
        # shellcheck disable=SC2086  # two words
        space "$picture-$value" $of "$of: $weight weight $value" $doubled "$option" "$value"
    done
    spaces "$picture"
}

latententropy() {
    sweep_spaces latententropy entropy --entropy-weight 0 0.2 0.6 0.8 1 beta
}

latentprior() {
    sweep_spaces latentprior prior --prior-weight 0 0.1 0.3 0.5 0.9 beta
}

# change TEXT OPTION VALUE: the spaces of the study's series under a change of the method
change() {
    for series in cpu4 g weather; do space "latent$2-$series" $series "$series: $1" "$2" "$3"; done
    kpi cpu4 || space "latent$2-standin" standin "standin: $1" "$2" "$3"
}

latentchanges() {
    many=1600 clouds='' titles=''
    change 'entropy weighted by beta' --entropy-weight beta
    change 'Student-t, 10 degrees' --student-df 10
    change 'CNN encoder' --encoder cnn
    spaces latentchanges
}

# A window as minutes before its end (at $moment) and values: $work/NAME.window
take_window() {
    awk -F, -v t="$moment" 'NR > 1 && $1 > t - 7200 && $1 <= t { print ($1 - t) / 60, $2 }' \
        "$file" >"$work/$1.window"
}

# encode_one DRAWS: the window that ends at $moment
encode_one() {
    "$donut" encode -q -m "$model" --from "$moment" --to $((moment + 60)) --draws "$1" "$file"
}

# Where an anomaly has just begun: the greatest score of labelled points with at most 12 abnormal
# ones in their window.
fig11() {
    many=2500
    best_k2
    cloud fig11 "$split" 100%
    f_of "$model" "$split" >/dev/null
    "$donut" encode -q -m "$model" --from "$split" --draws 0 "$file" >"$work/fig11.q"
    moment=$(awk -F, 'NR == FNR { abnormal[$1] = $2; next }
        $9 == 1 && $8 == "ok" && abnormal[$1] >= 2 && abnormal[$1] <= 12 && $3 + 0 > most {
            most = $3 + 0
            moment = $1
        }
        END { print moment }' "$work/fig11.q" "$work/scores.csv")
    if [ -z "$moment" ]; then
        echo 'figures: no fig11: no anomaly that has just begun' >&2
        return 0
    fi
    take_window fig11
    encode_one 4 >"$work/fig11.csv"
    "$donut" decode -q -m "$model" "$work/fig11.csv" >"$work/fig11.decoded"
    std=$("$donut" info --format json "$model" | sed -n 's/.*"std": \([^,]*\).*/\1/p')
    awk -F, 'NR > 1 { print $4, $5, $6, $7, $8, $9 }' "$work/fig11.csv" >"$work/fig11.draws"
    awk -F, 'NR > 1 { print $1, $2, $3, $4 }' "$work/fig11.decoded" >"$work/fig11.bands"
    draw fig11 figure_kernels.gp 900 420 "data=$work/fig11" "std=$std"
}

# A normal window of the test part that ends at ten in the morning.
fig13() {
    many=2500
    best_k2
    cloud fig13 "$split" 100%
    moment=$("$donut" encode -q -m "$model" --from "$split" --draws 0 "$file" |
        awk -F, 'NR > 1 && $2 == 0 && $1 % 86400 == 36000 { print $1; exit }')
    take_window fig13
    encode_one 0 | awk -F, 'NR > 1 { print $3, $4, $5, $6 }' >"$work/fig13.q"
    for trace in points latent; do
        "$donut" impute -q -m "$model" --to $((moment + 60)) --hide 0.15 --mcmc-iterations 10 \
            --trace $trace "$file" >"$work/fig13.$trace"
    done
    awk -F, -v t="$moment" 'NR > 1 && $3 == "hidden" { print ($2 - t) / 60, $5, $1 }' \
        "$work/fig13.points" >"$work/fig13.filled"
    awk -F, 'NR > 1 && $6 != "" && $1 <= 10 { print $1, $6, $7 }' \
        "$work/fig13.latent" >"$work/fig13.chain"
    draw fig13 figure_imputation.gp 900 420 "data=$work/fig13"
}

# median_run EXPERIMENT VARIANT SERIES OPTION...: options of train in $options, with the seed of the
# run with the median best F, and of all runs the mean and deviation in $runs; without rows in
# RESULTS the options of the figures.
median_run() {
    experiment=$1 variant=$2 series=$3
    shift 3
    options="$(schedule "$series") --to $split --window $window --latent 3 $*"
    runs=''
    [ -r "$results" ] && [ -z "$quick" ] || return 0
    line=$(awk -f "$here/csv.awk" -f "$here/rows.awk" -f "$here/figure_median.awk" \
        -v experiment="$experiment" -v variant="$variant" -v series="$series" \
        -v version="$version" -v versions="$versions" "$work/plan" "$results")
    [ -n "$line" ] || return 0
    options=${line%|*}
    runs="; mean ${line#*|}"
}

# detect EXPERIMENT VARIANT SERIES TEXT OPTION...: the median run's alarms, added to $panels and
# $titles
detect() {
    kpi "$3" || return 0
    text=$4 name=$3
    median_run "$1" "$2" "$3" "${5-} ${6-}"
    model=$work/median-$name-$(echo "$options" | cksum | tr " " -).donut
    # shellcheck disable=SC2086  # several words
    [ -r "$model" ] || "$donut" train -q --threads 1 $options -o "$model" "$file"
    folder=$work/$(basename "$model" .donut)
    # shellcheck disable=SC2046  # words
    set -- $(f_of "$model" "$split")
    awk -F, -v threshold="$2" -f "$here/figure_alarms.awk" -v to="$folder" "$work/scores.csv"
    panels="$panels $folder"
    titles="$titles$text: best F $(printf %.3f "$1")$runs|"
}

detections() {
    panels=''
    titles=''
    EXPERIMENTS='' "$here/plan" --all >"$work/plan"
    kpi cpu4 || detect three-series Donut standin standin
    detect three-series Donut cpu4 cpu4
    detect three-series Donut g g
    detect cnn CNN g 'g, CNN encoder' --encoder cnn
    detect weather-files Donut weather-1 weather-1
    detect weather-files Donut weather-3 weather-3
    draw detections figure_detections.gp 900 $((40 + 200 * $(echo "$panels" | wc -w))) \
        "folders=$panels" "titles=$titles"
}
