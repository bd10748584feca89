"""Say why Songhe cannot listen on a port of 127.0.0.1, and which port to use instead."""

import errno
import socket
import sys

LAST_PORT = 65535


def refusal(port: int) -> int:
    """The error number that listening on `port` meets, 0 when it can be had."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            return error.errno or errno.EADDRINUSE
    return 0


def free_port_after(port: int) -> int:
    candidates = (*range(port + 1, LAST_PORT + 1), *range(8000, port))
    return next(candidate for candidate in candidates if not refusal(candidate))


def complaint(text: str) -> str | None:
    """What to tell the user about the port they asked for, None when it is fine."""
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= LAST_PORT):
        return (
            f"PORT={text} 不是端口号，请用 1 到 {LAST_PORT} 的整数，例如：\n"
            f"PORT={text} is not a port; use a whole number from 1 to {LAST_PORT}, such as:\n"
            "    make run PORT=8000"
        )
    port = int(text)
    reason = refusal(port)
    if not reason:
        return None
    instead = free_port_after(max(port, 1023))
    if reason in (errno.EACCES, errno.EPERM):
        zh, en = f"当前用户无权使用端口 {port}", f"This user may not listen on port {port}"
    else:
        zh, en = f"端口 {port} 已被其他程序占用", f"Port {port} is taken by another program"
    return f"{zh}，请改用：\n{en}; use another one:\n    make run PORT={instead}"


if __name__ == "__main__":
    if message := complaint(sys.argv[1]):
        sys.exit(f"\n{message}")
