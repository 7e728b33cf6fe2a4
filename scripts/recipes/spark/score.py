"""spark-submit score.py INPUT OUTPUT BUNDLE [DONUT]: scores every KPI of INPUT.

INPUT has lines `time,value,KPI` as CSV, in any order; OUTPUT gets a JSON object for each point, with
the KPI under "key". BUNDLE (of `donut train --key`) and DONUT (/usr/local/bin/donut) are paths that
hold on every executor.
"""

import csv
import itertools
import shlex
import sys
import zlib

from pyspark import SparkContext

PARTITIONS = 64  # some per core; each is one process of donut


def parse(line):
    """The time belongs to the key, so that Spark can sort by it; as text, so all must have one form."""
    time, value, kpi = next(csv.reader([line]))
    return (kpi, time), value


def partition_of(key):
    """By the KPI alone. Python's own hash() of a text differs from executor to executor."""
    return zlib.crc32(key[0].encode())


def to_csv(item):
    (kpi, time), value = item
    return '{},{},"{}"'.format(time, value, kpi.replace('"', '""'))


def score(lines, bundle, donut):
    command = [donut, "score", "-q", "-m", bundle, "--key", "kpi", "--unknown", "error", "--follow",
               "--threads", "1", "--format", "jsonl"]
    return (
        lines.filter(lambda line: not line.startswith("timestamp,"))
        .map(parse)
        .repartitionAndSortWithinPartitions(PARTITIONS, partition_of)
        .map(to_csv)
        # Each partition is a file to donut, and those without a row are many. Out come JSON lines,
        # which need no header.
        .mapPartitions(lambda rows: itertools.chain(["timestamp,value,kpi"], rows))
        # The command gets no environment: the path must be absolute. Without checkCode a donut that
        # failed would leave its partition empty, and the job would succeed.
        .pipe(" ".join(shlex.quote(word) for word in command), checkCode=True)
    )


def main(source, target, bundle, donut="/usr/local/bin/donut"):
    context = SparkContext(appName="donut")
    score(context.textFile(source), bundle, donut).saveAsTextFile(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
