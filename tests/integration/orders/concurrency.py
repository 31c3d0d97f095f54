"""Run the same thing many times at once, each in a thread with a database connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections


def at_once(jobs: Sequence[Callable[[], Any]], limit_s: float = 60) -> list[Any]:
    """Return what each job returned, or the exception that it raised, in order. All start together."""
    outcomes: list[Any] = [TimeoutError("did not end")] * len(jobs)
    gate = threading.Barrier(len(jobs))

    def run(place: int) -> None:
        try:
            gate.wait(limit_s)
            outcomes[place] = jobs[place]()
        except Exception as error:  # the caller judges it
            outcomes[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,), daemon=True) for place in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(limit_s)
    return outcomes
