"""Runs a program on a pseudo-terminal and answers its question.

Usage: ask-on-terminal.py QUESTION ANSWER PROGRAM [ARG …]. Prints what the terminal showed, and then `exit N`.
"""

import os
import pty
import sys

question, answer, *command = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
shown = b""
while True:
    try:
        chunk = os.read(terminal, 65536)
    except OSError:  # Linux: the other side is closed.
        break
    if not chunk:
        break
    shown += chunk
    if question and question.encode() in shown:
        os.write(terminal, answer.encode() + b"\r")
        question = ""
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(shown + b"exit %d\n" % os.waitstatus_to_exitcode(status))
