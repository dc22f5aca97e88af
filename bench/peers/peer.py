"""The other half of bench/harness.ts: one process, one JSON request a line on stdin, one JSON answer a line on stdout.

Whatever a library prints goes to stderr, so that stdout carries answers only."""

import json
import os
import sys
import time
import traceback

import psutil


def serve(handlers, **hello):
    """Answers {"cmd": name, ...} with handlers[name](**rest) until stdin ends. The first line says who is there."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    answers.write(json.dumps({"ready": True, **hello}) + "\n")
    for line in sys.stdin:
        request = json.loads(line)
        command = request.pop("cmd")
        try:
            if command not in handlers:
                raise ValueError(f"no command '{command}'; there are {', '.join(handlers)}")
            answer = handlers[command](**request)
        except Exception as error:
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")


def timed_ms(run, count):
    """Milliseconds of each of `count` calls."""
    times = []
    for _ in range(count):
        start = time.perf_counter()
        run()
        times.append(1e3 * (time.perf_counter() - start))
    return times


def memory_mb():
    """Resident memory now and at its peak, in MB."""
    info = psutil.Process().memory_info()
    peak = info.rss
    try:
        with open("/proc/self/status") as status:
            peak = next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        pass
    return {"rssMb": info.rss / 2**20, "peakMb": peak / 2**20}
