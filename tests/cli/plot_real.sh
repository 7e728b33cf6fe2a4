# scripts/plot: the pictures that the real gnuplot draws.
. "$CASES/kit"
needs gnuplot
plot=$CASES/../../scripts/plot
"$plot" --size 640x480 -o picture.png "$CASES/scores.csv"
"$plot" -o picture.svg "$CASES/scores.csv"
# The size stands in a PNG's bytes 17 to 24.
od -An -tx1 -N8 picture.png
od -An -tx1 -j16 -N8 picture.png
grep -c '^</svg>' picture.svg
