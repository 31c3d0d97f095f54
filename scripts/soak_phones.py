"""`make soak`, the phones: 1,000 seeded schedules on a bad line, each ending with nothing lost and nothing doubled.

The same test as in `make check` (tests/browser/offline/test_schedules.py), with more seeds, in a process of its own for
each hundred. Writes var/soak/phones.json; ends with 1 if anything is wrong.
"""

import argparse
import json
import os
import subprocess
import sys
import time

from environment import ROOT, commit

TEST = "tests/browser/offline/test_schedules.py"
AT_ONCE = 100  # schedules of one process: a thousand on one database would measure its growth


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--schedules", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1, help="of the first; the others follow")
    options = parser.parse_args()
    started, wrong = time.monotonic(), []
    for first in range(options.seed, options.seed + options.schedules, AT_ONCE):
        count = min(AT_ONCE, options.seed + options.schedules - first)
        environment = {
            **os.environ,
            "OFFLINE_SCHEDULES": str(count),
            "OFFLINE_SEED": str(first),
            "CI": "true",
        }
        command = [sys.executable, "-m", "pytest", TEST, "-q", "--tb=short", "--show-capture=no"]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        print(f"  {first + count - options.seed} of {options.schedules}", file=sys.stderr, flush=True)
        if done.returncode:
            wrong.append({"seeds": [first, first + count - 1], "said": done.stdout[-4000:]})
    result = {
        "date": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "commit": commit(),
        "seed": options.seed,
        "schedules": options.schedules,
        "seconds": round(time.monotonic() - started),
        "wrong": wrong,
    }
    print(json.dumps(result, indent=1, ensure_ascii=False))
    folder = ROOT / "var/soak"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "phones.json").write_text(
        json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
