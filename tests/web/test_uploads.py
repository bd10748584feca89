"""Files in a form: none is written under a name, and none may be larger than its address takes."""

from __future__ import annotations

import os

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory


def request(size: int, path: str = "/console/imports/new/"):
    return RequestFactory().post(path, {"file": SimpleUploadedFile("a.csv", b"x" * size)})


@pytest.fixture(autouse=True)
def limits(settings) -> None:
    settings.LARGE_BODIES = {"/console/imports/": 4_000_000}


def test_a_large_file_can_be_read_and_has_no_name_on_disk(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    file = request(3_000_000).FILES["file"]
    assert len(file.read()) == 3_000_000
    assert file.name == "a.csv"
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(("size", "path"), [(4_000_001, "/console/imports/new/"), (40_000, "/console/password/")])
def test_more_than_the_address_takes_is_refused(size: int, path: str) -> None:
    with pytest.raises(RequestDataTooBig):
        _ = request(size, path).FILES
