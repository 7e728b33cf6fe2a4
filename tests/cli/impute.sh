# How a window's missing points come to their values, step by step.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
"$DONUT" impute -m model --to 62 --hide 0.3 kpi.csv >steps
sed -n 1,13p steps
cut -d , -f 1 steps | uniq -c | awk '{ printf "%s x %s, ", $1, $2 } END { print "" }'
# What was observed stays; what was not is drawn anew each time; times, status and value stay.
awk -F, '$3 == "observed"' steps | cut -d , -f 2-5 | sort | uniq -c | awk '{ print $1 }' | uniq -c
awk -F, '$3 != "observed"' steps | cut -d , -f 2-5 | sort | uniq -d
cut -d , -f 2-4 steps | sort | uniq -c | awk '{ print $1 }' | uniq -c
# The chain is that of a score: q(z|x) of the window before the first iteration is what encode has
# of it without imputation, and that of the imputed window, the last row, is what it has with.
for to in 40 62; do
    "$DONUT" impute -q -m model --to $to --trace latent kpi.csv >latent
    sed 1q latent
    cut -d , -f 1 latent | sed 1d | tr '\n' ' '
    echo
    for option in '--mcmc-iterations 0' ''; do
        "$DONUT" encode -q -m model --from $((to - 1)) --to $to --draws 0 $option kpi.csv |
            tail -n 1 | cut -d , -f 3-
    done >encoded
    sed -n '2p; $p' latent | cut -d , -f 2-5 | cmp - encoded
done
# Those rows can be decoded.
"$DONUT" decode -m model latent | wc -l | tr -d ' '
# Another seed hides other points; a larger share more; another number of iterations is a shorter
# or longer way of the same chain.
"$DONUT" impute -q -m model --to 62 --hide 0.3 --seed 1 kpi.csv | awk -F, '$1 == 0 { print $3 }' |
    sort | uniq -c | awk '{ print $1, $2 }'
"$DONUT" impute -q -m model --to 62 --hide 0.3 --seed 1 kpi.csv | cmp -s - steps || echo differs
"$DONUT" impute -q -m model --to 62 --hide 0.3 --mcmc-iterations 20 kpi.csv | head -n 133 |
    cmp - steps
"$DONUT" impute -q -m model --to 62 --hide 0.3 --mcmc-iterations 0 kpi.csv | cmp -n 300 - steps
"$DONUT" impute -q -m model --hide 1 kpi.csv | awk -F, '$1 == 0' | grep -c hidden
# With another encoder and another law of z, too, the chain is that of a score.
"$DONUT" train $tiny --encoder cnn --student-df 2 -q -o other kpi.csv
"$DONUT" impute -q -m other --to 62 --trace latent kpi.csv | tail -n 1 | cut -d , -f 2-5 >latent
"$DONUT" encode -q -m other --from 61 --to 62 --draws 0 kpi.csv | tail -n 1 | cut -d , -f 3- |
    cmp - latent
# The window may reach back before the file; its labels are not looked at.
"$DONUT" impute -m model --to 3 --mcmc-iterations 0 -o out kpi.csv
cut -d , -f 2-4 out
sed 's/,1$/,one/' kpi.csv | "$DONUT" impute -q -m model --to 3 --mcmc-iterations 0 | cmp - out
