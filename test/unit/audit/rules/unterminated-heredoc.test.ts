import { describe, expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';

const found = (...script: readonly string[]): readonly string[] =>
  linesFound({ 'a.yml': workflow(script) }, 'shell/unterminated-heredoc');

const workflow = (script: readonly string[]): string =>
  [
    'on: push',
    'jobs:',
    '  a:',
    '    runs-on: ubuntu-24.04',
    '    steps:',
    '      - run: |',
    ...script.map((line) => `          ${line}`),
  ].join('\n');

describe('a here-document without an end', () => {
  it.each([
    ['whose word is missing', ['ssh app@host <<EOF', 'docker pull app', 'echo done'], 7],
    ['whose word is indented', ['if true; then', '  cat <<EOF', '  text', '  EOF', 'fi'], 8],
    ['whose word has something after it', ["bash <<'END'", 'ls', 'END;'], 7],
    ['in blanks, where tabs are taken off', ['cat <<-EOF', '  text', '  EOF'], 7],
    ['of two, the second', ['cat <<A', 'A', 'cat <<B', 'A'], 9],
  ])('%s', (_, script, line) => {
    expect(found(...script)).toEqual([`a.yml:${line}`]);
  });

  it.each([
    ['closed', ['ssh app@host <<EOF', 'ls', 'EOF']],
    ['closed in the last line', ["cat > x <<'EOF'", 'ls', 'EOF']],
    ['with tabs', ['cat <<-EOF', '\ttext', '\tEOF']],
    ['in a substitution', ['X=$(cat <<EOF', 'ls', 'EOF', ')', 'echo "$X"']],
    ['a here-string', ['bash <<< "$SCRIPT"', 'grep x <<<word']],
    ['shifted bits', ['echo $((1 << 2))', '(( X = 1<<Y ))']],
    ['in quotes', ['echo "cat <<EOF"', "echo 'cat <<EOF'"]],
    ['a comment', ['# cat <<EOF', 'ls']],
    ['two in one line', ['paste /dev/fd/3 3<<A <<B', 'a', 'A', 'b', 'B']],
    ['with an expression in it', ['cat <<EOF > .env', 'SHA=${{ github.sha }}', 'X=${{ a || b }}', 'EOF']],
    [
      'of an output',
      ['echo "text<<EOF" >> "$GITHUB_OUTPUT"', 'cat log >> "$GITHUB_OUTPUT"', 'echo EOF >> "$GITHUB_OUTPUT"'],
    ],
  ])('is not %s', (_, script) => {
    expect(found(...script)).toEqual([]);
  });

  it('is found in what another shell reads', () => {
    const text = workflow(["ssh app@host <<'OUT'", 'cat > .env <<IN', 'A=1', 'OUT']);
    expect(linesFound({ 'a.yml': text }, 'shell/unterminated-heredoc')).toEqual(['a.yml:8']);
  });

  it('in Python is a shift', () => {
    const text =
      'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - shell: python\n        run: print(1 <<EOF)\n';
    expect(linesFound({ 'a.yml': text }, 'shell/unterminated-heredoc')).toEqual([]);
  });
});
