"""`python -m soak [MINUTES] [--engine postgresql|sqlite]`: a county at work while things are killed, then checked.

Ends with 1 when anything was lost, was done twice, or does not hold.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from soak.after import settle
from soak.bank import Bank
from soak.city import build, open_django
from soak.engines import Postgres, Sqlite
from soak.faults import Office, disturb
from soak.report import check_all, show

_PEOPLE = 1_500
_LONGEST_END = 120.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="soak")
    parser.add_argument("minutes", nargs="?", type=float, default=5.0, help="how long everybody works (5)")
    parser.add_argument("--engine", choices=("postgresql", "sqlite"), default="postgresql")
    parser.add_argument("--people", type=int, default=_PEOPLE)
    parser.add_argument("--clerks", type=int, default=2, help="how many of each kind (2)")
    parser.add_argument("--seed", type=int, default=0, help="of what goes wrong, and when")
    parser.add_argument("--keep", action="store_true", help="keep the folder with the database and all logs")
    arguments = parser.parse_args()
    # Whoever stops it leaves no server behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    home = Path(tempfile.mkdtemp(prefix="songhe-soak-"))
    engine = (Postgres if arguments.engine == "postgresql" else Sqlite)(home)
    good = False
    try:
        good = soak(home, engine, arguments)
    finally:
        if engine.can_be_killed:
            engine.stop()
        if good and not arguments.keep:
            shutil.rmtree(home)
        else:
            print(f"· {home}")
    return 0 if good else 1


def soak(home: Path, engine: Postgres | Sqlite, arguments: argparse.Namespace) -> bool:
    (home / "var").mkdir()
    open_django(home, engine.url)
    from django.db import connection

    say(f"{engine.name}: 建立县区  A county of {arguments.people:,} people")
    build(home, arguments.people)
    # Its own connection would not outlive the database.
    connection.close()
    seconds = arguments.minutes * 60
    office = Office(home, engine)
    try:
        say("开门  The server, the worker and the clerks come up")
        office.open(clerks=arguments.clerks)
        office.close_at(time.time() + seconds)
        say(f"干扰 {arguments.minutes:g} 分钟  Things go wrong for {arguments.minutes:g} minutes")
        disturb(office, seconds, random.Random(arguments.seed))
        say("收工  Everybody ends what they are at")
        office.wait_for_clerks(_LONGEST_END)
        office.wait_for_server()
        settle(home, office)
    finally:
        office.close()
    say("核对  Checking")
    found = check_all(home, Bank(home), office.told.heads)
    return show(home, office.told, found, seconds)


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
