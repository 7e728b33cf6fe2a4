#!/bin/sh
# A folder of src/ includes only itself and folders before it in the list; data and nn do not see
# each other; only cli may print, exit or read the environment.
set -u
cd "$(dirname "$0")/.." || exit 1
order='base kernel data nn model detect train eval cli'
bad=0

# One awk for all files: a process for each would take seconds.
awk -v order="$order" '
    BEGIN { n = split(order, folders, " "); for (i = 1; i <= n; i++) level[folders[i]] = i }
    /^#include "[a-z_]*\// {
        split(FILENAME, path, "/")
        split($2, part, /["\/]/)
        folder = path[2]
        included = part[2]
        if (!(included in level) || level[included] > level[folder]) {
            print FILENAME " includes " included "/, which lies above " folder "/"
            bad = 1
        }
        if (folder " " included ~ /^(nn data|data nn)$/) {
            print FILENAME ": data/ and nn/ must not see each other"
            bad = 1
        }
    }
    END { exit bad }' src/*/*.[ch] || bad=1

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
