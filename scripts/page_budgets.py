"""Print what the key pages of this site cost beside their budgets; exits with 1 when one is broken.

Measures the site that the environment names (LANGSO_VAR, DATABASE_URL), by default the one of `make demo`.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")


def main() -> int:
    import django

    django.setup()
    from tests.benchmarks import weights

    broken = []
    print(
        f"{'page':10} {'HTML':>6} {'text':>6} {'req':>4} {'screen':>7} {'in list':>7} "
        f"{'queries':>7} {'kept':>5}  address"
    )
    for name, address, page in weights.addresses():
        got = weights.weigh(name, address, page)
        broken += got.over(page)
        print(
            f"{name:10} {got.html_bytes:6} {got.text_bytes:6} {got.requests:4} {got.first_screen_bytes:7} "
            f"{got.largest_list_picture:7} {got.queries:7} {got.queries_kept:5}  {got.address}"
        )
    allowed = weights.BUDGETS["browse"]
    print(
        f"{'allowed':10} {'':6} {allowed['text_bytes']:6} {allowed['requests']:4} {allowed['first_screen_bytes']:7} "
        f"{allowed['list_picture_bytes']:7} {allowed['queries']}-{allowed['queries_wagtail']:5} "
        f"{allowed['queries_kept']:5}  (pictures in lists only)"
    )
    for sentence in broken:
        print(sentence)
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
