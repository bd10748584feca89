"""Reports on tasks: one done and confirmed, one returned, one waiting, one behind, and what others contributed."""

from __future__ import annotations

import datetime as dt

from songhe.accounts.models import User
from songhe.demo.plans.cast import MADE_UP, Cast
from songhe.plan.domain.reporting import report
from songhe.plan.domain.seats import give_seat
from songhe.plan.domain.settling import confirm, send_back
from songhe.plan.models import Report

LEAD, LAND, HEALTH = "民政局", "自然资源局", "卫生健康局"


def report_tasks(cast: Cast) -> None:
    for user, unit in ((cast.land, LAND), (cast.health, HEALTH)):
        give_seat(by=cast.bureau, user=user, package=cast.package, unit=unit, division_id=cast.county.pk)
    _lead(cast)
    _others(cast)


def _lead(cast: Cast) -> None:
    done = dt.date(2024, 12, 20)
    confirm(by=cast.above, report=_say(cast, "QTX-M-1.1a", "两所敬老院改造完工并通过验收。", done_on=done, percent=100))
    confirm(by=cast.above, report=_say(cast, "QTX-M-3.3a", "5个镇综合养老服务中心已建成3个。", percent=60))
    returned = _say(cast, "QTX-S-2.1a", "评估机构已经挂牌。", done_on=dt.date(2023, 12, 28), percent=100)
    send_back(by=cast.above, report=returned, reason="缺登记证书，请补充后重新填报。")
    _say(cast, "QTX-M-3.3b", "邵岗镇综合养老服务中心改建完成，请予确认。", done_on=cast.months[-1], percent=100)


def _others(cast: Cast) -> None:
    land = _say(cast, "QTX-M-3.3a", "两处用地已办理划拨手续。", by=cast.land, unit=LAND)
    confirm(by=cast.bureau, report=land)
    _say(cast, "QTX-M-3.3h", "已向服务圈内的卫生服务站下达签约任务。", by=cast.health, unit=HEALTH)


def _say(
    cast: Cast,
    task: str,
    text: str,
    *,
    by: User | None = None,
    unit: str = LEAD,
    percent: int | None = None,
    done_on: dt.date | None = None,
) -> Report:
    return report(
        by=by or cast.bureau,
        package=cast.package,
        task_id=task,
        division_id=cast.county.pk,
        unit=unit,
        text=f"{MADE_UP}：{text}",
        told_for=cast.months[-1],
        percent=percent,
        done_on=done_on,
    )
