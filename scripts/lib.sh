# Sourced by the other scripts: go to the repository's root, speak both languages, find a Python.
cd "$(dirname -- "$0")/.." || exit 1
root=$(pwd)

say() { printf '%s\n' "$@"; }

fail() {
    printf '\n' >&2
    printf '%s\n' "$@" >&2
    exit 1
}

# Sets $python to $PYTHON or to the first Python in PATH that is new enough and can make a venv.
find_python() {
    if [ -n "${PYTHON:-}" ]; then
        set -- "$PYTHON"
    else
        set -- python3 python3.14 python3.13 python3.12 python3.11
    fi
    too_old=
    for python in "$@"; do
        version=$("$python" --version 2>&1) || continue
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            "$python" -c 'import ensurepip, venv' 2>/dev/null && return
            [ "$python" = python3 ] && package=python3-venv || package=$(basename "$python")-venv
            fail "$version 缺少 venv 模块，无法建立虚拟环境。请安装后重试：" \
                "$version has no venv module, so no environment can be made. Install it, then try again:" \
                "    apt install $package"
        fi
        too_old="$too_old    $python: $version
"
    done
    if [ -z "$too_old" ]; then
        fail "没有找到 Python（$*）。请安装 3.11 或更新版本后重试：" \
            "No Python was found ($*). Install 3.11 or newer, then try again:" \
            "    apt install python3 python3-venv"
    fi
    fail "Python 版本太旧，松鹤需要 3.11 或更新版本。找到的是：" \
        "Python is too old: Songhe needs 3.11 or newer. Found:" "$too_old" \
        "请安装新版本，或指明其位置： Install a newer one, or say where it is:" \
        "    make run PYTHON=/usr/bin/python3.11"
}
