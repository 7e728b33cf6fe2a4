# shellcheck shell=sh
# The file of results, that several runs append to: a row that was cut off, by a kill or a full
# disk, never gets another one behind it.

# cut_torn_row FILE: takes off a last line without its end. Needs no room on the disk.
cut_torn_row() {
    [ -n "$(tail -c 1 "$1")" ] || return 0
    truncate -s $(($(wc -c <"$1") - $(tail -n 1 "$1" | wc -c))) "$1"
}

# append_rows ROWS FILE LOCK: all of the file ROWS behind FILE, or none of it. One at a time; a
# signal to stop waits for the end.
append_rows() (
    trap '' HUP INT TERM
    flock 9 || exit 1
    cut_torn_row "$2" || exit 1
    length=$(wc -c <"$2") || exit 1
    cat "$1" >>"$2" && exit 0
    truncate -s "$length" "$2"
    exit 1
) 9>"$3"
