import { PADDING, withoutPadding } from '../../shell/holes.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import { baseName } from '../model/django-command.ts';
import { credentialWords } from './credential-words.ts';
import { isNamedForPlace, isPublicName, isSecretName } from './secret-name.ts';

/** What the place of a value in a command says about it: a password stands there; a name, host or path does; nothing certain. */
export type ArgumentPlace = 'password' | 'elsewhere' | 'open';

/** Options that take a name, a host, a port or a path in every program that has them; the password is another option's. */
const USER_OPTION = /^(?:-u|-U|-l|--user|--username|--login|--docker-username)$/;
/** `-p`, `-n`, `-h` … of these take no password. */
const SHORT_OPTIONS: Readonly<Record<string, RegExp>> = {
  ssh: /^-[pliFJLRo]$/,
  scp: /^-[PiFo]$/,
  sftp: /^-[PiFo]$/,
  rsync: /^-e$/,
  kubectl: /^-[nfl]$/,
  helm: /^-[nf]$/,
  oc: /^-[nfl]$/,
  docker: /^-[tfvwp]$/,
  podman: /^-[tfvwp]$/,
  psql: /^-[hpUdfv]$/,
  pg_dump: /^-[hpUdf]$/,
  pg_restore: /^-[hpUdf]$/,
  pg_isready: /^-[hpUd]$/,
  mysql: /^-[huPD]$/,
  mysqldump: /^-[huPD]$/,
  'redis-cli': /^-[hpnu]$/,
  az: /^-[ngu]$/,
  aws: /^--profile$/,
};

const LEADING_PADDING = new RegExp(`^${PADDING}+`);

/** Of the secret that stands `at` in a word: by the option before it, the name it is given to, its part of an address. */
export const placeOfArgument = (call: ShellCall, index: number, at: number): ArgumentPlace => {
  const value = call.words[index]?.value ?? '';
  const lead = withoutPadding(value.slice(0, at));
  const rest = value.slice(at + 1).replace(LEADING_PADDING, '');
  const inside = placeInText(lead, withoutPadding(rest));
  if (inside !== 'open') return inside;
  const word = call.words[index];
  if (credentialWords(call).some((one) => one.word === word && withoutPadding(value.slice(0, at)).length >= one.from)) {
    return 'password';
  }
  return lead === '' ? afterOption(call, index) : 'open';
};

const afterOption = ({ words }: ShellCall, index: number): ArgumentPlace => {
  const program = baseName(withoutPadding(words[0]?.value ?? ''));
  const option = withoutPadding(words[index - 1]?.value ?? '');
  if (index < 2 || !option.startsWith('-')) return 'open';
  const short = Object.hasOwn(SHORT_OPTIONS, program) ? SHORT_OPTIONS[program] : undefined;
  if (short?.test(option) === true) return 'elsewhere';
  if (USER_OPTION.test(option)) return 'elsewhere';
  if (isSecretName(option)) return 'password';
  return option.startsWith('--') && isNamedForPlace(option) ? 'elsewhere' : 'open';
};

const HEADER =
  /(?:^|["'\s])(?:authorization|private-token|x-[\w-]*(?:key|token|auth|secret|password)[\w-]*):\s*[^\n]*$/i;
const PAIR = /([A-Za-z_][\w.-]*)["']?(?:=|:[ \t]*)["']?[^\s=,;&"'/@]*$/;

/** How far around a value is examined: scripts for servers are words of many thousand characters. */
const NEAR = 300;

/** Of a value between two texts: `--build-arg TOKEN=` and nothing, `https://user:` and `@host`. */
export const placeInText = (before: string, after: string): ArgumentPlace => {
  const lead = before.slice(Math.max(before.lastIndexOf('\n') + 1, before.length - NEAR));
  const rest = after.slice(0, NEAR);
  if (HEADER.test(lead)) return 'password';
  const authority = /:\/\/([^/\s@?#]*)$/.exec(lead)?.[1];
  if (authority !== undefined) {
    if (authority.includes(':')) return /^[^/\s]*@/.test(rest) ? 'password' : 'elsewhere';
    // `https://TOKEN@host` and `https://user:…@host` cannot be told from each other by place: the name decides.
    return /^[^/\s:@]*@/.test(rest) ? 'open' : 'elsewhere';
  }
  // `user@host` of ssh and its like.
  if (/(?:^|\s)[^\s:/=]*@$/.test(lead) || (/(?:^|\s)$/.test(lead) && rest.startsWith('@'))) return 'elsewhere';
  const name = PAIR.exec(lead)?.[1];
  if (name === undefined) return 'open';
  if (isSecretName(name)) return 'password';
  return isPublicName(name) || isNamedForPlace(name) ? 'elsewhere' : 'open';
};
