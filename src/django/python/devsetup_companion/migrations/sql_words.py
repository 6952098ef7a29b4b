"""SQL as PostgreSQL divides it into statements and words, so that comments and strings decide nothing."""

from __future__ import annotations

import re
from typing import Iterator, List, NamedTuple, Optional

#: The manual, 4.1 (lexical structure). Strings without an end reach to the end of the text.
_TOKEN = re.compile(
    r"""
      (?P<space>\s+|--[^\r\n]*)
    | (?P<comment>/\*)
    | (?P<string>[eE]'(?:[^'\\]|\\.|'')*(?:'|\Z)|(?:[uU]&)?'[^']*(?:''[^']*)*(?:'|\Z)|(?P<tag>\$(?:[^\W\d]\w*)?\$).*?(?:(?P=tag)|\Z))
    | (?P<name>(?:[uU]&)?"[^"]*(?:""[^"]*)*(?:"|\Z))
    | (?P<word>[^\W\d][\w$]*)
    | (?P<other>\d[\w.]*|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT_ENDS = re.compile(r"/\*|\*/")
_CONCURRENTLY = re.compile(r"\bconcurrently\b", re.IGNORECASE)

#: Over the words of one statement, in capitals and divided by one space; quoted names and strings are a quotation mark each.
_INDEX_CONCURRENTLY = re.compile(
    r"""(?:CREATE (?:UNIQUE )?INDEX|DROP INDEX|REINDEX (?:\( [^()]* \) )?(?:INDEX|TABLE|SCHEMA|DATABASE)) CONCURRENTLY(?= )"""
    r"""|ALTER TABLE [^,;()]+ DETACH PARTITION [^,;()]+ CONCURRENTLY$"""
)
_OPTION_CONCURRENTLY = re.compile(r"REINDEX \( (?:[^()]* , )?CONCURRENTLY(?= (?:[,)]|TRUE|ON|1) )")


class Word(NamedTuple):
    """A word in capitals, a sign, or a quotation mark in place of a quoted name or a string; and its place in the text."""

    text: str
    start: int
    end: int


def statements(sql: str) -> Iterator[List[Word]]:
    """The words of each statement, without comments. A function body in SQL (BEGIN ATOMIC) is divided as well."""
    words: List[Word] = []
    for word in _words(sql):
        if word.text != ";":
            words.append(word)
        elif words:
            yield words
            words = []
    if words:
        yield words


def runs_concurrently(sql: str) -> bool:
    """
    Whether `sql` is one statement that works on an index or a partition while others read and write, which PostgreSQL allows
    outside of transactions only.
    """
    if _CONCURRENTLY.search(sql) is None:
        return False
    found = list(statements(sql))
    return len(found) == 1 and (_concurrently(found[0]) is not None or _OPTION_CONCURRENTLY.match(_joined(found[0])) is not None)


def without_concurrently(sql: str) -> str:
    """The same statements in the form that is allowed inside a transaction."""
    if _CONCURRENTLY.search(sql) is None:
        return sql
    for words in reversed(list(statements(sql))):
        word = _concurrently(words)
        if word is not None:
            sql = sql[: word.start].rstrip() + sql[word.end :]
    return sql


def _concurrently(words: List[Word]) -> Optional[Word]:
    match = _INDEX_CONCURRENTLY.match(_joined(words))
    return None if match is None else words[match.group().count(" ")]


def _joined(words: List[Word]) -> str:
    return " ".join(word.text for word in words)


def _words(sql: str) -> Iterator[Word]:
    place = 0
    while place < len(sql):
        match = _TOKEN.match(sql, place)
        assert match is not None
        place = match.end()
        kind = match.lastgroup if match.lastgroup != "tag" else "string"
        if kind == "comment":
            place = _end_of_comment(sql, place)
        elif kind == "string":
            yield Word("'", match.start(), match.end())
        elif kind == "name":
            yield Word('"', match.start(), match.end())
        elif kind != "space":
            yield Word(match.group().upper(), match.start(), match.end())


def _end_of_comment(sql: str, place: int) -> int:
    """Comments can be nested."""
    depth = 1
    while depth > 0:
        match = _COMMENT_ENDS.search(sql, place)
        if match is None:
            return len(sql)
        depth += 1 if match.group() == "/*" else -1
        place = match.end()
    return place
