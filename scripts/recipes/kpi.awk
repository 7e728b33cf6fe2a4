# awk -v first=0 -v last=1999 [-v key=NAME] -f kpi.awk: a KPI for the recipes' tests, a row a minute:
# a triangle of 60 points, 0 to 300 high, and noise below 20. Without a header; row I is always the same.
BEGIN {
    for (i = first; i <= last; i++) {
        phase = i % 60
        noise = sin(i + 1) * 43758.5453 # its fraction looks random
        noise = int((noise + 50000) % 1 * 200) / 10
        print 1700000400 + 60 * i "," (phase < 30 ? phase : 60 - phase) * 10 + noise (key == "" ? "" : "," key)
    }
}
