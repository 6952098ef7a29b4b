import unittest

from devsetup_companion.migrations.sql_words import runs_concurrently, statements, without_concurrently

CONCURRENT = (
    "CREATE INDEX CONCURRENTLY i ON t (a)",
    "create unique index /* large */ concurrently if not exists i on t (a);",
    "-- by hand\nDROP INDEX CONCURRENTLY i",
    'DROP INDEX CONCURRENTLY "a;b", c',
    "REINDEX TABLE CONCURRENTLY t",
    "REINDEX (VERBOSE) INDEX CONCURRENTLY i",
    "REINDEX (VERBOSE, CONCURRENTLY) TABLE t",
    "ALTER TABLE ONLY public.t DETACH PARTITION p1 CONCURRENTLY",
    "CREATE INDEX CONCURRENTLY ON t ((a || 'it''s; -- '))",
)

NOT_CONCURRENT = (
    "ALTER TABLE t ADD COLUMN c integer -- its INDEX comes later, CONCURRENTLY",
    "ALTER TABLE t ADD COLUMN c integer /* CREATE INDEX /* nested */ CONCURRENTLY */",
    "/* CREATE INDEX CONCURRENTLY i ON t (a) */ ALTER TABLE t ADD COLUMN c integer",
    "COMMENT ON TABLE t IS 'CREATE INDEX CONCURRENTLY i ON t (a)'",
    "COMMENT ON TABLE t IS E'\\'; CREATE INDEX CONCURRENTLY i ON t (a)'",
    "DO $$ BEGIN PERFORM 'DROP INDEX CONCURRENTLY i'; END $$",
    "DO $do$ BEGIN CREATE INDEX CONCURRENTLY i ON $$; $$ t (a); END $do$",
    'ALTER TABLE "INDEX" RENAME TO "CONCURRENTLY"',
    'CREATE INDEX "CONCURRENTLY" ON t (a)',
    "ALTER TABLE t ADD COLUMN c integer; CREATE INDEX CONCURRENTLY i ON t (c)",
    "ALTER TABLE t DETACH PARTITION p1 -- CONCURRENTLY",
    "REINDEX (CONCURRENTLY FALSE) TABLE t",
    "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
    "CREATE INDEX i ON t (a)",
    "'CREATE INDEX CONCURRENTLY without an end",
    "/* CREATE INDEX CONCURRENTLY without an end",
    "",
)


class SqlWordsTest(unittest.TestCase):
    def test_only_a_statement_by_itself_runs_concurrently(self) -> None:
        for sql in CONCURRENT:
            self.assertTrue(runs_concurrently(sql), sql)
        for sql in NOT_CONCURRENT:
            self.assertFalse(runs_concurrently(sql), sql)

    def test_strings_and_comments_divide_no_statements(self) -> None:
        sql = "SELECT ';', $a$;$a$, \";\", E'\\';' /* ; */ -- ;\n; ; SELECT $1"
        self.assertEqual([[word.text for word in words] for words in statements(sql)], [
            ["SELECT", "'", ",", "'", ",", '"', ",", "'"],
            ["SELECT", "$", "1"],
        ])  # fmt: skip

    def test_a_statement_loses_the_word_that_forbids_transactions(self) -> None:
        rows = [
            ("CREATE INDEX CONCURRENTLY i ON t (a)", "CREATE INDEX i ON t (a)"),
            ("DROP INDEX CONCURRENTLY IF EXISTS i; REINDEX TABLE CONCURRENTLY t;", "DROP INDEX IF EXISTS i; REINDEX TABLE t;"),
            ("ALTER TABLE t DETACH PARTITION p CONCURRENTLY", "ALTER TABLE t DETACH PARTITION p"),
            ("SELECT 'INDEX CONCURRENTLY i' -- INDEX CONCURRENTLY i", "SELECT 'INDEX CONCURRENTLY i' -- INDEX CONCURRENTLY i"),
            ("REFRESH MATERIALIZED VIEW CONCURRENTLY v", "REFRESH MATERIALIZED VIEW CONCURRENTLY v"),
        ]
        for sql, plain in rows:
            self.assertEqual(without_concurrently(sql), plain)
