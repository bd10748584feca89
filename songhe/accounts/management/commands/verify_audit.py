"""`verify_audit`: whether anybody wrote over the audit trail."""

from __future__ import annotations

import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from songhe.accounts.domain import audit

_KINDS = {
    "missing": ("序号不连续，此处缺少记录", "a line is missing here"),
    "changed": ("内容与指纹不符", "what it says is not what its hash was made of"),
    "unlinked": ("与前一条不衔接", "it does not follow the line before it"),
    "cut_off": ("末尾的记录被删除", "the trail ends before it"),
}


class Command(BaseCommand):
    help = "检查审计记录是否被改动，指出第一处断裂。 Verify the audit trail and name the first broken link."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anchor", metavar="N:HASH", help="上次检查显示的末条 what the last check printed, kept elsewhere"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        anchor = _read_anchor(options["anchor"]) if options["anchor"] else None
        broken = audit.verify(anchor=anchor)
        if broken:
            zh, en = _KINDS[broken.kind]
            raise CommandError(f"第{broken.sequence}条断裂：{zh}。 Broken at line {broken.sequence}: {en}.")
        last = audit.head()
        if last is None:
            self.stdout.write("审计记录为空。 The audit trail is empty.")
            return
        self.stdout.write(
            f"{last[0]}条审计记录完好。请将末条抄存于别处，下次以 --anchor 核对：\n"
            f"{last[0]} lines, all whole. Keep the last one elsewhere, for --anchor next time:\n"
            f"    {last[0]}:{last[1]}"
        )


def _read_anchor(text: str) -> tuple[int, str]:
    match = re.fullmatch(r"([1-9][0-9]*):([0-9a-f]{64})", text)
    if not match:
        raise CommandError("--anchor 须写作 序号:指纹 is written number:hash, as verify_audit prints it.")
    return int(match[1]), match[2]
