import { describe, expect, it } from 'vitest';

import { lines, read } from './support/read.ts';

const faults = (script: string, kind = 'unterminated-heredoc'): readonly string[] => {
  const reading = read(script);
  return reading.run.faults
    .filter((fault) => fault.kind === kind)
    .map(({ span }) => `${reading.at(span)} ${span.line}`);
};

describe('here-documents without an end', () => {
  it.each([
    ['cat <<EOF\nx', ['<<EOF 1']],
    ['cat <<EOF\nx\n  EOF', ['<<EOF 1']],
    ['cat <<EOF\nx\nEOF ', ['<<EOF 1']],
    ['cat <<EOF\nx\nEOF2', ['<<EOF 1']],
    ["b\ncat <<'EOF'\nx\n\tEOF\n", ["<<'EOF' 2"]],
    ['cat <<-EOF\nx\n  EOF', ['<<-EOF 1']],
    ['ssh h "cat <<EOF\nx"', ['<<EOF 1']],
    ["ssh h <<'OUT'\ncat <<IN\nx\n  IN\nOUT", ['<<IN 2']],
    ['f() {\n  cat <<EOF\nx\n  EOF\n}\nf', ['<<EOF 2']],
    ['if b; then\n  cat <<EOF\nx\n  EOF\nfi', ['<<EOF 2']],
  ])('%s', (script, expected) => {
    expect(faults(script)).toEqual(expected);
  });

  it.each([
    'cat <<EOF\nx\nEOF',
    'cat <<EOF\nEOF',
    'cat <<-EOF\n\tx\n\tEOF',
    "cat <<'E F'\nx\nE F",
    'cat <<< "EOF"',
    'cat <<<EOF',
    'echo $((1<<2))',
    'x=$((1 << 3))',
    '((x <<= 1))',
    'let "x=1<<2"',
    '# cat <<EOF',
    "echo 'cat <<EOF'",
    'echo "tags<<EOF" >> $GITHUB_OUTPUT\necho x >> $GITHUB_OUTPUT\necho EOF >> $GITHUB_OUTPUT',
    "ssh h 'cat <<EOF\nx\nEOF'",
    "ssh h <<'OUT'\ncat <<IN\nx\nIN\nOUT",
    'cat <<A <<B\nx\nA\ny\nB',
    'cat <<EOF | b\nx\nEOF',
    '[[ a < b ]]',
    'awk "BEGIN { print 1<<2 }"',
  ])('none in: %s', (script) => {
    expect(faults(script)).toEqual([]);
  });
});

describe('scripts that are none', () => {
  it.each([
    'if a; then b',
    'a "b',
    "a 'b",
    'a $(b',
    'for i in; do',
    'case x in',
    '}',
    ')',
    'a ) b',
    'a && && b',
    'fi',
    '${',
    '$((',
    '`',
    '<<',
    '>',
    '\\',
    '\0',
    '',
  ])('no end of devsetup: %j', (script) => {
    expect(() => read(script)).not.toThrow();
  });

  it('what comes before a mistake is read', () => {
    expect(lines(read('a x\nif b; then'))[0]).toBe('a x |  | fails | a x');
  });

  it('a mistake is told with its place', () => {
    expect(faults('a\nb )\n', 'syntax')).toEqual([') 2']);
  });
});

describe('hostile scripts', () => {
  it.each([
    ['subshells', '('.repeat(5000) + 'a' + ')'.repeat(5000)],
    ['substitutions', '$('.repeat(3000) + 'a' + ')'.repeat(3000)],
    ['quotes in substitutions', '"$('.repeat(2000) + 'a' + ')"'.repeat(2000)],
    ['groups', '{ '.repeat(4000) + 'a;' + ' }'.repeat(4000)],
    ['conditions', 'if a; then '.repeat(2000) + 'b;' + ' fi;'.repeat(2000)],
    ['defaults', '${a:-'.repeat(2000) + 'b' + '}'.repeat(2000)],
    [
      'shells',
      Array.from({ length: 12 })
        .reduce<string>((text) => `sh -c ${JSON.stringify(text)}`, 'a')
        .slice(0, 100_000),
    ],
    ['eval', 'X=\'eval "$X"\'; eval "$X"'],
    ['a function that calls itself', 'f() { f; f; f; }; f'],
    ['functions that call each other', 'f() { g; g; }; g() { f; f; }; f'],
    ['a script that starts itself', 'cat > x.sh <<EOF\nbash x.sh; bash x.sh; bash x.sh\nEOF\nbash x.sh'],
    ['doubling values', 'X=aaaaaaaaaa; ' + 'X=$X$X; '.repeat(60) + 'a $X'],
    [
      'doubling choices',
      Array.from({ length: 40 }, (_, at) => `if q; then A${at}=x; else A${at}=y; fi`).join('\n') +
        '\na ' +
        Array.from({ length: 40 }, (_, at) => `$A${at}`).join(''),
    ],
    ['many calls', 'a\n'.repeat(30_000)],
    ['a long line', 'a ' + 'x'.repeat(150_000)],
    ['many words', 'a ' + 'x '.repeat(50_000)],
    ['many loops', 'for i in 1 2 3 4; do '.repeat(40) + 'a;' + ' done;'.repeat(40)],
    ['patterns', 'X=' + 'a'.repeat(5000) + '; a ${X%%*a*a*a*a*b} ${X//*a*a*a*a*b/}'],
    ['python', 'python <<EOF\n' + 'call_command("'.repeat(5000) + '\nEOF'],
    ['make', 'make x'],
    ['open quotes', '"'.repeat(10_001)],
    ['here-documents', Array.from({ length: 2000 }, (_, at) => `cat <<E${at}`).join('\n')],
    ['nul', '\0'.repeat(1000)],
  ])('%s', (_name, script) => {
    const { run } = read(script, { files: { Makefile: 'x: x y\n\tmake x; make y\ny: x\n\tmake x\n' } });
    expect(run.calls.length).toBeLessThanOrEqual(2000);
  });
});
