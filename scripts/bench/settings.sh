# shellcheck shell=sh
# What the scripts of this folder are asked for through the environment, checked: QUICK and FULL are
# 1 or not set, and 0 is as good as not set; DONUT_DATA, where it is set, is a folder.

fail() {
    echo "bench: $1" >&2
    exit 1
}

# switch NAME VALUE: VALUE as 1 or nothing, or a failure
switch() {
    case $2 in
    1) echo 1 ;;
    '' | 0) ;;
    *) fail "$1 is '$2'; it can be 1, or 0 or empty for off" ;;
    esac
}

QUICK=$(switch QUICK "${QUICK-}")
FULL=$(switch FULL "${FULL-}")
export QUICK FULL
# Rows of older versions that still count are none of those in small, with few samples of z.
# shellcheck disable=SC2034,SC2154  # for those that read this, who know their folder
if [ -n "$QUICK" ]; then versions=/dev/null; else versions=$here/versions.txt; fi
[ -z "${DONUT_DATA-}" ] || [ -d "$DONUT_DATA" ] ||
    fail "DONUT_DATA is '$DONUT_DATA', which is no folder; scripts/fetch_data.sh makes one"
