"""The command `songhe`."""

from __future__ import annotations

import click

from songhe.cli.cases import cases
from songhe.cli.compare import compare
from songhe.cli.decide import decide
from songhe.cli.demo import demo
from songhe.cli.demo_year import demo_year
from songhe.cli.entitlement import entitlement
from songhe.cli.indicator import indicator
from songhe.cli.intake import import_, worker
from songhe.cli.manage import manage
from songhe.cli.payment import payment
from songhe.cli.policy import policy
from songhe.cli.report import report
from songhe.cli.run import run
from songhe.cli.serve import serve
from songhe.cli.snapshot import snapshot
from songhe.cli.synth import synth
from songhe.cli.tasks import tasks
from songhe.cli.upkeep import upkeep


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Songhe 松鹤: from policy documents to decisions about people."""


main.add_command(cases)
main.add_command(compare)
main.add_command(decide)
main.add_command(demo)
main.add_command(demo_year)
main.add_command(entitlement)
main.add_command(indicator)
main.add_command(manage)
main.add_command(import_)
main.add_command(payment)
main.add_command(policy)
main.add_command(report)
main.add_command(run)
main.add_command(serve)
main.add_command(snapshot)
main.add_command(synth)
main.add_command(tasks)
main.add_command(upkeep)
main.add_command(worker)
