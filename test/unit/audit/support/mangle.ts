import type { Random } from '../../../support/random.ts';

/** What YAML, expressions and shells read in a way of their own. */
const PIECES = [
  '\0',
  '\t',
  '\r',
  '\n',
  '\n\n',
  ' ',
  '  ',
  '\uFEFF',
  '\uE000',
  '\uD800',
  '𝒳',
  "'",
  '"',
  '`',
  '\\',
  '$',
  '${',
  '${{',
  '}}',
  '}',
  '{',
  '[',
  ']',
  '(',
  ')',
  '$(',
  '$((',
  '))',
  '<<EOF',
  "<<-'X'",
  '<<<',
  '<(',
  '>',
  '>>',
  '|',
  '||',
  '&&',
  '&',
  ';',
  ';;',
  '!',
  '#',
  ' # ',
  ': ',
  '- ',
  '? ',
  '|\n',
  '>-\n',
  '&a ',
  '*a',
  '*b',
  '<<: *a\n',
  '!!map ',
  '---\n',
  '...\n',
  '%',
  '@',
  'if ',
  'then ',
  'fi',
  'do ',
  'done',
  'case x in ',
  'esac',
  'for x in a b; do ',
  'while :; do ',
  'function f { ',
  'f() { f; }; f',
  'eval ',
  'sh -c "',
  'ssh h ',
  'docker run x ',
  '${X:-',
  '${X//a/b}',
  '$X',
  'X=$X$X',
  '"$@"',
  '~',
  'null',
  'true',
  'on:',
  'jobs:',
  'steps:',
  'needs: [a]',
  'run: |',
  'uses: ./x',
  "${{ a['b'",
  '${{ secrets.X }}',
  '${{ format(',
  '::add-mask::',
  'devsetup: ignore[',
  '9'.repeat(30),
  'a'.repeat(3000),
  '('.repeat(300),
  '['.repeat(300),
  '{'.repeat(300),
  '"$('.repeat(80),
  '- '.repeat(60),
  '${X:-'.repeat(60),
  'f() '.repeat(300),
  '! '.repeat(300),
] as const satisfies readonly [string, ...string[]];

type Change = (text: string, random: Random, others: readonly [string, ...string[]]) => string;

/** A place, more often than not at the beginning of a word. */
const place = (text: string, random: Random): number => {
  const at = random.below(text.length + 1);
  const blank = random.below(2) === 0 ? text.indexOf(' ', at) : -1;
  return blank < 0 ? at : blank + 1;
};

const insert: Change = (text, random) => {
  const at = place(text, random);
  return text.slice(0, at) + random.pick(PIECES) + text.slice(at);
};

const CHANGES: readonly [Change, ...Change[]] = [
  insert,
  insert,
  insert,
  (text, random) => text.slice(0, random.below(text.length + 1)),
  (text, random) => text.slice(random.below(text.length + 1)),
  (text, random) => {
    const at = random.below(text.length + 1);
    return text.slice(0, at) + text.slice(at + 1 + random.below(12));
  },
  // A part, once more at another place.
  (text, random, others) => {
    const other = random.pick([text, random.pick(others)]);
    const from = random.below(other.length + 1);
    const at = random.below(text.length + 1);
    return text.slice(0, at) + other.slice(from, from + random.below(400)) + text.slice(at);
  },
  (text, random) => {
    const lines = text.split('\n');
    const [taken = ''] = lines.splice(random.below(lines.length), 1);
    lines.splice(random.below(lines.length + 1), 0, taken);
    return lines.join('\n');
  },
  (text, random) =>
    text.replace(random.pick(['  ', '\n', '"', "'", ': ', '}}', 'EOF', 'fi', 'done']), random.pick(PIECES)),
  (text) => text.replaceAll('\n', '\r\n'),
];

/** One of the texts with a few things broken in it. */
export const mangle = (texts: readonly [string, ...string[]], random: Random): string => {
  let text = random.pick(texts);
  for (let left = 1 + random.below(4); left > 0; left--) text = random.pick(CHANGES)(text, random, texts);
  return text;
};

/** A script of nothing but pieces and words. */
export const randomScript = (random: Random): string =>
  Array.from(
    { length: 1 + random.below(40) },
    () => random.pick([...WORDS, ...PIECES]) + random.pick(['', ' ', '\n']),
  ).join('');

const WORDS = [
  'python manage.py migrate',
  'docker push app:latest',
  'ssh host <<EOF\n',
  'EOF\n',
  'echo',
  'cat',
  'export A=b',
  'TAG=latest',
  'set -e',
  'A=$(cat <<X\nX\n)',
  './x.sh',
  'source x.sh',
  'make all',
  'exit 1',
  'cd a',
  'kubectl set image d/a a=b:c',
  '$GITHUB_ENV',
  '>> "$GITHUB_OUTPUT"',
  'true',
  '2>&1',
  'xargs',
  'sudo -u x',
  'timeout 5',
  'python - <<EOF\n',
  'docker compose up -d',
  'for i in 1 2 3; do',
] as const satisfies readonly [string, ...string[]];
