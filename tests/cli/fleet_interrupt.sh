# Ctrl-C while a fleet is trained: what is finished is kept, nothing else, and the shell sees the
# signal. It comes when the first model is kept, which begins with the second lseek().
. "$CASES/kit"
kpi >kpi.csv
awk -F , 'NR == 1 { print $0 ",host"; next } { print $0 ",a"; print $1 "," $2 * $2 "," $3 ",b" }' kpi.csv >fleet.csv
cat >lseek.c <<'END'
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>
off_t lseek(int fd, off_t offset, int whence)
{
    static int calls;
    if (++calls == 2)
        kill(getpid(), SIGINT);
    return syscall(SYS_lseek, fd, offset, whence);
}
END
$CC -shared -fPIC -o lseek.so lseek.c || exit
# The second one takes longer than it takes to notice.
options="--key host $shape --epochs 30000 --samples 16"
(
    LD_PRELOAD=$PWD/lseek.so ASAN_OPTIONS=verify_asan_link_order=0 \
        "$DONUT" train --threads 1 $options fleet.csv 2>said
    echo "exit status $?"
) 2>shell # which may say something about the signal
cat said
ls fleet*
"$DONUT" train $options fleet.csv 2>&1 | sed -n '/ trained/{ s/, [0-9.]* s$/, N s/; s/, [0-9.]* s (/, N s (/; p; }'
ls fleet*
"$DONUT" train -q $options -o want fleet.csv
cmp fleet.donut want

echo '-- before anything is finished, and while another one has the output'
mkfifo said2
(
    read -r line
    "$DONUT" train $options -q -o model fleet.csv
    echo "exit status $?"
    kill -s TERM "$(cat pid)"
    cat
) <said2 >log 2>&1 &
(
    sh -c 'echo $$ >pid; exec "$@" 2>said2' sh \
        "$DONUT" train --key host $shape --epochs 1000000 --samples 16 -o model fleet.csv
    echo "exit status $?"
) 2>shell
wait
cat log
ls
