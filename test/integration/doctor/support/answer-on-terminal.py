"""Runs a program on a pseudo-terminal and answers its questions.

Usage: answer-on-terminal.py STDOUT ANSWERS PROGRAM [ARG …]; STDOUT is a file for the program's stdout, ANSWERS are
separated by commas, `^C` among them, `^D` for the end of the input. What the program writes to the terminal is passed on,
and its exit code follows in a last line `exit N`.
"""

import os
import pty
import re
import sys

stdout, answers, *command = sys.argv[1:]
# An open question; one that was answered is shown again with another mark.
QUESTION = re.compile("◆[^◇]*?\\[y/N\\]".encode())
COLOR = re.compile(rb"\x1b\[[\d;]*m")
KEYS = {"^C": b"\x03", "^D": b"\x04"}
pid, terminal = pty.fork()
if pid == 0:
    os.dup2(os.open(stdout, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 1)
    os.execvp(command[0], command)
left = answers.split(",")
seen = b""
while True:
    try:
        chunk = os.read(terminal, 65536)
    except OSError:  # Linux: the other side is closed.
        break
    if not chunk:
        break
    sys.stdout.buffer.write(chunk)
    seen += chunk
    found = QUESTION.search(COLOR.sub(b"", seen))
    if found and left:
        seen = b""
        answer = left.pop(0)
        os.write(terminal, KEYS.get(answer, answer.encode() + b"\r"))
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(b"exit %d\n" % os.waitstatus_to_exitcode(status))
