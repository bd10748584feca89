"""From a file to the register: hand in, try, run, cancel, delete; each through songhe.intake."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.scope import divisions_for
from songhe.common.text import say
from songhe.console.acting import READ_AND_WRITE, Question, ask, done, given, telling
from songhe.console.forms import Form
from songhe.console.imports.forms import NewImport
from songhe.console.imports.standing import standing_of
from songhe.console.imports.views import found
from songhe.console.page import show, staff
from songhe.divisions.queries import tree_on
from songhe.intake.domain.receiving import cancel, receive, withdraw
from songhe.intake.domain.returning import error_file
from songhe.intake.jobs import start
from songhe.intake.models import Import

_importers = staff(Action.IMPORT_RUN, methods=READ_AND_WRITE)
_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/x-ndjson",
}


def _page(upload: Import) -> str:
    return reverse("console:import", args=[upload.public_id])


@_importers
def new_import(request: HttpRequest) -> HttpResponse:
    """Kept sealed, and tried at once; nothing reaches the register before somebody has seen the report."""
    within = divisions_for(request.user, Action.IMPORT_RUN)
    workplace = tree_on().get(request.user.division_id) if request.user.division_id in within else None
    sent = (given(request), request.FILES) if request.method == "POST" else ()
    form = NewImport(*sent, initial={"division": workplace}, within=within)
    if form.is_valid():
        asked = form.cleaned_data
        with telling(form):
            upload = receive(
                user=request.user,
                source=asked["source"],
                content=asked["file"],
                file_name=asked["file"].name,
                division_id=asked["division"].id,
                sheet=asked["sheet"],
                announced_rows=asked["announced_rows"],
                codes_on=asked["codes_on"],
            )
            start(user=request.user, upload=upload, dry_run=True)
            return HttpResponseRedirect(_page(upload))
    return show(request, "imports/new.html", {"form": form}, status=422 if form.is_bound else 200)


@staff(Action.IMPORT_RUN, methods=("POST",))
def try_again(request: HttpRequest, import_id: str) -> HttpResponse:
    upload = found(request, import_id)
    if standing_of(upload).may_try:
        start(user=request.user, upload=upload, dry_run=True)
    return HttpResponseRedirect(_page(upload))


@staff(Action.IMPORT_RUN, methods=("POST",))
def run(request: HttpRequest, import_id: str) -> HttpResponse:
    """Whoever presses twice starts it once."""
    upload = found(request, import_id)
    if standing_of(upload).may_run:
        start(user=request.user, upload=upload)
    return HttpResponseRedirect(_page(upload))


@_importers
def cancel_import(request: HttpRequest, import_id: str) -> HttpResponse:
    upload, form = found(request, import_id), Form(given(request))
    if form.is_valid():
        with telling(form):
            cancel(user=request.user, upload=upload)
            return done(request, say("导入已取消。", "The import is cancelled."), _page(upload))
    question = Question(
        title=say(f"取消导入{upload.file_name}", f"Cancel the import of {upload.file_name}"),
        points=(
            say(
                f"已写入的{upload.rows_done}行保留在名册中，其余不再导入。",
                f"The {upload.rows_done} rows written so far stay in the register; the rest is not taken.",
            ),
            say("取消后不能继续，须重新上传。", "It cannot go on afterwards; the file must be sent again."),
        ),
        button=say("取消导入", "Cancel the import"),
        back=_page(upload),
    )
    return ask(request, question, form)


@_importers
def withdraw_file(request: HttpRequest, import_id: str) -> HttpResponse:
    upload, form = found(request, import_id), Form(given(request))
    if form.is_valid():
        with telling(form):
            withdraw(user=request.user, upload=upload)
            return done(request, say("文件已删除。", "The file is deleted."), _page(upload))
    question = Question(
        title=say(f"删除文件{upload.file_name}", f"Delete the file {upload.file_name}"),
        points=(
            say(
                "已导入的内容和报告保留，错误文件不能再下载。",
                "What was taken stays; the error file goes.",
            ),
            say("未完成的导入随之取消。", "An import that has not ended is cancelled."),
        ),
        button=say("删除文件", "Delete the file"),
        back=_page(upload),
    )
    return ask(request, question, form)


@staff(Action.IMPORT_RUN)
def errors(request: HttpRequest, import_id: str) -> HttpResponse:
    """The rows that were set aside, as a file to mend and send back."""
    upload, form = found(request, import_id), Form({})
    with telling(form):
        file = error_file(user=request.user, upload=upload)
        answer = StreamingHttpResponse(file.content, content_type=_TYPES[upload.format])
        answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name)}"
        answer.headers["Cache-Control"] = "no-store"
        return answer
    return show(request, "imports/gone.html", {"form": form, "upload": upload}, status=410)
