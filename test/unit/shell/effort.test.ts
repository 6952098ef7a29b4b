import { describe, expect, it, test } from 'vitest';

import { STEPS_OF_A_SCRIPT } from '../../../src/shell/machine/effort.ts';
import { read, type Reading, type ReadOptions } from './support/read.ts';

const LIMIT = 500;

const unfollowed = ({ run, at }: Reading): readonly string[] =>
  run.unfollowed.map(({ kind, span }) => `${kind} ${span.line}: ${at(span).slice(0, 20)}`);

const follow = (
  script: string,
  left: number,
  options: ReadOptions = {},
): { readonly kinds: readonly string[]; readonly steps: number } => {
  const effort = { left };
  const { run } = read(script, { ...options, effort });
  return { kinds: run.unfollowed.map(({ kind }) => kind), steps: left - effort.left };
};

const numbered = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

const nestedQuotes = (depth: number): string =>
  Array.from({ length: depth }).reduce<string>((text) => `sh -c ${JSON.stringify(text)}`, 'a');

const hereDocuments = (depth: number): string =>
  [
    ...Array.from({ length: depth }, (_, index) => `ssh h <<E${index}`),
    'a',
    ...Array.from({ length: depth }, (_, index) => `E${depth - 1 - index}`),
  ].join('\n');

describe('a script that would take too long', () => {
  it.each<readonly [name: string, script: string]>([
    ['6,000 times ssh in ssh', `${'ssh a@b '.repeat(6000)}true`],
    ['a pipe of 5,000 parts', Array(5000).fill('cat').join(' | ')],
    ['a chain of 20,000 parts', Array(20_000).fill('a').join(' && ')],
  ])('is stopped by a count: %s', (_name, script) => {
    const { kinds, steps } = follow(script, 1_000_000_000);
    expect(kinds).toContain('work');
    // Whatever is around the place where it stops pays, too, and gets nothing any more.
    expect(steps).toBeLessThan(2 * STEPS_OF_A_SCRIPT);
  });

  it.each<readonly [name: string, script: string]>([
    ['ssh in ssh', `${'ssh a@b '.repeat(15_000)}true`],
    ['ssh with options in ssh', `${'ssh -i k -o A=b a@b '.repeat(6000)}true`],
    ['eval in eval', `${'eval '.repeat(24_000)}true`],
    ['docker run in docker run', `${'docker run x '.repeat(9000)}a`],
    ['sh -c in sh -c', `${'sh -c '.repeat(20_000)}a`],
    ['sudo in sudo', `${'sudo '.repeat(24_000)}true`],
    ['a substitution in a substitution', `${'$(echo '.repeat(15_000)}a${')'.repeat(15_000)}`],
    ['a here-document in a here-document', hereDocuments(400)],
    ['quotes in quotes for sh -c', nestedQuotes(14)],
    ['retries', 'for i in 1 2; do a && break; sleep 1; done; '.repeat(2600)],
    ['kept statuses', `${'a || rc=$?; '.repeat(9000)}exit $rc`],
    ['background jobs', `${'a & '.repeat(25_000)}wait $!`],
  ])('is bounded in a line of 120 kB, too: %s', (_name, script) => {
    const effort = { left: 1_000_000_000 };
    const { run } = read(script, { effort });
    expect(1_000_000_000 - effort.left).toBeLessThan(1.5 * STEPS_OF_A_SCRIPT);
    expect(run.unfollowed).not.toEqual([]);
    // What the rules read of it.
    expect(run.calls.reduce((sum, { words }) => sum + words.length, 0)).toBeLessThan(10_000);
  });

  it.each<readonly [name: string, script: string]>([
    ['eval in eval', `${'eval '.repeat(1000)}true`],
    ['chains of 400 parts', `${Array(400).fill('a').join(' && ')}\n`.repeat(3)],
    ['a function that calls itself twice', 'f() { f; f; }; f'],
    ['a script that starts itself twice', 'cat > x.sh <<EOF\nbash x.sh; bash x.sh\nEOF\nbash x.sh'],
    ['results that are kept and never asked for', numbered(600, (index) => `a${index}; x${index}=$?`)],
    ['background jobs that are waited for', `${'a &\n'.repeat(600)}wait`],
    [
      'branches over 2,000 variables',
      `${numbered(2000, (index) => `v${index}=x`)}\n${'if a; then b; fi\n'.repeat(50)}`,
    ],
    ['a file that grows line by line', 'echo a >> f\n'.repeat(600)],
    ['an environment that grows line by line', 'echo A=a >> $GITHUB_ENV\n'.repeat(600)],
    ['a variable of many words that is named many times', `X='${'a '.repeat(900)}'\n${'a $X $X $X $X\n'.repeat(10)}`],
    ['calls in Python', `python <<EOF\n${'os.system("a")\n'.repeat(600)}EOF`],
  ])('pays for each kind of work: %s', (_name, script) => {
    const { kinds, steps } = follow(script, LIMIT, { variables: { GITHUB_ENV: '/env' } });
    expect(kinds).toEqual(['work']);
    expect(steps).toBeLessThan(2 * LIMIT);
  });

  test('pays in PowerShell, too', () => {
    expect(follow('a b\n'.repeat(2 * LIMIT), LIMIT, { language: 'powershell' })).toEqual({
      kinds: ['work'],
      steps: LIMIT + 1,
    });
  });

  test('says the first place that is not followed', () => {
    expect(unfollowed(read('a\n'.repeat(2500)))).toEqual(['work 2001: a']);
    expect(unfollowed(read(`b\n${nestedQuotes(13)}`))).toEqual([expect.stringMatching(/^depth 2: /)]);
    expect(unfollowed(read(`a ${'x'.repeat(199_999)}`))).toEqual(['length 1: ']);
  });

  test('stops where several scripts have used up what they share', () => {
    const effort = { left: 100 };
    expect(unfollowed(read('a\n'.repeat(30), { effort }))).toEqual([]);
    expect(unfollowed(read('a\n'.repeat(30), { effort }))).toEqual([expect.stringMatching(/^work \d+: a$/)]);
    expect(unfollowed(read('b', { effort }))).toEqual([expect.stringMatching(/^work 1: /)]);
  });
});

describe('a script that people write', () => {
  it.each([
    ['a function that calls itself', 'f() { f; }; f'],
    ['a script that starts itself', 'cat > x.sh <<EOF\nbash x.sh\nEOF\nbash x.sh'],
    ['shells in shells', nestedQuotes(6)],
    ['a chain of 100 parts', Array(100).fill('a').join(' && ')],
    ['a long here-document', `cat > f <<EOF\n${'x '.repeat(20_000)}\nEOF\na`],
    ['1,000 lines', numbered(1000, (index) => `a ${index}`)],
    ['a condition with a command in it', 'if [ "$(a)" = x ]; then b; fi'],
  ])('is followed to its end: %s', (_name, script) => {
    expect(unfollowed(read(script))).toEqual([]);
  });
});
