"""Runs a program on a pseudo-terminal and answers its questions.

Usage: answer-on-terminal.py ANSWERS PROGRAM [ARG …]; ANSWERS is JSON: a list of pairs, the end of a question and what is typed.
Prints what the program showed and, in a last line, `exit N`. A question that is not asked within a minute ends it.
"""

import json
import os
import pty
import re
import select
import signal
import sys

COLOR = re.compile(rb"\x1b\[[\d;]*m")
answers = json.loads(sys.argv[1])
command = sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
seen = b""
while True:
    ready, _, _ = select.select([terminal], [], [], 60)
    if not ready:
        os.kill(pid, signal.SIGKILL)
        break
    try:
        chunk = os.read(terminal, 65536)
    except OSError:  # Linux: the other side is closed.
        break
    if not chunk:
        break
    sys.stdout.buffer.write(chunk)
    seen += chunk
    if answers and answers[0][0].encode() in COLOR.sub(b"", seen):
        seen = b""
        os.write(terminal, answers.pop(0)[1].encode())
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(b"exit %d\n" % os.waitstatus_to_exitcode(status))
