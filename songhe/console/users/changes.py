"""What a manager does with a user: each is asked once more and goes through accounts.domain, which checks scope."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from songhe.accounts.actions import Action
from songhe.accounts.domain import grants, passwords, second_factor, users
from songhe.accounts.models import Grant, Role, User
from songhe.accounts.queries import grantable_by, users_for
from songhe.accounts.roles import label_of
from songhe.accounts.scope import divisions_for, visible
from songhe.common.text import say
from songhe.console.acting import READ_AND_WRITE, Question, ask, done, given, telling
from songhe.console.forms import Form
from songhe.console.page import show, staff
from songhe.console.places import names_of
from songhe.console.users.forms import GiveRole, Reason
from songhe.console.users.views import show_password
from songhe.divisions.models import Division

_managers = staff(Action.USER_MANAGE, methods=READ_AND_WRITE)


def _user(request: HttpRequest, user_id: int) -> User:
    return get_object_or_404(users_for(request.user), pk=user_id)


def _back(user: User) -> str:
    return reverse("console:user", args=[user.pk])


@_managers
def give_role(request: HttpRequest, user_id: int) -> HttpResponse:
    user = _user(request, user_id)
    within = divisions_for(request.user, Action.USER_MANAGE)
    first = {"valid_from": timezone.localdate()}
    form = GiveRole(given(request), initial=first, roles=grantable_by(request.user), within=within)
    if form.is_valid():
        asked = form.cleaned_data
        role = Role(asked["role"])
        with telling(form):
            grants.grant(
                user=user,
                role=role,
                division=Division(pk=asked["division"].id),
                by=request.user,
                valid_from=asked["valid_from"],
                valid_to=asked["valid_to"],
            )
            label = label_of(role)
            return done(request, say(f"已授予角色：{label.zh}。", f"Role given: {label.en}."), _back(user))
    context = {"form": form, "shown": user}
    return show(request, "users/role.html", context, status=422 if form.is_bound else 200)


@_managers
def revoke_role(request: HttpRequest, user_id: int, grant_id: int) -> HttpResponse:
    user = _user(request, user_id)
    held = get_object_or_404(visible(Grant.objects.filter(user=user), request.user, Action.USER_MANAGE), pk=grant_id)
    form = Form(given(request))
    if form.is_valid():
        with telling(form):
            grants.revoke(grant=held, by=request.user)
            return done(request, say("角色已撤销。", "The role is revoked."), _back(user))
    role, place = label_of(Role(held.role)), names_of([held.division_id]).get(held.division_id, "")
    question = Question(
        title=say(f"撤销{user.display_name}的角色", f"Revoke a role of {user.display_name}"),
        points=(
            say(f"角色：{role.zh}，区划：{place}", f"Role: {role.en}; division: {place}"),
            say("撤销立即生效，再次授予须重新办理。", "It ends at once; to have it again it must be given again."),
        ),
        button=say("撤销角色", "Revoke the role"),
        back=_back(user),
    )
    return ask(request, question, form)


@_managers
def lock(request: HttpRequest, user_id: int) -> HttpResponse:
    user, form = _user(request, user_id), Reason(given(request))
    if form.is_valid():
        with telling(form):
            users.lock(user=user, by=request.user, reason=form.cleaned_data["reason"])
            return done(request, say("用户已停用。", "The user is locked."), _back(user))
    question = Question(
        title=say(f"停用{user.display_name}", f"Lock {user.display_name}"),
        points=(
            say(
                "不能再登录，已打开的会话在下一次操作时结束。",
                "No more signing in; open sessions end at the next click.",
            ),
            say("角色保留，启用后恢复。", "The roles stay, and hold again once the user is unlocked."),
        ),
        button=say("停用", "Lock"),
        back=_back(user),
    )
    return ask(request, question, form)


@_managers
def unlock(request: HttpRequest, user_id: int) -> HttpResponse:
    user, form = _user(request, user_id), Form(given(request))
    if form.is_valid():
        with telling(form):
            users.unlock(user=user, by=request.user)
            return done(request, say("用户已启用。", "The user is unlocked."), _back(user))
    question = Question(
        title=say(f"启用{user.display_name}", f"Unlock {user.display_name}"),
        points=(
            say("可以再次登录，原有角色随之恢复。", "The user can sign in again and has the roles of before."),
            say("因密码错误造成的锁定一并解除。", "A lock-out after wrong passwords ends as well."),
        ),
        button=say("启用", "Unlock"),
        back=_back(user),
        is_harmful=False,
    )
    return ask(request, question, form)


@_managers
def reset_password(request: HttpRequest, user_id: int) -> HttpResponse:
    user, form = _user(request, user_id), Form(given(request))
    if form.is_valid():
        with telling(form):
            password = passwords.reset_password(user=user, by=request.user)
            return show_password(request, user, password, is_new=False)
    question = Question(
        title=say(f"重置{user.display_name}的密码", f"Reset the password of {user.display_name}"),
        points=(
            say("原密码立即失效，已打开的会话结束。", "The old password and open sessions end at once."),
            say(
                "新密码只显示一次，用户下次登录时须更改。",
                "The new one is shown once and must be changed at the next sign-in.",
            ),
        ),
        button=say("重置密码", "Reset the password"),
        back=_back(user),
    )
    return ask(request, question, form)


@_managers
def reset_factor(request: HttpRequest, user_id: int) -> HttpResponse:
    user, form = _user(request, user_id), Form(given(request))
    if form.is_valid():
        with telling(form):
            second_factor.reset(user=user, by=request.user)
            return done(request, say("第二因素已重置。", "The second factor is reset."), _back(user))
    question = Question(
        title=say(f"重置{user.display_name}的第二因素", f"Reset the second factor of {user.display_name}"),
        points=(
            say(
                "仅在手机遗失或更换时办理，请先确认是本人。",
                "Only for a lost or new telephone: first make sure who asks.",
            ),
            say("需要第二因素的用户下次登录时重新设置。", "Who needs one sets it up at the next sign-in."),
        ),
        button=say("重置第二因素", "Reset the second factor"),
        back=_back(user),
    )
    return ask(request, question, form)
