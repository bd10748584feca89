"""Who calls: a machine by its token, or somebody signed in by their session."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import HttpBearer, SessionAuth

from songhe.accounts.models import User
from songhe.api.domain.tokens import user_of


class Token(HttpBearer):
    """`Authorization: Bearer songhe_…`; the request is then the user's whom the token acts for."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        user = user_of(token)
        if user is not None:
            request.user = user
        return user


# Writes by session need the token against forged requests; writes by a machine's token cannot be forged.
AUTHENTICATION = (Token(), SessionAuth(csrf=True))
