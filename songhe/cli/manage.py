"""`songhe manage`: the housekeeping commands of the database."""

from __future__ import annotations

import click

from songhe.cli.site import open_site


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Housekeeping 维护: migrate, load_divisions, load_boundaries, create_user, verify_audit; help lists all."""
    open_site()
    from django.core.management import ManagementUtility

    ManagementUtility(["songhe manage", *(arguments or ("help",))]).execute()
