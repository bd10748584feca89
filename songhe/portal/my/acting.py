"""What the person, or the family for them, does: apply, confirm, mend, withdraw, appeal, complain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse

from songhe.casework.domain.acting import APPLICANT
from songhe.casework.domain.appeals import appeal, complain
from songhe.casework.domain.opening import Matter as Wanted
from songhe.casework.domain.opening import open_case
from songhe.casework.domain.steps import confirm, resubmit, withdraw
from songhe.casework.errors import CaseError, ThereAlready
from songhe.casework.models import Case, How, Kind
from songhe.citizens.domain.sittings import Visit
from songhe.citizens.words import relation_of
from songhe.common.text import Text, say
from songhe.portal.my.cases import Matter, matter_for, matters_of
from songhe.portal.my.door import READ_AND_WRITE, WRITE, go, mine, show
from songhe.portal.my.file import File
from songhe.portal.my.overview import find
from songhe.portal.my.signing import WRONG_INPUT
from songhe.portal.problems import Problem
from songhe.registry.vocabulary import StatementError

_LONGEST = 500
_EMPTY = say("请写几句话。", "Please write a few words.")


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked before something is done. `label` is that of a text to write; without one only yes is asked."""

    title: Text
    points: Sequence[Text]
    button: Text
    back: str
    label: Text | None = None
    hint: Text | None = None
    is_needed: bool = True


@mine("提出申请", READ_AND_WRITE)
def apply(request: HttpRequest, visit: Visit, item: str) -> HttpResponse:
    file = File(visit.person)
    found = find(file, matters_of(visit.person), item)
    if found is None or file.package is None or found.item.entitlement.delivery != "apply":
        raise Http404
    if found.matter is not None:
        return go(request, "my-case", found.matter.id)
    name, package = found.item.entitlement.name, file.package.id
    question = Question(
        title=say(f"申请：{name.zh}", f"Apply for {name.en}"),
        points=[
            say("您的情况档案里已有的，不用再填。", "What the file knows already you need not fill in."),
            say("工作人员会核实；还缺什么，会在这里告诉您。", "Staff verify it; what is missing you are told here."),
        ],
        button=say("提出申请", "Apply"),
        back="my-items",
        label=say("想补充说明的（可以不写）", "Anything to add (may stay empty)"),
        is_needed=False,
    )

    def do(text: str, key: str) -> Case:
        wanted = Wanted(kind=Kind.BENEFIT, person=visit.person, package=package, item=item, **_by(visit))
        return open_case(by=APPLICANT, matter=wanted, text=text, request_key=key)

    return _answer(request, visit, question, do)


@mine("确认要办", WRITE)
def agree(request: HttpRequest, visit: Visit, case: UUID) -> HttpResponse:
    matter = _of(visit, case)
    try:
        confirm(by=APPLICANT, case=matter.case)
    except CaseError as error:
        return _tell(request, visit, matter, error.text)
    return go(request, "my-case", case)


@mine("补正", READ_AND_WRITE)
def mend(request: HttpRequest, visit: Visit, case: UUID) -> HttpResponse:
    matter = _of(visit, case)
    question = Question(
        title=say("补上缺少的", "Add what was missing"),
        points=[matter.standing],
        button=say("已补上，继续办理", "It is there now, go on"),
        back="my-cases",
        label=say("补了什么", "What you added"),
        hint=say(
            "材料请交到社区（村）或街道（镇）窗口，这里写清楚交了什么、哪天交的。",
            "Hand papers in at the village or town office; write here what you handed in, and when.",
        ),
    )

    def do(text: str, key: str) -> Case:
        resubmit(by=APPLICANT, case=matter.case, reason=text)
        return matter.case

    return _answer(request, visit, question, do)


@mine("撤回", READ_AND_WRITE)
def take_back(request: HttpRequest, visit: Visit, case: UUID) -> HttpResponse:
    matter = _of(visit, case)
    invited = matter.is_invited
    question = Question(
        title=say("不用了", "No, thank you") if invited else say("撤回申请", "Withdraw"),
        points=[
            say(f"这一件就不再办了：{matter.name.zh}。", f"This goes no further: {matter.name.en}."),
            say("以后想办，可以重新申请。", "You may apply again later."),
        ],
        button=say("我不需要", "I do not want it") if invited else say("撤回", "Withdraw"),
        back="my-cases",
        label=say("为什么（可以不写）", "Why (may stay empty)"),
        is_needed=False,
    )

    def do(text: str, key: str) -> Case:
        withdraw(by=APPLICANT, case=matter.case, reason=text)
        return matter.case

    return _answer(request, visit, question, do)


@mine("申诉", READ_AND_WRITE)
def disagree(request: HttpRequest, visit: Visit, case: UUID) -> HttpResponse:
    matter = _of(visit, case)
    question = Question(
        title=say("申诉", "Appeal"),
        points=[
            say(f"对这一件的结果不服：{matter.name.zh}。", f"You do not agree with the result: {matter.name.en}."),
            say("由原来没有经手的人重新看。", "People who had no part in it look at it again."),
        ],
        button=say("提出申诉", "Appeal"),
        back="my-cases",
        label=say("您的理由", "Your reasons"),
    )

    def do(text: str, key: str) -> Case:
        return appeal(by=APPLICANT, case=matter.case, reason=text, request_key=key, **_by(visit))

    return _answer(request, visit, question, do)


@mine("投诉", READ_AND_WRITE)
def criticise(request: HttpRequest, visit: Visit, case: UUID | None = None) -> HttpResponse:
    """A complaint about a case, or about anything."""
    about = _of(visit, case) if case is not None else None
    what = [say(f"关于：{about.name.zh}。", f"About: {about.name.en}.")] if about else []
    question = Question(
        title=say("投诉", "Complain"),
        points=[*what, say("由与此事无关的人调查，再答复您。", "Somebody who had no part in it looks into it.")],
        button=say("提出投诉", "Complain"),
        back="my-cases",
        label=say("发生了什么", "What happened"),
    )

    def do(text: str, key: str) -> Case:
        of = about.case if about else None
        return complain(by=APPLICANT, text=text, person=visit.person, about=of, request_key=key, **_by(visit))

    return _answer(request, visit, question, do)


def _answer(request: HttpRequest, visit: Visit, question: Question, do: Callable[[str, str], Case]) -> HttpResponse:
    """The question until it is answered; then the case. Sent twice, it is done once."""
    if request.method != "POST":
        return _ask(request, visit, question, "", uuid4().hex)
    text, key = request.POST.get("text", "").strip()[:_LONGEST], request.POST.get("key", "")[:40]
    if question.label is not None and question.is_needed and not text:
        return _ask(request, visit, question, text, key, _EMPTY)
    try:
        case = do(text, f"{visit.sitting.pk}-{key}" if key else "")
    except ThereAlready as error:
        return go(request, "my-case", error.public_id)
    except CaseError as error:
        return _ask(request, visit, question, text, key, error.text)
    except StatementError as error:
        return _ask(request, visit, question, text, key, say(error.zh, error.en))
    return go(request, "my-case", case.public_id)


def _ask(
    request: HttpRequest, visit: Visit, question: Question, text: str, key: str, problem: Text | None = None
) -> HttpResponse:
    label = question.label or question.title
    context = {
        "question": question,
        "text": text,
        "key": key,
        "problems": [Problem("f-text" if question.label else "main", label, problem)] if problem else [],
        "file": File(visit.person),
        "visit": visit,
        "relation": relation_of(visit.kinship) if visit.kinship else None,
    }
    return show(request, "act.html", context, status=WRONG_INPUT if problem else 200)


def _tell(request: HttpRequest, visit: Visit, matter: Matter, text: Text) -> HttpResponse:
    context = {"matter": matter, "file": File(visit.person), "visit": visit, "problem": text}
    return show(request, "case.html", context, status=WRONG_INPUT)


def _of(visit: Visit, case: UUID) -> Matter:
    matter = matter_for(visit.person, case)
    if matter is None:
        raise Http404
    return matter


def _by(visit: Visit) -> dict[str, object]:
    """Who brings it in."""
    return {"how": How.SELF} if visit.kinship is None else {"how": How.FAMILY, "agent": visit.kinship}
