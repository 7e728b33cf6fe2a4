# The manual page is good mdoc.
. "$CASES/kit"
needs mandoc
sh "$CASES/../../scripts/make_manual" "$DONUT" >page || exit
mandoc -Tlint -W style page
