import { withoutPadding } from '../../shell/holes.ts';
import type { ShellCall, ShellWord } from '../../shell/shell-run.ts';
import { baseName } from '../model/django-command.ts';
import { isSecretName } from './secret-name.ts';

/** A word of a command, or a part of it from `from` on, that is a password by its place. */
export interface CredentialWord {
  readonly as: string;
  readonly word: ShellWord;
  readonly from: number;
}

/** Options whose value is a password, by program: `next` after them, `glued` to them. */
const NEXT: Readonly<Record<string, RegExp>> = {
  docker: /^-p$/,
  podman: /^-p$/,
  buildah: /^-p$/,
  skopeo: /^-p$/,
  helm: /^-p$/,
  sshpass: /^-p$/,
  'redis-cli': /^-a$/,
  az: /^-p$/,
  mongo: /^-p$/,
  mongosh: /^-p$/,
  zip: /^-P$/,
  sqlcmd: /^-P$/,
};
const GLUED: Readonly<Record<string, RegExp>> = {
  sshpass: /^-p(?=.)/,
  mysql: /^-p(?=.)/,
  mysqldump: /^-p(?=.)/,
  mysqladmin: /^-p(?=.)/,
  mariadb: /^-p(?=.)/,
  '7z': /^-p(?=.)/,
};
/** `-p` of these is a password only where they log in. */
const LOGS_IN = /^(?:docker|podman|buildah|skopeo|helm|az)$/;

/** Whether a program has an option for passwords whose name does not say so. */
export const hasPasswordOption = (program: string): boolean =>
  Object.hasOwn(NEXT, program) || Object.hasOwn(GLUED, program) || /^(?:curl|wget)$/.test(program);

/** The words of a command that are passwords whatever they are called. */
export const credentialWords = ({ words, input }: ShellCall): readonly CredentialWord[] => {
  const program = baseName(words[0]?.value ?? '');
  const values = words.map(({ value }) => withoutPadding(value));
  const isLogin = !LOGS_IN.test(program) || values.includes('login');
  const next = isLogin && Object.hasOwn(NEXT, program) ? NEXT[program] : undefined;
  const glued = Object.hasOwn(GLUED, program) ? GLUED[program] : undefined;
  const found = words.flatMap((word, index): readonly CredentialWord[] => {
    const before = values[index - 1] ?? '';
    const value = values[index] ?? '';
    if (index === 0) return [];
    const cut = glued?.exec(value)?.[0].length;
    if (cut !== undefined) return [{ as: 'the password', word, from: cut }];
    if (value.startsWith('-')) return [];
    if (next?.test(before) === true) return [{ as: 'the password', word, from: 0 }];
    if (/^(?:curl|wget)$/.test(program) && /^(?:-u|--user|--proxy-user)$/.test(before) && value.includes(':')) {
      return [{ as: 'the password', word, from: value.indexOf(':') + 1 }];
    }
    // `--secret name` names one that is kept elsewhere.
    if (/^--(?:(?:set|update|add|remove|clear)-)?secrets?$/.test(before)) return [];
    if (/^--?[A-Za-z][\w-]+$/.test(before) && isSecretName(before)) return [{ as: before, word, from: 0 }];
    const isSet = values[index - 2] === 'set' && /^(?:aws|npm|yarn|pnpm|gcloud|pulumi)$/.test(program);
    return isSet && isSecretName(before) ? [{ as: before, word, from: 0 }] : [];
  });
  if (input === null) return found;
  if (values.includes('--password-stdin')) return [...found, { as: 'the password', word: input, from: 0 }];
  if (program !== 'chpasswd') return found;
  return [...found, { as: 'the password', word: input, from: input.value.indexOf(':') + 1 }];
};
