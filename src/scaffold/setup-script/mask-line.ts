import { findSecrets } from '../../config/find-secrets.ts';
import { createRedactor } from '../../core/redact.ts';

const VALUE = `("[^"]*"|'[^']*'|[^\\s;&|)"']+)`;
const NAME = String.raw`[\w-]*(?:pass(?:word|wd|phrase)?|pwd|secret|token|api_?key|key|credentials?|dsn)[\w-]*`;
/** `DB_PASSWORD=x`, `--password=x` */
const ASSIGNED = new RegExp(String.raw`((?:^|[\s;&|("'])-{0,2}${NAME}=)${VALUE}`, 'gi');
/** `--password x` */
const OPTION = new RegExp(String.raw`((?:^|\s)--?${NAME}\s+)${VALUE}`, 'gi');
/** SQL: `PASSWORD 'x'`, and JSON or Python: `"password": "x"`. */
const QUOTED = /(password["']?\s*[:=]?\s*)(\\?'[^']*'|\\?"[^"]*")/gi;
/** Code for an interpreter says too much in one line, and may hold anything. */
const CODE = /(\s-[a-z]*c\s+)(?:"(?:[^"\\]|\\.)*"?|'[^']*'?).*$/;

/** Makes the lines of one script fit to be shown: what a variable with a secret's name is set to is masked wherever it stands. */
export const createLineMask = (
  values: readonly (readonly [name: string, value: string])[],
): ((text: string) => string) => {
  const secrets = values.flatMap(([name, value]) => findSecrets({ [name]: value }));
  const { redact } = createRedactor(secrets);
  return (text) =>
    redact(
      text
        .replace(CODE, (whole: string, before: string) => (isShort(whole) ? whole : `${before}…`))
        .replaceAll(ASSIGNED, mask)
        .replaceAll(OPTION, mask)
        .replaceAll(QUOTED, mask),
    );
};

/** A reference to a variable says nothing. */
const mask = (whole: string, before: string, value: string): string =>
  /^["']?\$\{?\w+\}?["']?$/.test(value) ? whole : `${before}***`;

const isShort = (code: string): boolean => code.length <= 60 && !/create_superuser|password/i.test(code);
