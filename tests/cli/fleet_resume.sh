# Training of a fleet that is killed goes on where it was, and ends with the same bytes.
. "$CASES/kit"
kpi >kpi.csv
awk -F , 'NR == 1 { print $0 ",host"; next } { for (i = 1; i < 5; i++) print $1 "," $2 * i "," $3 ",h" i }' \
    kpi.csv >fleet.csv
# Each model is added behind the ones before it, which begins with an lseek() of ours.
cat >lseek.c <<'END'
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
off_t lseek(int fd, off_t offset, int whence)
{
    static int calls;
    if (++calls == atoi(getenv("KILLED_AT")))
        raise(SIGKILL);
    return syscall(SYS_lseek, fd, offset, whence);
}
END
$CC -shared -fPIC -o lseek.so lseek.c || exit
killed() {
    number=$1
    shift
    (
        KILLED_AT=$number LD_PRELOAD=$PWD/lseek.so ASAN_OPTIONS=verify_asan_link_order=0 \
            "$DONUT" train --threads 1 --key host $tiny "$@" fleet.csv 2>said
        echo "exit status $?"
    ) 2>shell # which says something about the signal
}
again() {
    "$DONUT" train --threads 1 --key host $tiny "$@" fleet.csv 2>&1 | sed -n '/ trained/{ s/, [0-9.]* s$/, N s/; s/, [0-9.]* s (/, N s (/; p; }'
    ls fleet*
}
"$DONUT" train -q --key host $tiny -o want fleet.csv

echo '-- killed before the third model is kept'
killed 4
ls fleet*
cp fleet.donut.part part
again
cmp fleet.donut want

echo '-- torn while the second one was written'
head -c $(($(wc -c <part) - 1)) part >fleet.donut.part
rm fleet.donut
again
cmp fleet.donut want

echo '-- a byte of the first model is not as it was'
for byte in '\125' '\252'; do
    (head -c 500 part; printf $byte; tail -c +502 part) >fleet.donut.part
    cmp -s part fleet.donut.part || "$DONUT" train --threads 1 --key host $tiny fleet.csv 2>&1 |
        grep -c '1 taken over'
    cmp fleet.donut want
done | sort -u

echo '-- killed again, and torn in the middle of the head'
head -c 9 part >fleet.donut.part
killed 4
killed 2
again
cmp fleet.donut want

echo '-- other options, another range, another model to begin with: nothing is taken over'
"$DONUT" train -q --key host $tiny --to 90% -o other fleet.csv
cp part fleet.donut.part
again --to 90%
cmp fleet.donut other
cp part fleet.donut.part
again --seed 1
cp part fleet.donut.part
again --init other
killed 4 --init other
cp fleet.donut.part warm
again --init want
cp warm fleet.donut.part
again --init other
killed 4 --kernel plain
fastest=$("$DONUT" --version | sed -n 's/^kernels: \([a-z0-9]*\).*/\1/p')
[ "$fastest" = plain ] || again --kernel "$fastest" | grep 'taken over'
rm -f fleet.donut.part

echo '-- nor with another method'
for method in '--elbo plain' '--windows normal' '--keep-labels 0.5' '--student-df 9' \
    '--reconstruction-weight 2' '--prior-weight 1' '--entropy-weight beta' '--channels 3,4' \
    '--score-by likelihood'; do
    cp part fleet.donut.part
    again $method | sed -n "s/^fleet.donut:/$method:/p"
done

echo '-- other data of one KPI: that one is trained again'
cp fleet.csv whole
awk -F , -v OFS=, 'NR == 30 { $2 += 1 } { print }' whole >fleet.csv
cp part fleet.donut.part
again

echo '-- what is in the way, and a full disk'
echo mine >fleet.donut.part
again
cat fleet.donut.part
"$DONUT" train -q --key host $tiny fleet.csv
rm fleet.donut.part
ln -s elsewhere fleet.donut.part
"$DONUT" train -q --key host $tiny fleet.csv
ls -d elsewhere fleet.donut.part 2>/dev/null
rm fleet.donut.part
(
    trap '' XFSZ
    ulimit -f 6
    "$DONUT" train -q --threads 1 --key host $tiny -o full fleet.csv
    echo "exit status $?"
)
