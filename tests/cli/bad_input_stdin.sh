. "$CASES/kit"
try train -o model - </dev/null
printf 'timestamp,value\n1,x\n' | try train -o model -
head -c 3000 /dev/zero | try train -o model -
try train -o model - <&-
ls
