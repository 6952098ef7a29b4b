import { describe, expect, it } from 'vitest';

import { fateOf, read, wordsOf, type ReadOptions } from './support/read.ts';

/** What becomes of the failure of `a`, the command that matters in these scripts. */
const fateOfA = (script: string, options?: ReadOptions): string => {
  const reading = read(script, options);
  const call = reading.run.calls.find((each) => wordsOf(each, reading) === 'a');
  return call === undefined ? 'not run' : fateOf(call.fate, reading);
};

const check = (rows: readonly (readonly [script: string, expected: string])[], options?: ReadOptions): void => {
  it.each(rows)('%s', (script, expected) => {
    expect(fateOfA(script, options)).toBe(expected);
  });
};

describe('a failure ends the step', () => {
  check(
    [
      'a',
      'a\nb',
      'b && a',
      'b && a\nc',
      'a && b',
      'a || exit 1',
      'a || { echo no; exit 1; }',
      'a || (echo no; exit 1)',
      'a || { echo no >&2; exit 2; }\nb',
      'a || exit $?',
      'a || exit',
      'a || false',
      'a || { echo no; false; }',
      'a || { docker logs web; exit 1; }',
      'die() { echo "$1"; exit 1; }\na || die "no"',
      'a || die "no"',
      'f() { a || return 1; }\nf',
      'f() { a; }\nf',
      'f() { a\nb; }\nf',
      '( a )',
      '( a; b )',
      '{ a; b; }',
      'X=$(a)',
      'if a; then b; else exit 1; fi',
      'if a; then b; else echo no; exit 1; fi',
      'if ! a; then echo no; exit 1; fi',
      'if ! a; then exit 1; else b; fi',
      'if b; then a; fi',
      'if b; then c; else a; fi',
      'case x in x) a;; esac',
      'for i in x y; do a; done',
      'while b; do a; done',
      'set +e\na\nrc=$?\nexit $rc',
      'set +e\na\nrc=$?\nset -e\nif [ $rc -ne 0 ]; then echo no; exit 1; fi',
      'set +e\na\nif [ $? -ne 0 ]; then exit 1; fi',
      'set +e\na\n[ $? -eq 0 ] || exit 1',
      'set +e\na\nexit $?',
      'set +e\na\nSTATUS=$?\necho "$STATUS"\nif [ "$STATUS" != 0 ]; then\n  echo no\n  exit "$STATUS"\nfi',
      'set +e\na',
      'a || rc=$?\nexit $rc',
      'a || rc=$?\nif [ "${rc:-0}" -ne 0 ]; then exit 1; fi',
      'a || FAILED=1\nif [ "$FAILED" = 1 ]; then exit 1; fi',
      'set -o pipefail\na | tee log',
      'set -euo pipefail\na | tee log',
      'b | a',
      'if a; then OK=1; fi\n[ "$OK" = 1 ] || exit 1',
      'if a; then echo ok; OK=1; fi\nif [ -z "$OK" ]; then exit 1; fi',
      'if a; then b; else c; BAD=1; fi\nexit $BAD',
      'a || { c; BAD=1; }\n[ -z "$BAD" ] || exit 1',
      'set +e\na | tee log\nexit ${PIPESTATUS[0]}',
      'a | tee log\n[ ${PIPESTATUS[0]} -eq 0 ] || exit 1',
      'a &\nPID=$!\nwait $PID',
      'sh -c "a"',
      "bash -ec 'a; b'",
      'bash -euo pipefail -c "a | tee x"',
      "bash -Eeuo pipefail -c 'a; b'",
      "bash -Ee <<'EOF'\na\nb\nEOF",
      'set +e\nset -Eeuo pipefail\na\nb',
      "cat > x.sh <<'EOF'\n#!/usr/bin/env -S bash -Ee\na\nb\nEOF\n./x.sh",
      'ssh h a',
      'ssh h "set -e; a; b"',
      'ssh h "b && a && c"',
      'ssh h <<EOF\nset -e\na\nb\nEOF',
      "ssh h bash -e <<'EOF'\na\nb\nEOF",
      'ssh h <<EOF\nb\na\nEOF',
      'docker exec c sh -c "a && b"',
      'eval "a"',
      'a || [ $? -eq 3 ]',
      'timeout 5 a',
      'if b; then echo no; exit 1; fi\na',
      'trap "b" ERR\na',
      '[ -f x ] && a',
      '[ -f x ] || a',
      'make x',
    ].map((script) => [script, 'fails'] as const),
    { files: { Makefile: 'x:\n\ta\n\tb\n' } },
  );
});

describe('a failure counts as success', () => {
  check([
    ['a || true', 'swallowed || true «|| true»'],
    ['a || true\nb', 'swallowed || true «|| true»'],
    ['a ||true', 'swallowed || true «||true»'],
    ['a || :', 'swallowed || : «|| :»'],
    ['a || echo no', 'swallowed || echo «|| echo no»'],
    ['a || /bin/true', 'swallowed || true «|| /bin/true»'],
    ['a || printf no', 'swallowed || printf «|| printf no»'],
    ['a || { echo no; }', 'swallowed || echo «|| { echo no; }»'],
    ['a || (echo no)', 'swallowed || echo «|| (echo no)»'],
    ['a || { echo no; true; }', 'swallowed || echo «|| { echo no; true; }»'],
    ['a || exit 0', 'swallowed || exit 0 «|| exit 0»'],
    ['a || { echo no; exit 0; }', 'swallowed || exit 0 «|| { echo no; exit 0; }»'],
    ['a || { echo no; exit $?; }', 'swallowed || exit $? «|| { echo no; exit $?; }»'],
    ['a || docker logs web', 'swallowed || docker «|| docker logs web»'],
    ['a || echo no >&2', 'swallowed || echo «|| echo no >&2»'],
    ['a \\\n  || true', 'swallowed || true «|| true»'],
    ['a && b || true', 'swallowed || true «|| true»'],
    ['a && b || echo no', 'swallowed || echo «|| echo no»'],
    ['b && a || true', 'swallowed || true «|| true»'],
    ['a || echo no && b', 'swallowed || echo «|| echo no»'],
    ['a || echo no || true', 'swallowed || echo «|| echo no»'],
    ['a || false || true', 'swallowed || true «|| true»'],
    ['warn() { echo "$1"; }\na || warn no', 'swallowed || echo «|| warn no»'],
    ['(a) || true', 'swallowed || true «|| true»'],
    ['(a; b) || true', 'swallowed || true «|| true»'],
    ['{ a; b; } || true', 'swallowed || true «|| true»'],
    ['f() { a; }\nf || true', 'swallowed || true «|| true»'],
    ['f() { a || return 1; b; }\nf || true', 'swallowed || true «|| true»'],
    ['f() { a || return 0; }\nf', 'swallowed || return 0 «|| return 0»'],
    ['sh -c "a" || true', 'swallowed || true «|| true»'],
    ['sh -c "a || true"', 'swallowed || true «|| true»'],
    ['ssh h "a || true"', 'swallowed || true «|| true»'],
    ['ssh h a || true', 'swallowed || true «|| true»'],
    ['ssh h <<EOF || true\nset -e\na\nb\nEOF', 'swallowed || true «|| true»'],
    ["ssh h <<'EOF'\na || true\nEOF", 'swallowed || true «|| true»'],
    ['docker exec c sh -c "a" || echo no', 'swallowed || echo «|| echo no»'],
    ['timeout 5 a || true', 'swallowed || true «|| true»'],
    ['X=$(a) || true', 'swallowed || true «|| true»'],
    ['if a; then b; fi', 'swallowed if … fi without else «if a»'],
    ['if a; then b; else echo no; fi', 'swallowed else echo «echo no»'],
    ['if a; then b; else echo no; exit 0; fi', 'swallowed else exit 0 «echo no; exit 0»'],
    ['if ! a; then echo no; fi', 'swallowed if ! … then echo «echo no»'],
    ['if b && a; then c; fi', 'swallowed if … fi without else «if b && a»'],
    ['! a', 'swallowed ! «!»'],
    ['set +e\na\nb', 'swallowed set +e «set +e»'],
    ['set +e\na\nset -e\nb', 'swallowed set +e «set +e»'],
    ['set +o errexit\na\nb', 'swallowed set +e «set +o errexit»'],
    ['set +e\na\nrc=$?\necho $rc', 'swallowed set +e «set +e»'],
    ['set +e\na\nif [ $? -ne 0 ]; then echo no; fi\nb', 'swallowed set +e «set +e»'],
    ['a || rc=$?', 'swallowed || rc=… «|| rc=$?»'],
    ['a || rc=$?\necho $rc', 'swallowed || rc=… «|| rc=$?»'],
    ['a | tee log', 'swallowed | tee without pipefail «| tee log»'],
    ['a 2>&1 | tee log\nb', 'swallowed | tee without pipefail «| tee log»'],
    ['a | b | c', 'swallowed | b without pipefail «| b | c»'],
    ['a &', 'swallowed & «&»'],
    ['a & b', 'swallowed & «&»'],
    ['a &\nb\nwait', 'swallowed & «&»'],
    ['a &\necho "I wait $!"\n# wait $!', 'swallowed & «&»'],
    ['for i in 1 2 3; do a && break; sleep 5; done', 'swallowed a loop that ends «break»'],
    ['for i in 1 2 3; do a && break || sleep 5; done', 'swallowed a loop that ends «break»'],
    ['for i in 1 2 3; do if a; then break; fi; sleep 5; done', 'swallowed a loop that ends «if a»'],
    ['for h in x y; do ssh $h a || continue; b $h; done', 'swallowed || continue «|| continue»'],
    ['if b; then a || true; fi', 'swallowed || true «|| true»'],
    ['b || a || true', 'swallowed || true «|| true»'],
  ]);
});

describe('where errexit is off from the start', () => {
  check(
    [
      ['a', 'fails'],
      ['a\nb', 'unheeded'],
      ['a; true', 'swallowed ; true «true»'],
      ['a; exit 0', 'swallowed ; exit 0 «exit 0»'],
      ['a && b', 'fails'],
      ['a && b\nc', 'unheeded'],
      ['set -e\na\nb', 'fails'],
      ['a || exit 1\nb', 'fails'],
      ['a || true\nb', 'swallowed || true «|| true»'],
      ['a\nif [ $? -ne 0 ]; then exit 1; fi\nb', 'fails'],
      ['a\nrc=$?\nb\nexit $rc', 'fails'],
      ['f() { a\nb; }\nf', 'unheeded'],
    ],
    { errexit: false },
  );
});

describe('what nobody has asked for', () => {
  check([
    ['ssh h <<EOF\na\nb\nEOF', 'unheeded'],
    ['ssh h "a; b"', 'unheeded'],
    ['bash -c "a; b"', 'unheeded'],
    ['echo "$(a)"', 'unheeded'],
    ['export X=$(a)', 'unheeded'],
    ['a && b\nc', 'unheeded'],
  ]);
});

describe('something else in its place', () => {
  check([
    ['a || b', 'replaced by b «|| b»'],
    ['a || b c', 'replaced by b c «|| b c»'],
    ['a || { echo no; b c; }', 'replaced by b c «|| { echo no; b c; }»'],
    ['a || b || exit 1', 'replaced by b «|| b»'],
    ['a && c || b', 'replaced by b «|| b»'],
    ['X=1; a || b $X', 'replaced by b 1 «|| b $X»'],
    ['if a; then c; else b; fi', 'replaced by b «b»'],
    ['if ! a; then b; fi', 'replaced by b «b»'],
    ['if a; then c; elif d; then b; fi', 'replaced by b «b»'],
  ]);
});

const LOOP = 'for i in 1 2 3; do';

describe('words that are only shown do not change what becomes of a failure', () => {
  check([
    [`${LOOP} a && break; echo "attempt $i failed, trying again"; sleep 5; done`, 'swallowed a loop that ends «break»'],
    [`${LOOP} a && break; echo "did not work"; done`, 'swallowed a loop that ends «break»'],
    [`${LOOP} a && break; echo "else exit 1"; done`, 'swallowed a loop that ends «break»'],
    [`${LOOP} a && break; echo x # exit 1\ndone`, 'swallowed a loop that ends «break»'],
    [`${LOOP} a && break; sleep 5; done; echo "false alarm: exit 1"`, 'swallowed a loop that ends «break»'],
    [`${LOOP} a && break; sleep 5; done; false`, 'retried'],
    [`${LOOP} a && break; sleep 5; done; echo fine; exit 1`, 'retried'],
    [`${LOOP} a && break || echo no; if [ $i = 3 ]; then echo "giving up"; false; fi; done`, 'retried'],
    [`${LOOP} if a; then exit 0; fi; sleep 5; done; echo "exit 1"`, 'swallowed a loop that ends «if a»'],
    [`${LOOP} if a; then break; fi; done`, 'swallowed a loop that ends «if a»'],
    [`${LOOP} a && break; done; b`, 'swallowed a loop that ends «break»'],
    [`${LOOP} a && break; sleep 5; done; [ "$i" -lt 3 ]`, 'retried'],
    [`${LOOP} a && ok=1 && break; sleep 5; done; : "\${ok:?no attempt worked}"`, 'retried'],
    [`die() { exit 1; }; stop() { die; }; ${LOOP} a && break; sleep 5; done; [ $i = 3 ] && stop`, 'retried'],
    [`stop() { echo "exit 1"; }; ${LOOP} a && break; sleep 5; done; stop`, 'swallowed a loop that ends «break»'],
    ['n=0; while [ $n -lt 5 ]; do a && break; ((n++)); sleep 5; done', 'swallowed a loop that ends «break»'],
    [`ok=0; ${LOOP} if a; then ok=1; break; else sleep 5; fi; done; if [ $ok != 1 ]; then exit 1; fi`, 'fails'],
    [`${LOOP} if a; then break; else sleep 5; fi; done; [ "$i" = 3 ] && exit 1`, 'retried'],
    [`${LOOP} if ! a; then sleep 5; else break; fi; done; echo "exit 1"`, 'swallowed a loop that ends «if ! a»'],
    [`${LOOP} if a; then echo fine; break; else echo no; fi; done; b`, 'swallowed a loop that ends «if a»'],
    ['if a; then ok=1; else echo no; fi\n[ "$ok" = 1 ] || exit 1', 'fails'],
    ['if a; then ok=1; else echo no; fi\necho "$ok"', 'swallowed else echo «echo no»'],
    ['until a; do n=$((n+1)); [ $n -ge 5 ] && break; echo "exit 1"; done', 'swallowed a loop that ends «break»'],
    ['until a; do n=$((n+1)); [ $n -ge 5 ] && break; done; [ $n -lt 5 ] || exit 1', 'retried'],
    ['until a || [ $n -ge 5 ]; do n=$((n+1)); done', 'swallowed a loop that ends «[ $n -ge 5 ]»'],
    ['until a; do for x in 1 2; do break; done; sleep 1; done', 'retried'],
    [`retry() { ${LOOP} "$@" && return; sleep 5; done; }\nretry a`, 'swallowed a loop that ends «return»'],
    [`${LOOP} a || { echo "attempt $i"; sleep $i; continue; }; done`, 'retried'],
    ['a || rc=$?\necho "exit $rc"', 'swallowed || rc=… «|| rc=$?»'],
    ['a || rc=$?\necho "rc is $rc"\nb || exit 1', 'swallowed || rc=… «|| rc=$?»'],
    ['a || rc=$?\ncode=$rc\necho $code\nexit "$code"', 'fails'],
    ['a || rc=$?\n(( rc == 0 ))', 'fails'],
    ['a || rc=$?\ncase $rc in 0) ;; *) exit 1;; esac', 'fails'],
    ['a || rc=$?\necho "rc=$rc" >> "$GITHUB_OUTPUT"', 'fails'],
    ["set +e\na\nrc=$?\necho 'exit $rc'", 'swallowed set +e «set +e»'],
    ['set +e\na\necho "$? exit 1"\nb', 'swallowed set +e «set +e»'],
    ['a | tee log\necho "log"\nb || exit 1', 'swallowed | tee without pipefail «| tee log»'],
    ['a | tee log\ncat log', 'swallowed | tee without pipefail «| tee log»'],
    ['a | tee log\nif grep -q ERROR log; then exit 1; fi', 'unheeded'],
    ['a | tee log\necho "${PIPESTATUS[0]}"', 'swallowed | tee without pipefail «| tee log»'],
    ['a | tee log\nrc=${PIPESTATUS[0]}\n[ $rc = 0 ] || exit $rc', 'fails'],
    ['a || # exit 1 || b\n true', 'swallowed || true «|| # exit 1 || b\n true»'],
  ]);
});

describe('tried again', () => {
  check([
    ['until a; do sleep 5; done', 'retried'],
    ['while ! a; do sleep 5; done', 'retried'],
    ['n=0\nuntil a; do n=$((n+1)); [ $n -ge 5 ] && exit 1; sleep 5; done', 'retried'],
    ['for i in 1 2 3; do a && exit 0; sleep 5; done; exit 1', 'retried'],
    ['for i in 1 2 3; do if a; then exit 0; fi; sleep 5; done; exit 1', 'retried'],
    ['for i in 1 2 3; do a && break; [ $i = 3 ] && exit 1; sleep 5; done', 'retried'],
    ['ok=0; for i in 1 2 3; do a && ok=1 && break; sleep 5; done; [ $ok = 1 ] || exit 1', 'retried'],
    ['for i in 1 2 3; do a && break; sleep 5; done; if [ $i = 3 ]; then exit 1; fi', 'retried'],
    ['while true; do a && break; sleep 5; done', 'retried'],
    ['retry() { for i in 1 2 3; do "$@" && return 0; sleep 5; done; return 1; }\nretry a', 'retried'],
    ['for i in 1 2 3; do a || continue; done', 'retried'],
    ['for i in 1 2 3; do a && break; done', 'retried'],
  ]);
});

describe('whether it is run', () => {
  const flags = (script: string): string => {
    const reading = read(script);
    const call = reading.run.calls.find((each) => wordsOf(each, reading) === 'a');
    return [call?.isConditional === true ? 'conditional' : '', call?.isFallback === true ? 'fallback' : '']
      .join(' ')
      .trim();
  };
  it.each([
    ['a', ''],
    ['b && a', ''],
    ['cd x && a', ''],
    ['[ -f x ] && a', 'conditional'],
    ['[[ $X ]] && a', 'conditional'],
    ['test -f x && a', 'conditional'],
    ['[ -f x ] || a', 'conditional'],
    ['b || a', 'conditional fallback'],
    ['b || { c; a; }', 'conditional fallback'],
    ['if b; then a; fi', 'conditional'],
    ['if b; then c; else a; fi', 'conditional fallback'],
    ['if [ -f x ]; then c; else a; fi', 'conditional'],
    ['if ! b; then a; fi', 'conditional fallback'],
    ['if a; then c; fi', ''],
    ['case $X in x) a;; esac', 'conditional'],
    ['for i in 1 2; do a; done', ''],
    ['while b; do a; done', 'conditional'],
    ['until a; do b; done', ''],
    ['(a)', ''],
    ['sh -c "a"', ''],
    ['b || sh -c a', 'conditional fallback'],
    ['if true; then a; fi', ''],
    ['if [ x = x ]; then a; else b; fi', ''],
  ])('%s', (script, expected) => {
    expect(flags(script)).toBe(expected);
  });

  it.each([
    'if false; then a; fi',
    'exit 0\na',
    'if [ x = y ]; then a; fi',
    'f() { a; }',
    'true || a',
    'false && a',
    'echo x || a',
    'E=dev; case $E in prod) a;; esac',
    '# a',
    'echo a',
    'exec b; exit 1; a',
  ])('never: %s', (script) => {
    expect(fateOfA(script)).toBe('not run');
  });
});
