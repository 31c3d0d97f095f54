"""Run another script of the project inside its environment, with everything that tests and figures need installed."""

import os
import sys

import environment

if __name__ == "__main__":
    try:
        environment.ensure("dev")
    except environment.Problem as problem:
        sys.exit(str(problem))
    python = str(environment.python())
    os.execv(python, [python, *sys.argv[1:]])
