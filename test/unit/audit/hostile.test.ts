import { describe, expect, it } from 'vitest';

import { runAudit } from '../../../src/audit/run-audit.ts';
import { DEFAULT_AUDIT_CONFIG } from '../../../src/config/audit-config.ts';

const FILE = '.github/workflows/a.yml';
const TIMES = 600;

const many = (text: string): string => text.repeat(TIMES);
const lines = (line: (index: number) => string, count = TIMES): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

const inScript = (script: string): string =>
  [
    'on: push\njobs:\n  deploy:\n    runs-on: x\n    steps:\n      - run: |',
    ...script.split('\n').map((line) => `          ${line}`),
  ].join('\n');

const steps = (all: string): string => `on: push\njobs:\n  deploy:\n    runs-on: x\n    steps:\n${all}\n`;

/** Ends in findings or silence; what runs out of stack or time does not come back from here. */
const crashesIn = (text: string, checkout: Readonly<Record<string, string>> = {}): readonly unknown[] => {
  const { crashes } = runAudit({
    files: [{ path: FILE, text }],
    readFile: (path) => (path === FILE ? text : checkout[path]),
    project: { isDjango: null, hasTenants: null },
    config: DEFAULT_AUDIT_CONFIG,
  });
  return crashes;
};

/** Each would become too deep, too long or too many if it were followed to its end. */
describe('what is made to take for ever', () => {
  it.each([
    ['brackets', '['.repeat(100_000)],
    ['brackets that are closed', '['.repeat(50_000) + ']'.repeat(50_000)],
    ['braces', '{a: '.repeat(100_000)],
    ['dashes', '- '.repeat(100_000)],
    ['questions', '? '.repeat(100_000)],
    ['indentation', lines((index) => `${' '.repeat(index)}a:`, 1400)],
    ['keys', lines((index) => `k${index}: 1`, 100_000)],
    ['one key again and again', `{\n${'a: b,\n'.repeat(50_000)}}`],
    ['aliases of aliases', `a: &a0 [x]\n${lines((index) => `b${index}: &a${index + 1} [*a${index}, *a${index}]`)}`],
    [
      'merges of merges',
      `a: &a0 {x: 1}\n${lines((index) => `b${index}: &a${index + 1} {<<: [*a${index}, *a${index}]}`)}`,
    ],
    [
      'a ring of needs',
      `on: push\njobs:\n${lines((index) => `  j${index}: {runs-on: x, needs: [j${(index + 1) % TIMES}], steps: [{run: x}]}`)}`,
    ],
    [
      'a chain of needs',
      `on: push\njobs:\n${lines((index) => `  j${index}: {runs-on: x, needs: [j${index + 1}], steps: [{run: x}]}`, 3000)}`,
    ],
    [
      'outputs of outputs',
      `on: push\njobs:\n${lines((index) => `  j${index + 1}: {runs-on: x, needs: [j${index}], outputs: {a: "\${{ needs.j${index}.outputs.a }}\${{ needs.j${index}.outputs.a }}"}, steps: [{run: x}]}`, 200)}`,
    ],
    [
      'a variable of itself',
      `on: push\nenv:\n  E0: aaaaaaaa\n${lines((index) => `  E${index + 1}: "\${{ env.E${index} }}\${{ env.E${index} }}"`)}\njobs: {a: {runs-on: x, steps: [{run: echo $E${TIMES}}]}}`,
    ],
    [
      'a matrix of everything',
      `on: push\njobs:\n  deploy:\n    runs-on: x\n    strategy:\n      matrix:\n${lines((index) => `        m${index}: [1, 2, 3, 4]`, 100)}\n    steps: [{run: "docker push a:${lines((index) => `\${{ matrix.m${index} }}`, 100).replaceAll('\n', '')}"}]`,
    ],
    ['steps that add to the environment', steps(lines(() => '      - run: echo "A=$A$A" >> $GITHUB_ENV', 200))],
    ['an expression', steps(`      - run: echo \${{ ${many('(')} }}`)],
  ])('%s', (_, text) => expect(crashesIn(text)).toEqual([]));

  it.each([
    ['a text that doubles', `X=aaaaaaaa\n${many('X="$X$X"\n')}docker push $X`],
    ['a list that doubles', `X=(a b)\n${many('X+=("${X[@]}")\n')}`],
    ['replacements', `X=aaaa\n${many('X=${X//a/aa}\n')}docker push $X`],
    ['choices of choices', `${many('if a; then X=$X,a; else X=$X,b; fi\n')}docker push $X`],
    ['cases', `${many('case $x in a) X=1$X;; b) X=2$X;; esac\n')}docker push a:$X`],
    ['loops in loops', `${many('for i in a b c d; do\n')}docker push a:$i\n${many('done\n')}`],
    ['substitutions', many('$(echo ') + many(')')],
    ['defaults', many('${X:-') + many('}')],
    ['functions of functions', `${lines((index) => `f${index}() { f${index + 1}; f${index + 1}; }`)}\nf0`],
    ['a function of itself', 'f() { f; f; }; f'],
    ['a chain', `${many('a && ')}b`],
    ['a pipe', `${many('a | ')}b`],
    ['hosts of hosts', `${many('ssh h ')}x`],
    ['subshells', many('(a;\n') + many(')\n')],
    ['declarations', many('f() ')],
    ['a script that it writes', `${many('echo ./x.sh >> x.sh\n')}sh x.sh`],
    ['here-documents that are open', many('cat <<A\nx\n')],
    ['braces of numbers', 'echo {1..999999999}'],
    ['stars', `X=${many('a')}\necho \${X%%${many('*a')}b}`],
  ])('in a script: %s', (_, script) => expect(crashesIn(inScript(script))).toEqual([]));

  it.each([
    ['a script', './x.sh', { 'x.sh': './x.sh\n./y.sh\n. x.sh\n', 'y.sh': './x.sh\n./y.sh\n' }],
    ['a target', 'make a', { Makefile: `a: a b\n\tmake a\n\tmake b\nb: a\n\tmake a\n${many('a:\n\tmake b\n')}` }],
    [
      'a package',
      'npm run a',
      { 'package.json': '{"scripts":{"a":"npm run a && npm run b","b":"npm run a; npm run a"}}' },
    ],
  ])('%s that calls itself', (_, script, checkout) => expect(crashesIn(inScript(script), checkout)).toEqual([]));

  it('actions of actions', () => {
    const action = (index: number): string =>
      `runs:\n  using: composite\n  steps: [${'{uses: ./a'}${index + 1}}${`,{uses: ./a${index + 1}}`.repeat(9)}]\n`;
    const checkout = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`a${index}/action.yml`, action(index)]),
    );
    expect(crashesIn(steps('      - uses: ./a0'), checkout)).toEqual([]);
  });

  it('workflows of workflows', () => {
    const calls = (index: number): string => lines((job) => `  d${job}: {uses: ./.github/workflows/b${index}.yml}`, 10);
    const checkout = Object.fromEntries(
      Array.from({ length: 8 }, (_, index) => [
        `.github/workflows/b${index}.yml`,
        `on: workflow_call\njobs:\n${calls(index + 1)}\n`,
      ]),
    );
    expect(crashesIn(`on: push\njobs:\n${calls(0)}\n`, checkout)).toEqual([]);
  });
});
