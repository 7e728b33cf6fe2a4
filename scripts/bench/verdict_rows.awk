# verdict.csv without rows that new ones are in the place of: those of the same version, set, row,
# labels and seed. The new rows come first; prints all.
BEGIN { FS = "," }
{ run = $1 "," $2 "," $3 "," $4 "," $5 }
file == 1 {
    new[run] = 1
    rows[++n] = $0
    next
}
!(run in new)
END { for (i = 1; i <= n; i++) print rows[i] }
