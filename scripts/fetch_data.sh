#!/bin/sh
# scripts/fetch_data.sh FOLDER    brings the public KPIs that make bench and the tests use
# into FOLDER, for DONUT_DATA=FOLDER: some 100 MB. Needs sha256sum, and for downloading curl or
# wget, unzip and as much again.
#
#   blog/cpu4.csv, blog/g.csv     sample data of the authors' repository, as they are there
#   blog/weather-1.csv ... -6     UCR Anomaly Archive 113 to 118, with hourly times from 2009-01-01
#   aiops2018/train/<KPI id>.csv  AIOps Challenge 2018, the finals' training data, a file for a KPI
#
# scripts/data.sha256 has the checksum of each file as it is in FOLDER. A file that differs is
# refused, wherever it comes from; a sound one that is there is kept. What the folder DONUT_DATA has
# is copied, the rest downloaded. Other places of the same: AUTHORS_URL, the folder of cpu4.csv and
# g.csv; AIOPS_URL and UCR_URL, the two archives.
set -eu
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
if [ $# != 1 ] || [ -z "$1" ] || [ "${1#-}" != "$1" ]; then
    echo 'usage: scripts/fetch_data.sh FOLDER' >&2
    exit 2
fi
folder=$1
github=https://raw.githubusercontent.com/NetManAIOps
authors=${AUTHORS_URL:-$github/donut/master/sample_data}
aiops=${AIOPS_URL:-$github/KPI-Anomaly-Detection/master/Finals_dataset/phase2_train.csv.zip}
ucr=https://www.cs.ucr.edu/~eamonn/time_series_data_2018/UCR_TimeSeriesAnomalyDatasets2021.zip
ucr=${UCR_URL:-$ucr}
mkdir -p "$folder"
scratch=$(mktemp -d "$folder/.fetch.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

say() {
    echo "fetch_data: $1" >&2
}

# sound NAME FILE: whether the file is what NAME has to be
sound() {
    [ -f "$2" ] || return 1
    wanted=$(awk -v name="$1" '$2 == name { print $1 }' "$here/data.sha256")
    [ "$(sha256sum <"$2" | cut -d ' ' -f 1)" = "$wanted" ]
}

# put NAME FILE: moves it into the folder if it is what it has to be
put() {
    if sound "$1" "$2"; then
        mkdir -p "$(dirname "$folder/$1")"
        mv "$2" "$folder/$1"
        say "$1"
    else
        say "$1: the checksum differs, refused"
    fi
}

# missing PREFIX: names of the files that are not there, or not sound
missing() {
    awk -v prefix="$1" 'index($2, prefix) == 1 { print $2 }' "$here/data.sha256" |
        while read -r name; do
            sound "$name" "$folder/$name" || echo "$name"
        done
}

# download ADDRESS FILE: whole or not at all
download() {
    say "from $1"
    if command -v curl >/dev/null; then
        curl --fail --location --silent --show-error --retry 2 -o "$2.part" "$1" || return 1
    elif command -v wget >/dev/null; then
        wget --quiet --tries 3 -O "$2.part" "$1" || return 1
    else
        say 'neither curl nor wget is there to download it'
        return 1
    fi
    mv "$2.part" "$2"
}

copy_from() {
    missing '' | while read -r name; do
        if sound "$name" "$1/$name"; then
            cp "$1/$name" "$scratch/copy"
            put "$name" "$scratch/copy"
        fi
    done
}

fetch_authors() {
    for name in blog/cpu4.csv blog/g.csv; do
        [ -n "$(missing "$name")" ] || continue
        if download "$authors/${name#blog/}" "$scratch/file"; then put "$name" "$scratch/file"; fi
    done
}

# The archive has a value a line (or several), and the anomaly's first and last place, counted from
# 1, in the file's name.
weather() {
    awk -v first="$1" -v last="$2" '
        BEGIN { print "timestamp,value,label" }
        {
            for (i = 1; i <= NF; i++) {
                value = sprintf("%.10g", $i)
                if (value !~ /[.]/) value = value ".0"
                n++
                label = n >= first && n <= last
                printf "%d,%s,%d\n", 1230768000 + 3600 * (n - 1), value, label
            }
        }'
}

fetch_weather() {
    [ -n "$(missing blog/weather)" ] || return 0
    download "$ucr" "$scratch/ucr.zip" || return 0
    unzip -Z1 "$scratch/ucr.zip" >"$scratch/names" || return 0
    for i in 1 2 3 4 5 6; do
        name=$((112 + i))_UCR_Anomaly_CIMIS44AirTemperature${i}_4000
        member=$(grep "/${name}_[0-9]*_[0-9]*[.]txt\$" "$scratch/names" | head -n 1)
        [ -n "$member" ] || continue
        last=${member##*_}
        first=${member%_*}
        unzip -p "$scratch/ucr.zip" "$member" | weather "${first##*_}" "${last%.txt}" \
            >"$scratch/file" || continue
        put "blog/weather-$i.csv" "$scratch/file"
    done
}

# One CSV of all KPIs, its columns in any order, into a file for each in the order of time.
fetch_aiops() {
    [ -n "$(missing aiops2018)" ] || return 0
    download "$aiops" "$scratch/aiops.zip" || return 0
    mkdir "$scratch/split"
    unzip -p "$scratch/aiops.zip" | tr -d '\r' | awk -F, -v folder="$scratch/split" '
        NR == 1 {
            for (i = 1; i <= NF; i++) column[$i] = i
            if (!column["KPI ID"] || !column["timestamp"] || !column["value"] || !column["label"])
                exit 1
            next
        }
        $column["KPI ID"] ~ /^[0-9a-f-]+$/ {
            file = folder "/" $column["KPI ID"]
            print $column["timestamp"] "," $column["value"] "," $column["label"] >file
        }' || return 0
    missing aiops2018 | while read -r name; do
        id=$(basename "$name" .csv)
        [ -e "$scratch/split/$id" ] || continue
        { echo timestamp,value,label && sort -s -t , -k 1,1n "$scratch/split/$id"; } \
            >"$scratch/file"
        put "$name" "$scratch/file"
    done
}

[ -z "${DONUT_DATA-}" ] || copy_from "$DONUT_DATA"
fetch_authors
fetch_weather
fetch_aiops
left=$(missing '')
if [ -n "$left" ]; then
    say "not there, or not as they were when the checksums were taken:"
    echo "$left" | sed 's/^/  /' >&2
    exit 1
fi
say "all $(wc -l <"$here/data.sha256") files are in $folder"
