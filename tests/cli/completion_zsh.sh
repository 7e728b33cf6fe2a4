# What zsh completes, typed at its prompt.
. "$CASES/kit"
needs zsh
"$DONUT" completion zsh >_donut || exit
zsh -fn _donut || exit
mkdir files files/folder
touch files/a.donut 'files/b c.donut' files/kpi.csv files/notes.txt
cat >ask.zsh <<'END_OF_ZSH'
zmodload zsh/zpty || exit 0
zpty shell 'zsh -f -i'
zpty -w shell 'PS1=; unsetopt prompt_cr prompt_sp; setopt no_beep; cd files'
zpty -w shell 'autoload -Uz compinit && compinit -u -D; fpath=(.. $fpath); . ../_donut'
# Ctrl-T shows what the line has become, between < and >.
zpty -w shell 'show() { print -r -- "<$BUFFER>"; BUFFER=; }; zle -N show; bindkey "^T" show'
zpty -w shell 'bindkey "^I" complete-word; print -r -- "<read""y>"'
zpty -r shell got '*<ready>*'
# ask WANTED LINE: what the line is once its last word has been completed
ask() {
    zpty -w -n shell "$2"$'\t\x14'
    zpty -r shell got $'*<*>\r*'
    got=${${got##*<}%%>*}
    [[ $got = $1 ]] || print -r -- "$2: $got; wanted: $1"
}
ask 'donut train ' 'donut tr'
ask 'donut score --follow ' 'donut score --fol'
ask 'donut train --follo' 'donut train --follo'
ask 'donut score --format jsonl ' 'donut score --format j'
ask 'donut score --format=jsonl ' 'donut score --format=j'
ask 'donut score -m b\ c.donut ' 'donut score -m b'
ask 'donut score -m notes.txt ' 'donut score -m n'
ask 'donut score -m a.donut kpi.csv ' 'donut score -m a.donut k'
ask 'donut score -qo notes.txt ' 'donut score -qo n'
ask 'donut score --from ' 'donut score --from '
ask 'donut score --events --even' 'donut score --events --even'
ask 'donut score --tag a=b --tag=' 'donut score --tag a=b --ta'
ask 'donut train --missing-fill mean ' 'donut train --missing-fill m'
ask 'donut train -- kpi.csv ' 'donut train -- k'
ask 'donut help score ' 'donut help sc'
ask 'donut completion fish ' 'donut completion f'
zpty -d shell
END_OF_ZSH
TERM=dumb timeout 60 zsh -f ask.zsh || echo "zsh ended with $?"
