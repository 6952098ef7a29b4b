"""Runs a program on a pseudo-terminal of the given size: what arrives on stdin is typed there, what the terminal shows goes to stdout.

Usage: on-terminal.py COLUMNS ROWS STDOUT PROGRAM [ARG …]; STDOUT is a file for the program's stdout, or `-`: the
terminal as well. After the program has ended its exit code follows in a last line `exit N`.
"""

import fcntl
import os
import pty
import select
import struct
import sys
import termios

columns, rows, stdout, *command = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(2, termios.TIOCSWINSZ, struct.pack("HHHH", int(rows), int(columns), 0, 0))
    if stdout != "-":
        os.dup2(os.open(stdout, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 1)
    os.execvp(command[0], command)
sources = [terminal, 0]
while True:
    ready, _, _ = select.select(sources, [], [])
    if 0 in ready:
        typed = os.read(0, 65536)
        if typed:
            os.write(terminal, typed)
        else:
            sources.remove(0)
    if terminal not in ready:
        continue
    try:
        chunk = os.read(terminal, 65536)
    except OSError:  # Linux: the other side is closed.
        break
    if not chunk:
        break
    os.write(1, chunk)
_, status = os.waitpid(pid, 0)
os.write(1, b"exit %d\n" % os.waitstatus_to_exitcode(status))
