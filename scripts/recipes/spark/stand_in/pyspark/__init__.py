"""As much of PySpark as score.py uses, for its test: the contract of RDD.pipe kept to the letter.

A partition is computed in a process of its own. pipe() starts the command without a shell and without
an environment, writes an element per line while it reads, and looks at the exit status only with
checkCode.
"""

import itertools
import os
import shlex
import subprocess
import sys
import threading
from multiprocessing import get_context


class RDD:
    """partitions: functions that give an iterator over a partition's elements."""

    def __init__(self, partitions):
        self.partitions = partitions

    def mapPartitions(self, function):
        return RDD([lambda part=part: function(part()) for part in self.partitions])

    def map(self, function):
        return self.mapPartitions(lambda items: map(function, items))

    def filter(self, function):
        return self.mapPartitions(lambda items: filter(function, items))

    def repartitionAndSortWithinPartitions(self, numPartitions, partitionFunc):
        parts = [[] for _ in range(numPartitions)]
        for key, value in itertools.chain.from_iterable(part() for part in self.partitions):
            parts[partitionFunc(key) % numPartitions].append((key, value))
        for part in parts:
            part.sort(key=lambda item: item[0])
        return RDD([lambda part=part: iter(part) for part in parts])

    def pipe(self, command, env=None, checkCode=False):
        def through(items):
            process = subprocess.Popen(shlex.split(command), env=env or {}, stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE)

            def write():
                try:
                    with process.stdin as stdin:
                        for item in items:
                            stdin.write((str(item).rstrip("\n") + "\n").encode())
                except BrokenPipeError:
                    pass

            writer = threading.Thread(target=write)
            writer.start()
            for line in process.stdout:
                yield line.rstrip(b"\n").decode()
            writer.join()
            if process.wait() != 0 and checkCode:
                raise RuntimeError("%s: exit status %d" % (command, process.returncode))

        return self.mapPartitions(through)

    def saveAsTextFile(self, path):
        os.mkdir(path)
        fork = get_context("fork")
        slots = fork.Semaphore(os.cpu_count())

        def task(number, part):
            with slots, open("%s/part-%05d" % (path, number), "w", encoding="utf-8") as out:
                for item in part():
                    out.write(str(item) + "\n")

        tasks = [fork.Process(target=task, args=numbered) for numbered in enumerate(self.partitions)]
        for process in tasks:
            process.start()
        for process in tasks:
            process.join()
        failed = sum(process.exitcode != 0 for process in tasks)
        if failed:
            sys.exit("the job failed: %d of %d tasks" % (failed, len(tasks)))
        open(path + "/_SUCCESS", "w").close()


class SparkContext:
    def __init__(self, appName):
        pass

    def parallelize(self, items, numSlices):
        items = list(items)
        return RDD([lambda first=first: iter(items[first::numSlices]) for first in range(numSlices)])

    def textFile(self, path):
        """A partition for each file of a folder."""

        def lines(name):
            with open(name, encoding="utf-8", newline="\n") as text:
                for line in text:
                    yield line.rstrip("\n")

        return RDD([lambda name=name: lines(os.path.join(path, name)) for name in sorted(os.listdir(path))])
