import { describe, expect, it } from 'vitest';

import { read, shown } from './support/read.ts';

const first = (script: string, name = 'a') => {
  const reading = read(script);
  const call = reading.run.calls.find(({ words }) => words[0]?.value === name);
  if (call === undefined) throw new Error(`${name} is not run`);
  return { reading, call };
};

describe('where output goes', () => {
  it.each([
    ['a', 'shown'],
    ['a > f', 'file f'],
    ['a >> f', 'file f'],
    ['a 1> f', 'file f'],
    ['a &> f', 'file f'],
    ['a 2> f', 'shown'],
    ['a 2>&1', 'shown'],
    ['a >&2', 'shown'],
    ['a > /dev/null', 'discarded'],
    ['a > /dev/null 2>&1', 'discarded'],
    ['a &>/dev/null', 'discarded'],
    ['a > /dev/stderr', 'shown'],
    ['a | b', 'pipe b'],
    ['a | b | tee f', 'pipe b'],
    ['a | sudo b', 'pipe b'],
    ['a | tee f', 'shown'],
    ['a | tee f > /dev/null', 'pipe tee'],
    ['a | cat', 'shown'],
    ['x=$(a)', 'captured'],
    ['x=$(a | b)', 'pipe b'],
    ['x=$(a >&2)', 'shown'],
    ['{ a; } > f', 'file f'],
    ['(a) > /dev/null', 'discarded'],
    ['if a; then b; fi > f', 'file f'],
    ['for i in 1; do a; done | b', 'pipe b'],
    ['f() { a; }; f > g', 'file g'],
    ['f() { a; }; x=$(f)', 'captured'],
    ['sh -c "a"', 'shown'],
    ['sh -c "a" > f', 'file f'],
    ['ssh h "a > f"', 'file f'],
    ['a >> $GITHUB_ENV', 'file $GITHUB_ENV'],
    ['a >> "$GITHUB_STEP_SUMMARY"', 'file $GITHUB_STEP_SUMMARY'],
  ])('%s', (script, expected) => {
    const { call, reading } = first(script);
    const to = call.outputTo === null ? '' : ` ${shown(call.outputTo, reading.holes)}`;
    expect(call.output + to).toBe(expected);
  });
});

describe('what a command reads', () => {
  it.each([
    ['a <<EOF\nx $Y\nEOF', 'x $Y\n'],
    ["a <<'EOF'\nx $Y\nEOF", 'x $Y\n'],
    ['Y=1; a <<EOF\nx $Y \\$Z\nEOF', 'x 1 $Z\n'],
    ['a <<-EOF\n\tx\n\tEOF', 'x\n'],
    ['a <<< x', 'x\n'],
    ['echo x | a', 'x\n'],
    ['echo -n x | a', 'x'],
    ['printf "%s" "$Y" | a', '$Y'],
    ['cat <<EOF | a\nx\nEOF', 'x\n'],
    ['echo x > f; a < f', 'x\n'],
    ['{ a; b; } <<EOF\nx\nEOF', 'x\n'],
    ['b | a', null],
    ['a', null],
    ['a < gone', null],
  ])('%s', (script, expected) => {
    const { call, reading } = first(script);
    expect(call.input === null ? null : shown(call.input.value, reading.holes)).toBe(expected);
  });
});

describe('what is traced', () => {
  it.each([
    ['set -x\na', true],
    ['set -ex\na', true],
    ['set -euxo pipefail\na', true],
    ['set -o xtrace\na', true],
    ['set -x\nset +x\na', false],
    ['a\nset -x', false],
    ['bash -xc "a"', true],
    ['set -x\nssh h "a"', false],
    ['ssh h "set -x; a"', true],
  ])('%s', (script, expected) => {
    expect(first(script).call.isTraced).toBe(expected);
  });
});

describe('where it is run', () => {
  it.each([
    ['a', ''],
    ['cd x; a', 'x'],
    ['cd x && a', 'x'],
    ['cd x/y; cd ..; a', 'x'],
    ['cd ./x/; a', 'x'],
    ['(cd x); a', ''],
    ['(cd x; a)', 'x'],
    ['cd $X; a', null],
    ['cd /srv; a', null],
    ['cd "$GITHUB_WORKSPACE/x"; a', 'x'],
    ['cd x; cd $GITHUB_WORKSPACE; a', ''],
    ['cd ..; a', null],
    ['cd -; a', null],
    ['if b; then cd x; fi; a', null],
    ['ssh h a', null],
    ['docker run i a', null],
    ['sh -c "cd x; a"', 'x'],
  ])('%s', (script, expected) => {
    expect(first(script).call.directory).toBe(expected);
  });
});

describe('values for one command', () => {
  it.each([
    ['A=1 a', ['A=1']],
    ['A=1 B=$C a', ['A=1', 'B=$C']],
    ['env A=1 a', ['A=1']],
    ['sudo A=1 a', ['A=1']],
    ['sudo env A=1 timeout 5 a', ['A=1']],
    ['A=1; a', []],
  ])('%s', (script, expected) => {
    const { call, reading } = first(script);
    expect([...call.prefix].map(([name, { value }]) => `${name}=${shown(value, reading.holes)}`)).toEqual(expected);
  });
});

describe('values that are given to names', () => {
  it.each([
    ['A=1', ['assignment A=1']],
    ['export A=1', ['assignment A=1']],
    ['A=1 b', ['assignment A=1']],
    ['b ${A:-x}', ['default A=x']],
    ['b ${A:=x}', ['default A=x']],
    ['b ${A:+x} ${A:?x}', []],
    ['ssh h "A=1; b"', ['assignment A=1']],
  ])('%s', (script, expected) => {
    const { run } = read(script);
    expect(run.settings.map(({ kind, name, word }) => `${kind} ${name}=${word.value}`)).toEqual(expected);
  });
});
