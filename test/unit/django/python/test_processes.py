import os
import signal
import subprocess
import sys
import threading
import unittest
from typing import List
from unittest.mock import patch

from devsetup_companion.start import environment
from devsetup_companion.start.replacement import python_arguments
from devsetup_companion.serve import apart
from devsetup_companion.serve.running import Child, Running
from devsetup_companion.serve.forking import find_fork_obstacle, macos_obstacle


class PythonArgumentsTest(unittest.TestCase):
    def test_only_a_python_with_the_same_manage_py_is_followed(self) -> None:
        rows = [
            (("/venv/bin/python", ["python", "manage.py", "migrate"]), []),
            (("/venv/bin/python3.12", ["x", "-u", "-X", "dev", os.path.abspath("manage.py")]), ["-u", "-X", "dev"]),
            (("/venv/bin/python", ["python", "other/manage.py", "migrate"]), None),
            (("/venv/bin/python", ["python", "-m", "mysite"]), None),
            (("/usr/bin/poetry", ["poetry", "run", "python", "manage.py"]), None),
        ]
        for (path, argv), expected in rows:
            self.assertEqual(python_arguments(path, argv, "manage.py"), expected)


class ApartTest(unittest.TestCase):
    def test_an_interruption_at_any_moment_loses_neither_the_process_nor_itself(self) -> None:
        def interrupt() -> int:
            for _ in range(20):
                os.kill(os.getppid(), signal.SIGINT)
            return 7

        with patch.multiple(apart, before_fork=lambda: None, begin_child=lambda: None, finish_process=interrupt):
            for _ in range(30):
                ended = apart.run_apart(interrupt)
                self.assertEqual((ended.value, ended.exit_code, ended.interrupted), (7, None, True))
        self.assertNotIn(signal.SIGINT, signal.pthread_sigmask(signal.SIG_BLOCK, ()))


class EnvironmentTest(unittest.TestCase):
    def test_misses_of_the_project_are_noted_in_order_with_their_place(self) -> None:
        environment.start_recording()
        self.addCleanup(environment.stop_recording)
        os.environ.get("DEVSETUP_TEST_B")
        "DEVSETUP_TEST_A" in os.environ
        os.getenv("PATH")
        subprocess.run(["true"], check=True)
        helper = os.environ.get
        helper("DEVSETUP_TEST_SET_LATER")
        os.environ["DEVSETUP_TEST_SET_LATER"] = "1"
        self.addCleanup(os.environ.pop, "DEVSETUP_TEST_SET_LATER")
        missed = environment.missed_variables()
        self.assertEqual(list(missed), ["DEVSETUP_TEST_B", "DEVSETUP_TEST_A"])
        self.assertEqual(missed["DEVSETUP_TEST_B"]["source"], 'os.environ.get("DEVSETUP_TEST_B")')
        environment.stop_recording()
        os.environ.get("DEVSETUP_TEST_AFTERWARDS")
        self.assertNotIn("DEVSETUP_TEST_AFTERWARDS", environment.missed_variables())


class ThreadsTest(unittest.TestCase):
    def test_a_running_thread_is_an_obstacle_and_is_named(self) -> None:
        self.assertIsNone(find_fork_obstacle())
        stop = threading.Event()
        thread = threading.Thread(target=stop.wait, name="agent")
        thread.start()
        try:
            self.assertEqual(find_fork_obstacle(), "threads are running after start-up: agent")
        finally:
            stop.set()
            thread.join()


class MacosTest(unittest.TestCase):
    def test_nothing_is_forked_after_a_connection_or_with_encryption_by_kerberos(self) -> None:
        rows = [
            (({}, [], False), None),
            (({"PGGSSENCMODE": "disable"}, ["disable"], False), None),
            (({"PGGSSENCMODE": "prefer"}, [], False), "gssencmode"),
            (({}, ["disable", "require"], False), "gssencmode"),
            (({}, [], True), "a database connection was opened"),
        ]
        for (variables, modes, has_connected), expected in rows:
            obstacle = macos_obstacle(variables, modes, has_connected)
            self.assertEqual(obstacle if expected is None else (obstacle or "")[: len(expected)], expected)


class RunningTest(unittest.TestCase):
    def start(self, code: str, sent: List[bytes]) -> Running:
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdout is not None and process.stderr is not None
        report_read, report_write = os.pipe()
        os.close(report_write)
        child = Child(process.pid, os.dup(process.stdout.fileno()), os.dup(process.stderr.fileno()), report_read)
        process.stdout.close()
        process.stderr.close()
        running = Running({"id": 1, "method": "run"}, child, sent.append)
        for descriptor in running.descriptors():
            while running.read(descriptor):
                pass
            running.close(descriptor)
        while not running.is_done():
            running.reap()
        process.returncode = 0
        return running

    def test_how_a_child_without_a_result_ended(self) -> None:
        killed = self.start("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", [])
        self.assertIn(b'"CRASHED"', killed.final_line())
        self.assertIn(b'"signal":"SIGKILL"', killed.final_line())
        ended = self.start("raise SystemExit(4)", [])
        self.assertIn(b'"exitCode":4', ended.final_line())
        ended.cancelled = True
        self.assertIn(b'"CANCELLED"', ended.final_line())
        ended.signal(signal.SIGKILL)

    def test_output_is_decoded_across_pieces(self) -> None:
        sent: List[bytes] = []
        self.start("import os, time; os.write(1, b'\\xc3'); time.sleep(0.2); os.write(1, b'\\xa9\\xff')", sent)
        self.assertEqual(sent, [b'{"event":"output","id":1,"stream":"stdout","text":"\\u00e9\\ufffd"}\n'])
