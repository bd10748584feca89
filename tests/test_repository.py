"""The repository keeps its promises: locks, scripts, and nothing that belongs to one machine."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {
    "requirements.txt": ("build",),
    "requirements-test.txt": ("build", "test"),
    "requirements-engines.txt": ("build", "test", "engines"),
    "requirements-bench.txt": ("build", "bench"),
}
SCRIPTS = ("bench", "install", "lock", "run", "soak", "test", "test-engines", "with-postgres")
ONE_MACHINES_PATH = re.compile(r"(?<![\w.~-])/(?:home|Users|root|work(?:space)?)/[\w.-]")
HOST = re.compile(r"://|\b[\w-]+\.(?:cn|com|dev|io|net|org)\b")

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
EXTRAS = PYPROJECT["project"]["optional-dependencies"]


@pytest.fixture
def repository_files(require_or_skip) -> list[Path]:
    """What git holds or would take."""
    require_or_skip(shutil.which("git") and (ROOT / ".git").exists(), "a git checkout")
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = (ROOT / name for name in listing.stdout.decode().split("\0") if name)
    return [path for path in paths if path.is_file()]


def locked(name: str) -> dict[str, str]:
    """Package → version of a lock."""
    pins = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / name).read_text("utf-8"), re.MULTILINE)
    return {package.lower(): version for package, version in pins}


def asked(extras: tuple[str, ...]) -> list[Requirement]:
    """What pyproject.toml asks for with these extras."""
    texts = [*PYPROJECT["project"]["dependencies"], *(text for extra in extras for text in EXTRAS[extra])]
    return [Requirement(text) for text in texts]


def test_every_dependency_is_pinned_exactly():
    loose = [
        str(requirement)
        for requirement in asked(tuple(EXTRAS))
        if [specifier.operator for specifier in requirement.specifier] != ["=="] or "*" in str(requirement.specifier)
    ]
    assert loose == []


def test_the_build_tool_is_the_locked_one():
    assert PYPROJECT["build-system"]["requires"] == EXTRAS["build"]


@pytest.mark.parametrize(("name", "extras"), LOCKS.items())
class TestLock:
    def test_it_holds_what_pyproject_asks_for(self, name: str, extras: tuple[str, ...]):
        wanted = {requirement.name.lower(): str(requirement.specifier)[2:] for requirement in asked(extras)}
        pins = locked(name)
        assert {package: pins.get(package) for package in wanted} == wanted

    def test_every_package_has_a_hash(self, name: str, extras: tuple[str, ...]):
        text = (ROOT / name).read_text("utf-8")
        blocks = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
        assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []

    def test_it_names_no_host(self, name: str, extras: tuple[str, ...]):
        text = (ROOT / name).read_text("utf-8")
        assert HOST.findall(text) == []
        assert re.findall(r"^\s*--(?!hash=)\S+", text, re.MULTILINE) == []

    def test_it_agrees_with_the_runtime_lock(self, name: str, extras: tuple[str, ...]):
        runtime = locked("requirements.txt")
        pins = locked(name)
        assert {package: pins.get(package) for package in runtime} == runtime


def test_no_file_names_a_folder_of_one_machine(repository_files: list[Path]):
    found = []
    for path in repository_files:
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match}" for match in ONE_MACHINES_PATH.findall(text)]
    assert found == []


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_can_be_run_and_is_posix_shell(name: str):
    script = ROOT / "scripts" / name
    assert os.access(script, os.X_OK)
    assert script.read_text("utf-8").startswith("#!/bin/sh\n")
    subprocess.run(["sh", "-n", script], check=True)


def test_make_help_lists_every_target():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split())
    assert set(re.findall(r"^([a-z-]+):.*## \S", makefile, re.MULTILINE)) == targets


def test_both_readmes_name_the_same_commands_and_folders():
    chinese, english = (
        re.findall(r"^make [\w-]+|^\| `[^`]+`", (ROOT / name).read_text("utf-8"), re.MULTILINE)
        for name in ("README.zh-CN.md", "README.md")
    )
    assert chinese == english
    assert {"make run", "make test"} <= set(english)


# A machine on which only what a test puts there can be found.

FAKE_PYTHON = """#!/bin/sh
printf '%s\\n' "$*" >>"$CALLS"
case "$*" in
    --version) echo "Python {version}" ;;
    *"sys.exit(sys.version_info"*) exit {too_old} ;;
    *"import ensurepip"*) exit {no_venv} ;;
    "-m venv"*) mkdir -p "$4/bin" && cp "$0" "$4/bin/python" ;;
    *"pip "*"-r "*)
        echo "Collecting duckdb==2.0.0"
        [ -z "${{BROKEN:-}}" ] || {{ echo "ERROR: no network"; exit 1; }}
        ;;
esac
"""
TOOLS = ("awk", "basename", "cat", "cksum", "cp", "dirname", "grep", "mkdir", "sh", "tail")


class Machine:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.calls = folder / "calls"
        for tool in TOOLS:
            (self.bin / tool).symlink_to(str(shutil.which(tool)))
        self.repository = folder / "songhe"
        shutil.copytree(ROOT / "scripts", self.repository / "scripts")
        for name in ("pyproject.toml", *LOCKS):
            shutil.copy(ROOT / name, self.repository)

    def add_python(self, version: str, *, name: str = "python3", venv: bool = True) -> None:
        too_old = tuple(int(part) for part in version.split(".")) < (3, 11)
        text = FAKE_PYTHON.format(version=version, too_old=int(too_old), no_venv=int(not venv))
        (self.bin / name).write_text(text)
        (self.bin / name).chmod(0o755)

    def run(self, script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", f"scripts/{script}", *arguments],
            cwd=self.repository,
            env={"PATH": str(self.bin), "CALLS": str(self.calls), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def pip_runs(self) -> int:
        return self.calls.read_text().count("--require-hashes")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def assert_told(result: subprocess.CompletedProcess[str], *texts: str) -> None:
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert [text for text in texts if text not in result.stderr] == []


def test_run_without_any_python_says_what_to_install(machine: Machine):
    result = machine.run("run")
    assert_told(result, "没有找到 Python", "No Python was found", "apt install python3 python3-venv")


def test_run_with_an_old_python_says_which_it_needs(machine: Machine):
    machine.add_python("3.9.2")
    assert_told(machine.run("run"), "版本太旧", "3.11 or newer", "python3: Python 3.9.2", "make run PYTHON=")


def test_run_prefers_a_newer_python_over_an_old_python3(machine: Machine):
    machine.add_python("3.9.2")
    machine.add_python("3.12.1", name="python3.12")
    result = machine.run("install", "runtime")
    assert result.returncode == 0
    assert "Python 3.12.1" in result.stdout


def test_run_uses_only_the_python_it_is_told_to(machine: Machine):
    machine.add_python("3.11.2")
    assert_told(machine.run("run", PYTHON="python9"), "No Python was found (python9)")


@pytest.mark.parametrize("name", ["python3", "python3.12"])
def test_run_without_the_venv_module_says_what_to_install(machine: Machine, name: str):
    machine.add_python("3.12.1", name=name, venv=False)
    assert_told(machine.run("run"), "缺少 venv 模块", "has no venv module", f"apt install {name}-venv\n")


def test_run_on_a_taken_port_names_a_free_one(machine: Machine):
    (machine.bin / "python3").symlink_to(sys.executable)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = machine.run("run", PORT=str(port))
    assert_told(result, f"端口 {port} 已被其他程序占用", f"Port {port} is taken", "make run PORT=")
    assert int(result.stderr.strip().rpartition("=")[2]) != port
    assert not (machine.repository / ".venv").exists()


@pytest.mark.parametrize("port", ["eighty", "0", "65536", "-1", "８０００"])
def test_run_on_what_is_not_a_port_says_so(machine: Machine, port: str):
    (machine.bin / "python3").symlink_to(sys.executable)
    assert_told(machine.run("run", PORT=port), f"PORT={port} is not a port", "make run PORT=8000")


def test_install_does_nothing_the_second_time(machine: Machine):
    machine.add_python("3.11.2")
    first = machine.run("install", "runtime")
    assert (first.returncode, machine.pip_runs()) == (0, 1)
    assert "安装锁定的依赖" in first.stdout
    again = machine.run("install", "runtime")
    assert (again.returncode, again.stdout, machine.pip_runs()) == (0, "", 1)


def test_install_follows_a_changed_lock(machine: Machine):
    machine.add_python("3.11.2")
    machine.run("install", "runtime")
    with (machine.repository / "requirements.txt").open("a") as lock:
        lock.write("# changed\n")
    machine.run("install", "runtime")
    assert machine.pip_runs() == 2


def test_install_makes_a_new_environment_where_the_folder_was_moved(machine: Machine):
    machine.add_python("3.11.2")
    machine.run("install", "runtime")
    machine.repository = machine.repository.rename(machine.folder / "moved")
    assert "Making the environment" in machine.run("install", "runtime").stdout


def test_install_that_fails_says_why_and_is_tried_again(machine: Machine):
    machine.add_python("3.11.2")
    failed = machine.run("install", "runtime", BROKEN="1")
    assert_told(failed, "ERROR: no network", "依赖安装失败", ".venv/install.log")
    assert machine.run("install", "runtime").returncode == 0
