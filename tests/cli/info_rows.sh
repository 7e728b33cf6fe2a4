# Where rows and values are not as they should be: counts and places, worked out by hand. Points are 10
# s apart from 12:00:00 in line 2 on.
{
    echo 'When,"Requests, all",is_anomaly'
    echo '2025-03-01T12:00:00+01:00,5,0'
    echo '2025-03-01T12:00:10+01:00,5,1'
    echo '2025-03-01T12:00:31+01:00,5,1'
    echo '2025-03-01T12:00:20+01:00,,0'
    echo '2025-03-01T12:00:40+01:00,-2.5,0'
    echo '2025-03-01T12:00:40+01:00,0,0'
    echo '2025-03-01T12:01:30+01:00,7,0'
    echo '2025-03-01T12:01:40+01:00,7,0'
    echo '2025-03-01T12:01:50+01:00,7,1'
    echo '2025-03-01T12:02:00+01:00,9,0'
} >rows.csv
"$DONUT" info --timestamp-column When --value-column 2 rows.csv
"$DONUT" info --timestamp-column When --value-column 2 --format json rows.csv | sed '/"training"/,$d'
# Names of columns are any bytes.
printf 'time,"a\t""b""\\\n\033[31m\377",\342\202\254 ts\n1,2,x\n61,3,x\n' >names.csv
"$DONUT" info --value-column 2 names.csv | grep columns
"$DONUT" info --value-column 2 --format json names.csv | grep '"name"'
"$DONUT" info --key 3 --value-column 2 --format json names.csv | grep '"name"'
