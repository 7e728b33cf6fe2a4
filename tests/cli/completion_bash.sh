# What bash completes, with its own function called as the shell would.
. "$CASES/kit"
needs bash
"$DONUT" completion bash >script || exit
mkdir files files/folder
touch files/a.donut 'files/b c.donut' files/kpi.csv files/notes.txt
cat >ask.bash <<'EOF'
set -u
. ./script
cd files || exit
# ask WANTED WORD...: the completions of the last word are the words in WANTED, in any order
ask() {
    local wanted=$1 got
    shift
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    COMPREPLY=()
    _donut
    got=$(printf '%s\n' ${COMPREPLY[@]+"${COMPREPLY[@]}"} | sort | paste -s -d' ')
    [ "$got" = "$wanted" ] || echo "$*: $got; wanted: $wanted"
}
complete -p donut >/dev/null || echo 'donut is not completed'
ask 'train' donut tr
ask '--help --version' donut --
ask '--follow --for --format --from' donut score --f
ask '--follow' donut score -q --fol
ask 'csv influx jsonl prometheus' donut score --format ''
ask 'jsonl' donut score --format = j
ask 'csv influx jsonl prometheus' donut score --format =
ask '--format=jsonl' donut score --format=j
ask 'json text' donut evaluate --format ''
ask 'a.donut b c.donut folder' donut score -m ''
ask 'a.donut b c.donut folder' donut score -qm ''
ask 'b c.donut' donut score --model '"b'
ask 'b c.donut' donut score --model 'b\ c'
ask '--model=a.donut' donut score --model=a
ask 'notes.txt' donut score --model n
ask 'folder kpi.csv' donut score -m a.donut ''
ask 'a.donut b c.donut folder kpi.csv notes.txt' donut score -m a.donut -o ''
ask 'folder' donut train -o fo
ask '' donut train --epochs ''
ask '' donut score --from ''
ask '-o' donut train -o- -o
ask 'kpi.csv' donut train -oq k
ask '' donut train -- --ep
ask 'kpi.csv' donut train -- k
ask 'bash fish zsh' donut completion ''
ask 'score' donut help sc
ask '' donut nothing --
EOF
bash ask.bash
# Every option that the help shows is completed, with its letter.
for command in train score encode decode impute evaluate completion help; do
    "$DONUT" $command --help |
        sed -n 's/^  \(-.\), \(--[a-z0-9-]*\).*/\1 \2/p; s/^      \(--[a-z0-9-]*\).*/\1/p' |
        tr ' ' '\n' | sort -u >options
    [ -s options ] || echo "$command has no options"
    bash -c '. ./script
        COMP_WORDS=(donut '$command' -) COMP_CWORD=2
        _donut
        printf "%s\n" "${COMPREPLY[@]}"' | sort -u | diff options - || echo "of $command"
done
