# No option is dropped on the way: each, with another value, makes another model or other scores.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q -o base kpi.csv
for option in '--window 13' '--latent 3' '--hidden 9' '--epochs 3' '--samples 17'; do
    # The later one of two would be misuse: these replace their part of $tiny.
    rest=$(echo "$tiny" | sed "s/${option%% *} [0-9]*//")
    "$DONUT" train $rest $option -q -o other kpi.csv
    ! cmp -s base other || echo "train $option changes nothing"
done
for option in '--from 10' '--to 390' --ignore-labels '--risk 1e-3' '--mcmc-iterations 3' \
    '--std-epsilon 1e-3' '--missing-fill mean' '--batch-size 64' '--learning-rate 1e-3' \
    '--decay 0.5' '--decay-epochs 1' '--l2 0.01' '--clip-norm 1' '--clip-by global' \
    '--injection 0.1' '--validation 0.4' '--validate-every 7' '--seed 1' '--interval 20m' \
    '--likelihood-df 4' --no-hide-last '--schedule step' '--scale moments' \
    '--validation-windows 32' '--validation-trim 0.3' \
    '--sampler mc' '--verdict-by step' '--verdict-by score' '--elbo plain' \
    '--windows normal' '--keep-labels 0'; do
    "$DONUT" train $tiny $option -q -o other kpi.csv 2>said
    ! cmp -s base other || echo "train $option changes nothing"
    rm -f other
done
for option in '--decay 0.5' '--decay-epochs 1'; do
    "$DONUT" train $tiny --schedule step $option -q -o other kpi.csv
    "$DONUT" train $tiny --schedule step -q -o another kpi.csv
    ! cmp -s another other || echo "train $option changes no rate"
done
"$DONUT" score -m base kpi.csv >scores 2>said
for option in '--samples 3' '--mcmc-iterations 0' '--from 10' '--to 390' --ignore-labels \
    '--threshold -100' '--sampler mc' '--verdict-by step' '--verdict-by shape' '--verdict-by score'; do
    "$DONUT" score -q -m base $option kpi.csv >other
    ! cmp -s scores other || echo "score $option changes nothing"
done
"$DONUT" score -m base --risk 1e-2 kpi.csv 2>other >/dev/null
! cmp -s said other || echo 'score --risk says the same surprise'
