"""Estates that share a facility: the list, and the page of one with its members and what the standards say."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.scope import divisions_for, visible
from songhe.common import clock
from songhe.common.text import Text, say
from songhe.console.acting import READ_AND_WRITE, Question, ask, done, given, telling
from songhe.console.facilities.asking import asked
from songhe.console.facilities.estates import standards_of
from songhe.console.facilities.forms import Closing, NewMember, NewPool
from songhe.console.facilities.opening import READ, fill_in, of_pool, page_of
from songhe.console.facts import told_of
from songhe.console.page import show, staff
from songhe.console.places import names_of
from songhe.divisions.models import Division, Level
from songhe.divisions.queries import tree_on
from songhe.facilities.domain import pooling
from songhe.facilities.facts import BOOKS, POOL, POOL_RECORDED, holding, known_pools
from songhe.facilities.models import Estate, Member, Pool
from songhe.facilities.queries import of_pools
from songhe.pages.keyset import window

_CHOICES = 500


@staff(Action.ESTATE_READ)
def pool_list(request: HttpRequest) -> HttpResponse:
    page = window(
        visible(Pool.objects.all(), request.user, Action.ESTATE_READ),
        by="name",
        cursor=request.GET.get("cursor", ""),
    )
    ids = [one.pk for one in page.rows]
    known = {one.pool.pk: one for one in known_pools(Pool.objects.filter(pk__in=ids), clock.today())}
    names = names_of(one.division_id for one in page.rows)
    rows = [{"one": one, "known": known.get(one.pk), "place": names.get(one.division_id, "")} for one in page.rows]
    return show(request, "facilities/pools.html", {"rows": rows, "window": page})


@of_pool(Action.ESTATE_READ, methods=READ)
def pool_page(request: HttpRequest, pool: Pool) -> HttpResponse:
    said = asked(request, place=tree_on().get(pool.division_id))
    one = Pool.objects.filter(pk=pool.pk)
    known = next(iter(known_pools(one, said.day)), None)
    records = pool.records.select_related("recorded_by", "retraction").order_by("-valid_from", "-pk")
    context = {
        "one": pool,
        "place": names_of([pool.division_id]).get(pool.division_id, "—"),
        "asked": said,
        "known": known,
        "households": [(BOOKS[POOL].facts[name].label, known.facts.get(name) if known else None) for name in _SUMS],
        "members": pool.members.select_related("estate").order_by("-valid_from", "-pk"),
        "standards": standards_of(of_pools(said.package, one, said.day), said) if said.package else [],
        "told": told_of(BOOKS[POOL], records, POOL_RECORDED),
    }
    return show(request, "facilities/pool.html", context)


_SUMS = ("new_households", "existing_households", "old_households")


@staff(Action.ESTATE_WRITE, methods=READ_AND_WRITE)
def new_pool(request: HttpRequest) -> HttpResponse:
    form = NewPool(given(request), within=divisions_for(request.user, Action.ESTATE_WRITE))
    if form.is_valid():
        with telling(form):
            division = Division(pk=form.cleaned_data["division"].id)
            made = pooling.found_pool(by=request.user, name=form.cleaned_data["name"], division=division)
            return done(request, say("已登记。请接着列入小区。", "Recorded. Put estates into it next."), page_of(made))
    return fill_in(
        request,
        form,
        title=say("登记统筹配置", "Record a shared facility"),
        button=say("登记", "Record it"),
        back=(reverse("console:pools"), ""),
    )


@of_pool(Action.ESTATE_WRITE)
def join(request: HttpRequest, pool: Pool) -> HttpResponse:
    form = NewMember(given(request), estates=list(_choices(request, pool)))
    if form.is_valid():
        with telling(form):
            estate = Estate.objects.get(public_id=form.cleaned_data["estate"])
            rest = {name: form.cleaned_data[name] for name in ("valid_from", "document")}
            pooling.join(by=request.user, pool=pool, estate=estate, **rest)
            return done(request, say("已列入。", "It is in."), page_of(pool))
    return fill_in(
        request,
        form,
        title=say("列入小区", "Put an estate in"),
        button=say("列入", "Put it in"),
        back=(page_of(pool), pool.name),
        hints=[say("可选同一县（市、区）内没有参加统筹的小区。", "Estates of the county that share with nobody.")],
    )


def _choices(request: HttpRequest, pool: Pool) -> Iterator[tuple[str, Text]]:
    tree = tree_on()
    county = tree.at_level(pool.division_id, Level.COUNTY) if pool.division_id in tree else None
    near = Estate.objects.filter(division__in=holding([county.id], clock.today()) if county else [], closed_on=None)
    sharing = Member.objects.filter(valid_to=None).values("estate")
    free = visible(near.exclude(pk__in=sharing), request.user, Action.ESTATE_WRITE)
    some = list(free.order_by("name", "pk")[:_CHOICES])
    names = names_of(one.division_id for one in some)
    for one in some:
        told = f"{one.name}（{names.get(one.division_id, '')}）"
        yield str(one.public_id), say(told, told)


@of_pool(Action.ESTATE_WRITE)
def leave(request: HttpRequest, pool: Pool, pool_member: int) -> HttpResponse:
    members = Member.objects.filter(pool=pool, ended_by=None).select_related("estate")
    member = get_object_or_404(members, pk=pool_member)
    form = Closing(given(request))
    form.fields["on"].label = say("止日", "Last day")
    if form.is_valid():
        with telling(form):
            pooling.leave(by=request.user, member=member, **form.cleaned_data)
            return done(request, say("已终止。", "It is ended."), page_of(pool))
    question = Question(
        title=say(f"终止{member.estate.name}的统筹", f"{member.estate.name} shares no more"),
        points=(say("此后该小区按自己的标准核对。", "From then on the estate is measured by itself."),),
        button=say("终止", "End it"),
        back=page_of(pool),
    )
    return ask(request, question, form)
