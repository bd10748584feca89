"""The content hash names what was decided by: the same text, the same hash, wherever it lies."""

import shutil
from pathlib import Path

import pytest

from songhe.policy.folders import chain, content_hash
from songhe.policy.load import load_package
from tests.builders import PACKAGES, SMALL, write_package


def hash_of(folder: Path) -> str:
    return content_hash(chain(str(folder)))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return write_package(tmp_path / "small", SMALL)


def test_it_is_sha_256_and_each_package_has_its_own() -> None:
    hashes = {load_package(name).hash for name in PACKAGES}
    assert len(hashes) == len(PACKAGES)
    assert all(len(hash) == 64 and int(hash, 16) for hash in hashes)


def test_it_does_not_depend_on_where_the_package_lies(small: Path, tmp_path: Path) -> None:
    elsewhere = shutil.copytree(small, tmp_path / "elsewhere" / "small")
    assert hash_of(elsewhere) == hash_of(small)


@pytest.mark.parametrize("file", list(SMALL))
def test_it_changes_with_every_file(small: Path, file: str) -> None:
    before = hash_of(small)
    path = small / f"{file}.yaml"
    path.write_text(path.read_text("utf-8") + "# a word more\n", "utf-8")
    assert hash_of(small) != before
    path.write_text(SMALL[file], "utf-8")
    assert hash_of(small) == before


def test_it_changes_with_a_new_file_and_a_new_name(small: Path) -> None:
    before = hash_of(small)
    (small / "cases.yaml").write_text("", "utf-8")
    added = hash_of(small)
    (small / "cases.yaml").rename(small / "tasks.yaml")
    assert len({before, added, hash_of(small)}) == 3


def test_an_overlay_changes_with_what_it_stands_on(small: Path) -> None:
    document = "id: county\ntitle: {zh: 县, en: county}\nextends: small\n"
    county = write_package(small.parent / "county", {"document": document})
    before = hash_of(county)
    write_package(small, {"terms": SMALL["terms"] + "# a word more\n"})
    assert hash_of(county) != before
