# What every figure shares: `out`, `width` and `height` come by -e. The colours are told apart by
# the colour-blind (M. Okabe, K. Ito); those of the hours go round by lightness, too: dark at
# midnight, light at noon, cold in the morning, warm in the evening.
if (!exists("width")) width = 900
if (!exists("height")) height = 600
set terminal pngcairo size width,height noenhanced font "DejaVu Sans,11"
set encoding utf8
set output out
set datafile missing "?"

black = "#202020"
grey = "#9a9a9a"
pale = "#d8d8d8"
blue = "#0072b2"
sky = "#56b4e9"
orange = "#e69f00"
red = "#d55e00"
green = "#009e73"
purple = "#9a4a7c"
yellow = "#f9eca6"

set border 3 linecolor rgb "#606060"
set tics out nomirror scale 0.5 textcolor rgb black
set grid ytics linetype 1 linewidth 1 linecolor rgb "#e2e2e2"
unset key

set palette maxcolors 48 \
    defined (0 "#1d1147", 6 "#2f7fd0", 12 "#edc531", 18 "#c8401e", 24 "#1d1147")
set cbrange [0:24]
