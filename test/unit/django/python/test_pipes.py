"""A named pipe that settings read: it is waited for, but not for ever."""

import os
import signal
import tempfile
import threading
import unittest

from devsetup_companion.errors import describe_exception
from devsetup_companion.start import pipes, watch
from devsetup_companion.start.circumstances import circumstances
from devsetup_companion.start.helper import Helper


class Pipes(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.pipe = os.path.join(folder.name, ".env")
        os.mkfifo(self.pipe)
        before = pipes.SECONDS[0]
        self.addCleanup(pipes.SECONDS.__setitem__, 0, before)
        pipes.SECONDS[0] = 0.2
        watch.start()
        self.addCleanup(watch.stop)

    def test_one_that_nothing_writes_to_is_an_error_with_its_name(self) -> None:
        with self.assertRaisesRegex(TimeoutError, r"it is a named pipe, and nothing has written to it .*\.env"):
            with open(self.pipe):
                pass
        self.assertIs(signal.getsignal(signal.SIGALRM), signal.SIG_DFL)

    def test_the_settings_are_not_tried_again_for_variables_where_that_failed(self) -> None:
        try:
            open(self.pipe)
        except TimeoutError as failure:
            # What describes it reads all variables, which is noted for other tests as well.
            watch.stop()
            error = describe_exception(failure, "SETTINGS_FAILED", circumstances(failure))
        self.assertEqual(error["data"]["pipe"], self.pipe)
        missing = Helper(0, -1, -1, False).missing_for(error)
        self.assertEqual(missing, {"event": "missing", "missing": {"variables": [], "remaining": error}})

    def test_one_that_is_opened_and_stays_silent_is_too(self) -> None:
        silent = os.open(self.pipe, os.O_RDWR)
        self.addCleanup(os.close, silent)
        with self.assertRaises(TimeoutError):
            with open(self.pipe, "rb") as file:
                file.read()

    def test_what_is_written_is_read_and_nothing_ends_later(self) -> None:
        pipes.SECONDS[0] = 60.0

        def write() -> None:
            with open(self.pipe, "w") as file:
                file.write("A=1\n")

        writer = threading.Thread(target=write)
        writer.start()
        with open(self.pipe) as file:
            self.assertEqual(file.read(), "A=1\n")
        writer.join()
        with open(os.devnull):
            self.assertEqual(signal.getitimer(signal.ITIMER_REAL), (0.0, 0.0))


if __name__ == "__main__":
    unittest.main()
