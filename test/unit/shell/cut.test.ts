import { describe, expect, it } from 'vitest';

import { readMigration } from '../../../src/audit/model/migrations.ts';
import { DEFAULT_AUDIT_CONFIG } from '../../../src/config/audit-config.ts';
import { createSource, offsetsOf, placeRange } from '../../../src/core/placed-text.ts';
import { cutScript } from '../../../src/shell/cut/cut-script.ts';
import { read } from './support/read.ts';

/** The script without its migrations; null: nothing is left to do; a text in brackets: why it stays as it is. */
const cut = (lines: readonly string[]): readonly string[] | null | string => {
  const text = `${lines.join('\n')}\n`;
  const source = createSource('run', text);
  const { calls } = read(text).run;
  const migrations = calls.filter((call) => readMigration(call, DEFAULT_AUDIT_CONFIG) !== null);
  const inner = migrations.filter(
    (call) => !migrations.some((other) => other !== call && other.layers.some(({ span }) => span === call.span)),
  );
  const targets = inner.map(({ span }) => ({ source, ...offsetsOf(source, span) }));
  const { edits, isEmpty, kept } = cutScript(placeRange(source, 0, text.length), targets);
  if (kept.length > 0) return `(${kept[0]?.why})`;
  if (isEmpty) return null;
  const left = edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((done, { start, end }) => done.slice(0, start) + done.slice(end), text);
  return left.replace(/\n$/, '').split('\n');
};

const MIGRATE = 'python manage.py migrate --noinput';

describe('removes a migration', () => {
  it.each<readonly [string, readonly string[], readonly string[] | null]>([
    ['from a line', ['git pull', MIGRATE, 'systemctl restart app'], ['git pull', 'systemctl restart app']],
    ['with the comment above', ['a', '# Run the migrations', `${MIGRATE} # now`, '# next', 'b'], ['a', '# next', 'b']],
    ['with what is printed about it', ['a', 'echo "Running migrations"', MIGRATE, 'echo "Migrated"', 'b'], ['a', 'b']],
    ['and one of two empty lines', ['a', '', MIGRATE, '', 'b'], ['a', '', 'b']],
    ['from a line of several commands', [`git pull; ${MIGRATE}; restart`], ['git pull; restart']],
    ['from the end of a line', [`git pull; ${MIGRATE}`], ['git pull']],
    ['from the middle of a chain', [`cd app && ${MIGRATE} && restart`], ['cd app && restart']],
    ['from the start of a chain', [`${MIGRATE} && restart`], ['restart']],
    ['from the end of a chain', [`git pull && ${MIGRATE}`], ['git pull']],
    [
      'from a chain in lines',
      ['cd app && \\', '  git pull && \\', `  ${MIGRATE} && \\`, '  restart'],
      ['cd app && \\', '  git pull && \\', '  restart'],
    ],
    ['with `|| true`', ['a', `${MIGRATE} || true`, 'b'], ['a', 'b']],
    ['with its error message', ['a', `${MIGRATE} || { echo failed; exit 1; }`, 'b'], ['a', 'b']],
    ['and keeps `|| exit 1` of the rest of a chain', [`git pull && ${MIGRATE} || exit 1`], ['git pull || exit 1']],
    ['with the filter behind it', ['a', `${MIGRATE} 2>&1 | tee log`, 'b'], ['a', 'b']],
    ['with its loop of tries', ['a', `for i in 1 2 3; do ${MIGRATE} && break; sleep 5; done`, 'b'], ['a', 'b']],
    ['with its loop that waits', ['a', `until ${MIGRATE}; do`, '  sleep 5', 'done', 'b'], ['a', 'b']],
    [
      'with the `if` that reports it',
      ['a', `if ${MIGRATE}; then`, '  echo ok', 'else', '  exit 1', 'fi', 'b'],
      ['a', 'b'],
    ],
    ['with a function and its call', ['migrate() {', `  ${MIGRATE}`, '}', 'a', 'migrate', 'b'], ['a', 'b']],
    ['of docker compose', ['a', 'docker compose exec -T web python manage.py migrate', 'b'], ['a', 'b']],
    [
      'that is continued in lines',
      ['a', 'docker run --rm \\', '  --env-file .env \\', '  "$IMAGE" python manage.py migrate', 'b'],
      ['a', 'b'],
    ],
    [
      'from the string of a container',
      [`docker exec web sh -c "${MIGRATE} && python manage.py collectstatic"`],
      ['docker exec web sh -c "python manage.py collectstatic"'],
    ],
    [
      'with a string that has nothing else to do',
      ['a', `docker exec web sh -c "cd /app && ${MIGRATE}"`, 'b'],
      ['a', 'b'],
    ],
    [
      'from a here-document',
      ["ssh host <<'EOF'", '  cd /srv', `  ${MIGRATE}`, '  restart', 'EOF', 'b'],
      ["ssh host <<'EOF'", '  cd /srv', '  restart', 'EOF', 'b'],
    ],
    ['with its here-document', ['a', 'ssh host <<EOF', 'cd /srv', MIGRATE, 'EOF', 'b'], ['a', 'b']],
    [
      'from the words of ssh',
      [`ssh host "cd /srv && git pull && ${MIGRATE} && sudo systemctl restart app"`],
      ['ssh host "cd /srv && git pull && sudo systemctl restart app"'],
    ],
    [
      'from a string with quotes',
      [`ssh host "echo \\"a && b\\" && ${MIGRATE} && c"`],
      ['ssh host "echo \\"a && b\\" && c"'],
    ],
    ['of all commands', ['set -e', 'cd app', MIGRATE], null],
    [
      'of a task whose command stands in JSON',
      [
        'a',
        `aws ecs run-task --overrides '{"containerOverrides":[{"command":["python","manage.py","migrate"]}]}'`,
        'b',
      ],
      ['a', 'b'],
    ],
    ['of kubectl', ['a', 'kubectl exec deploy/web -- python manage.py migrate', 'b'], ['a', 'b']],
  ])('%s', (_, before, after) => {
    expect(cut(before)).toEqual(after);
  });
});

describe('leaves a migration', () => {
  it.each([
    ['an `if` decides whether it runs', ['if [ "$X" = yes ]; then', `  ${MIGRATE}`, 'fi', 'b']],
    ['another command decides whether it runs', [`[ "$X" = yes ] && ${MIGRATE}`, 'b']],
    ['another command decides whether it runs', [`docker exec web sh -c "[ -f x ] && ${MIGRATE}"`, 'b']],
    ['another command decides whether it runs', [`check || ${MIGRATE}`, 'b']],
    ['something else runs where it fails', [`${MIGRATE} || restore`, 'b']],
    ['what the script does next depends on its result', [`if ${MIGRATE}; then restart; else restore; fi`]],
    ['it stands in the value of a variable or in a substitution', [`OUT="$(${MIGRATE})"`, 'b']],
    ['another command reads what it prints', [`${MIGRATE} | python report.py`, 'b']],
  ])('%s', (why, lines) => {
    expect(cut(lines)).toBe(`(${why})`);
  });
});
