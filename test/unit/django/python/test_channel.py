import os
import unittest

from devsetup_companion.channel import LineSplitter, ReportPipe, encode
from devsetup_companion.options import companion_arguments, parse_options


class LineSplitterTest(unittest.TestCase):
    def test_lines_are_cut_wherever_the_pieces_end(self) -> None:
        splitter = LineSplitter()
        self.assertEqual(splitter.feed(b"on"), [])
        self.assertEqual(splitter.feed(b"e\ntwo\nth"), [b"one", b"two"])
        self.assertEqual(splitter.feed(b""), [])
        self.assertEqual(splitter.feed(b"ree\n"), [b"three"])


class EncodeTest(unittest.TestCase):
    def test_a_message_is_one_line_of_ascii_whatever_it_holds(self) -> None:
        line = encode({"text": "é\n\udcff", "path": os.path})
        self.assertTrue(line.endswith(b"\n"))
        self.assertEqual(line.count(b"\n"), 1)
        self.assertIn(b"\\u00e9\\n\\udcff", line)


class ReportPipeTest(unittest.TestCase):
    def test_progress_and_result_are_told_apart_by_their_first_byte(self) -> None:
        read, write = os.pipe()
        self.addCleanup(os.close, read)
        report = ReportPipe(write, 7)
        report.progress({"kind": "x"})
        report.value([1])
        os.close(write)
        self.assertEqual(
            os.read(read, 1000),
            b'P{"event":"progress","id":7,"data":{"kind":"x"}}\nR{"event":"result","id":7,"ok":true,"value":[1]}\n',
        )


class OptionsTest(unittest.TestCase):
    def test_arguments_survive_a_round_trip(self) -> None:
        for arguments in (["manage.py"], ["a b/manage.py", "--fd", "5", "--once"], ["m.py", "--attempt", "--execs", "2"]):
            options = parse_options(arguments)
            self.assertEqual(parse_options(companion_arguments(options)[1:]), options)

    def test_mistakes_raise(self) -> None:
        for arguments in ([], ["manage.py", "--what"]):
            with self.assertRaises(ValueError):
                parse_options(arguments)
