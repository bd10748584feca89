"""What is asked at the door."""

from django import forms

from songhe.common.text import Text, say
from songhe.console.forms import Form


def _password(label: Text) -> forms.CharField:
    return forms.CharField(label=label, max_length=200, strip=False, widget=forms.PasswordInput())


class SignIn(Form):
    username = forms.CharField(label=say("用户名", "User name"), max_length=50)
    password = _password(say("密码", "Password"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs.update(autocomplete="username", autocapitalize="none", autofocus=True)
        self.fields["password"].widget.attrs.update(autocomplete="current-password")


class ChangePassword(Form):
    old = _password(say("原密码", "Old password"))
    new = _password(say("新密码", "New password"))
    again = _password(say("再输入一次新密码", "New password again"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old"].widget.attrs.update(autocomplete="current-password")
        for name in ("new", "again"):
            self.fields[name].widget.attrs.update(autocomplete="new-password")

    def clean(self) -> None:
        if self.cleaned_data.get("new") != self.cleaned_data.get("again"):
            self.add_problem("again", say("两次输入的新密码不一致。", "The two new passwords differ."))


class Digits(Form):
    digits = forms.CharField(label=say("六位验证码", "Six digits"), max_length=10)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["digits"].widget.attrs.update(inputmode="numeric", autocomplete="one-time-code", autofocus=True)

    def clean_digits(self) -> str:
        return "".join(self.cleaned_data["digits"].split())
