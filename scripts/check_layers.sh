#!/bin/sh
# A folder of src/ includes only itself and folders before it in the list; data and nn do not see
# each other; only cli may print, exit or read the environment.
set -u
cd "$(dirname "$0")/.." || exit 1
order='base kernel data nn model detect train eval cli'
bad=0

seen=''
for folder in $order; do
    seen="$seen $folder"
    for file in src/"$folder"/*.[ch]; do
        [ -e "$file" ] || continue
        # shellcheck disable=SC2013  # one word a line
        for inc in $(sed -n 's/^#include "\([a-z_]*\)\/.*/\1/p' "$file"); do
            case " $seen " in
            *" $inc "*) ;;
            *) echo "$file includes $inc/, which lies above $folder/"; bad=1 ;;
            esac
            case "$folder $inc" in
            'nn data' | 'data nn') echo "$file: data/ and nn/ must not see each other"; bad=1 ;;
            esac
        done
    done
done

calls='printf|fprintf|puts|putchar|perror|exit|abort|getenv|time|clock|clock_gettime|setlocale'
for folder in $order; do
    [ "$folder" = cli ] && continue
    if grep -nE "(^|[^a-z_])($calls)\(" src/"$folder"/*.[ch] | grep -v '^[^:]*:[0-9]*: \*'; then
        echo "src/$folder: a library prints, exits or reads the environment"
        bad=1
    fi
done
for file in src/*.[ch] src/*/*.[ch] src/*/*/*.[ch]; do
    [ -e "$file" ] || continue
    case $file in
    src/*/*/*) echo "$file lies too deep"; bad=1 ;;
    src/base/* | src/kernel/* | src/data/* | src/nn/* | src/model/* | src/detect/* | src/train/* | src/eval/* | src/cli/*) ;;
    *) echo "$file lies in no known folder"; bad=1 ;;
    esac
done
[ "$bad" = 0 ] && echo 'layers: fine'
exit "$bad"
