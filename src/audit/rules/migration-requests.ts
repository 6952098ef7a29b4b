import { showHoles, type Holes } from '../../shell/holes.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import { baseName } from '../model/django-command.ts';

const ENDPOINT = /^(?:(?:run|db|apply|do)[-_]?)?migrat(?:e|ions?)(?:[-_](?:db|database|all|now|run|up))?$/i;
const SENDS = /^(?:-d|-F|--data(?:-\w+)?|--json|--form)(?:=|$)|^-X(?:POST|PUT|PATCH)$|^--request=(?:POST|PUT|PATCH)$/;
const FAILS = /^(?:-[a-zA-Z]*f[a-zA-Z]*|--fail(?:-with-body)?)$/;
const WRITES = /^(?:-o|--output|-w|--write-out)(?:=|$)/;

/** `curl -X POST https://shop.example/migrate` without `--fail`, and nothing reads what the server answers. */
export const ignoresAnswer = (call: ShellCall, holes: Holes): boolean =>
  ignoresStatus(call, holes) &&
  call.words.some(({ value }) => {
    const word = showHoles(value, holes);
    return /^https?:\/\/|^\$/.test(word) && ENDPOINT.test(lastPart(word));
  });

/** A request that sends something, of which neither the status nor the answer is read. */
export const ignoresStatus = ({ words, output }: ShellCall, holes: Holes): boolean => {
  const [program = '', ...rest] = words.map(({ value }) => showHoles(value, holes));
  if (baseName(program) !== 'curl' || (output !== 'shown' && output !== 'discarded')) return false;
  const sends = rest.some(
    (word, index) =>
      SENDS.test(word) || (/^(?:POST|PUT|PATCH)$/.test(word) && /^(?:-X|--request)$/.test(rest[index - 1] ?? '')),
  );
  return (
    sends && !rest.some((word, index) => FAILS.test(word) || (WRITES.test(word) && rest[index + 1] !== '/dev/null'))
  );
};

const lastPart = (address: string): string =>
  (address.split(/[?#]/, 1)[0] ?? '').replace(/\/$/, '').split('/').at(-1) ?? '';
