import { describe, expect, it } from 'vitest';

import { createSource, joinPlaced, placeRange, spanOf } from '../../../src/core/placed-text.ts';
import { createHoles, padHole } from '../../../src/shell/holes.ts';
import { interpretShell } from '../../../src/shell/interpret-shell.ts';
import type { ShellCall } from '../../../src/shell/shell-run.ts';
import { read } from './support/read.ts';

/** A script as it stands in a file: without the indentation of its lines. */
const indented = (text: string, indent: number) => {
  const file = text
    .split('\n')
    .map((line) => ' '.repeat(indent) + line)
    .join('\n');
  const source = createSource('w.yml', file);
  const parts = source.lineStarts.map((start, index) =>
    placeRange(source, start + indent, source.lineStarts[index + 1] ?? file.length),
  );
  return { file, script: joinPlaced(parts) };
};

const callsOf = (text: string, indent = 10) => {
  const { file, script } = indented(text, indent);
  const holes = createHoles();
  const { calls } = interpretShell({
    script,
    language: 'bash',
    errexit: true,
    pipefail: false,
    variables: new Map(),
    directory: '',
    layers: [],
    holes,
    readFile: () => undefined,
  });
  return { calls, lines: file.split('\n') };
};

const whole = (call: ShellCall | undefined): string =>
  call === undefined ? '' : `${call.span.line}:${call.span.column}-${call.span.endLine}:${call.span.endColumn}`;

describe('where a command is written', () => {
  it.each([
    ['a x', 'a', '1:11-1:14'],
    ['b\n  a x', 'a', '2:13-2:16'],
    ['A=1 a x > f', 'a', '1:11-1:18'],
    ['sudo a x', 'a', '1:11-1:19'],
    ['ssh h <<EOF\n  b\n  a $X\nEOF', 'a', '3:13-3:17'],
    ["ssh h <<'EOF'\nsh -c 'a x'\nEOF", 'a', '2:18-2:21'],
    ['ssh h "b && a x"', 'a', '1:23-1:26'],
    ['ssh h "b &&\n  a x"', 'a', '2:13-2:16'],
    ['ssh h \\\n  "b \\"q\\"; a x"', 'a', '2:23-2:26'],
    ['docker run i \\\n  a x', 'a', '2:13-2:16'],
    ['cat > f <<EOF\na x\nEOF\nsh f', 'a', '2:11-2:14'],
    ['bash -c \'ssh h "b; a x"\'', 'a', '1:30-1:33'],
    ['f() {\n  a $1\n}\nf x', 'a', '2:13-2:17'],
    ['X=$(a x)', 'a', '1:15-1:18'],
    ['X=`a x`', 'a', '1:14-1:17'],
    ['cat <<-EOF | ssh h\n\ta x\n\tEOF', 'a', '2:12-2:15'],
    ["python - <<'EOF'\nif x:\n    call_command('migrate')\nEOF", 'manage.py', '3:15-3:38'],
    ['aws x --overrides \'{"command":["a","x"]}\'', 'a', '1:43-1:48'],
  ])('%s', (script, name, expected) => {
    const { calls } = callsOf(script);
    expect(whole(calls.find(({ words }) => words[0]?.value === name))).toBe(expected);
  });

  it('every character of a word that is written there knows its place', () => {
    const { calls, lines } = callsOf(
      'ssh h "docker pull reg/app:v1"\nssh h <<EOF\n  a "reg/app:v2" \'x y\'\nEOF\nbash -c \'a "reg/x:v3"\'',
    );
    let count = 0;
    for (const { words } of calls) {
      for (const { placed } of words) {
        for (const [at, character] of [...placed.text].entries()) {
          const { line, column } = spanOf(placed, at, at + 1);
          if (character === ' ' || character === '\n') continue;
          expect(lines[line - 1]?.[column - 1]).toBe(character);
          count += 1;
        }
      }
    }
    expect(count).toBeGreaterThan(80);
  });

  it('a value stands where its variable is used', () => {
    const { calls } = callsOf('T=v1\na app:$T');
    const word = calls[0]?.words[1];
    expect(word?.value).toBe('app:v1');
    expect(word === undefined ? null : spanOf(word.placed, 4, 6)).toMatchObject({ line: 2, column: 17, endColumn: 19 });
  });

  it('a script of the checkout has places of its own', () => {
    const reading = read('./x.sh', { files: { 'x.sh': 'b\n  a x\n' } });
    expect(reading.run.calls.at(-1)?.span).toEqual({ file: 'x.sh', line: 2, column: 3, endLine: 2, endColumn: 6 });
  });
});

describe('expressions of a workflow', () => {
  it('are as long as they are written, and one character of a value', () => {
    const holes = createHoles();
    const sha = holes.of({ kind: 'commit', name: 'github.sha' });
    const written = '${{ github.sha }}';
    const before = 'ssh h "a app:';
    const text = `${before}${padHole(sha, written.length)} x"`;
    const source = createSource('w', `${before}${written} x"`);
    const { calls } = interpretShell({
      script: { text, segments: [{ at: 0, source, offset: 0, length: null }] },
      language: 'bash',
      errexit: true,
      pipefail: false,
      variables: new Map(),
      directory: '',
      layers: [],
      holes,
      readFile: () => undefined,
    });
    const call = calls.find(({ words }) => words[0]?.value === 'a');
    expect(call?.words.map(({ value }) => value)).toEqual(['a', `app:${sha}`, 'x']);
    expect(call?.words[1]?.span).toMatchObject({ column: 10, endColumn: 10 + 4 + written.length });
    expect(call?.words[2]?.span).toMatchObject({ column: before.length + written.length + 2 });
  });
});
