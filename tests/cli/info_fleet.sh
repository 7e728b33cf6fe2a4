# A table of KPIs: one that is fine, and each way not to be; keys that are not plain.
fleet() {
    awk 'BEGIN {
        print "timestamp,value,label,KPI ID"
        for (i = 0; i < 600; i++) {
            t = 1700000400 + 600 * i
            print t "," i % 24 ",0,\"good, \"\"one\"\"\""
            if (i < 300)
                print t "," i % 24 ",0,short"
            print t ",5,0,constant"
            print t "," (i < 300 ? i % 24 : "") ",0,\"em\npty\""
            print t + i * i ",1,0,h\303\251\t\033[31m\377"
        }
        print "1700000400,1,0,\\lonely"
    }'
}
fleet >fleet.csv
"$DONUT" info --key 'KPI ID' fleet.csv
"$DONUT" info --key 4 --format json fleet.csv |
    grep -a '^ \{0,6\}"\|"code"'
# Twenty, unless all are asked for.
many() {
    awk 'BEGIN {
        for (i = 0; i < 50; i++)
            for (k = 1; k <= 23; k++)
                print 60 * i + 1700000400 ",1," k
    }'
}
many | "$DONUT" info --key 3 - | tail -5
many | "$DONUT" info --key 3 --all - | tail -5
