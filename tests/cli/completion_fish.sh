# What fish completes.
. "$CASES/kit"
needs fish
"$DONUT" completion fish >script || exit
mkdir files files/folder
touch files/a.donut 'files/b c.donut' files/kpi.csv files/notes.txt
cat >ask.fish <<'END_OF_FISH'
source script
cd files
# ask WANTED LINE: the completions of a line, without their descriptions, and in their order
function ask
    set -l got (complete -C $argv[2] | string replace -r '\t.*' '' | string join ' ')
    test "$got" = "$argv[1]"; or echo "$argv[2]: $got; wanted: $argv[1]"
end
ask 'train' 'donut tr'
ask '--help --version' 'donut --'
ask '--follow --for --format --from' 'donut score --f'
ask '' 'donut train --follo'
ask 'csv influx jsonl prometheus' 'donut score --format '
ask '--format=jsonl' 'donut score --format=j'
ask 'json text' 'donut evaluate --format '
ask 'a.donut b c.donut folder/ kpi.csv notes.txt' 'donut score -m '
ask 'b c.donut' 'donut score --model b'
ask 'kpi.csv folder/ a.donut b c.donut notes.txt' 'donut score -m a.donut '
ask 'notes.txt' 'donut score -qo n'
ask '' 'donut train --epochs '
ask '' 'donut score --tag '
ask 'kpi.csv' 'donut train -- k'
ask 'bash fish zsh' 'donut completion '
ask 'score' 'donut help sc'
ask '' 'donut nothing --'
# The quote in a description is still one.
complete -C 'donut train --clip-n' | grep -q "gradient's norm"; or echo 'no description'
END_OF_FISH
HOME=$PWD TERM=dumb fish --no-config ask.fish
