"""Changing a division: the form, what would follow, and the change itself once that was confirmed."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.scope import divisions_for
from songhe.common.text import say
from songhe.console.acting import READ_AND_WRITE, done, given, telling
from songhe.console.divisions.forms import ChangeForm
from songhe.console.divisions.kinds import KINDS, Kind
from songhe.console.page import show, staff
from songhe.divisions.queries import Node, tree_on
from songhe.registry.domain.divisions import Preview, change_divisions, preview_change


@staff(Action.DIVISION_CHANGE, methods=READ_AND_WRITE)
def change(request: HttpRequest, division_id: int, kind: str) -> HttpResponse:
    within = divisions_for(request.user, Action.DIVISION_CHANGE)
    node, wanted = tree_on().get(division_id), KINDS.get(kind)
    if node is None or wanted is None or division_id not in within:
        raise Http404
    form, preview = wanted.form(given(request), node=node, within=within), None
    if form.is_valid():
        with telling(form):
            if request.POST.get("confirmed"):
                change_divisions(by=request.user, order=form.order)
                text = say(f"已办理：{wanted.title.zh}。", f"Done: {wanted.title.en}.")
                return done(request, text, reverse("console:division", args=[division_id]))
            preview = preview_change(by=request.user, order=form.order)
    return _page(request, node, wanted, form, preview)


def _page(request: HttpRequest, node: Node, kind: Kind, form: ChangeForm, preview: Preview | None) -> HttpResponse:
    context = {"form": form, "kind": kind, "node": node, "name": tree_on().full_name(node.id), "preview": preview}
    if preview is not None:
        context["given"] = [(name, value) for name, value in request.POST.items() if name in form.fields]
        return show(request, "divisions/preview.html", context)
    return show(request, "divisions/change.html", context, status=422 if form.is_bound else 200)
