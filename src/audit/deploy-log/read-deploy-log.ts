import { createHoles, withoutPrivateUse } from '../../shell/holes.ts';
import { imagesOfCommand } from './images-of-command.ts';
import { cleanLine } from './clean-line.ts';

/** An image that a log tells of. */
export interface LoggedImage {
  /** As it is written: `ghcr.io/owner/app:1`. */
  readonly reference: string;
  readonly use: 'pulled' | 'run';
  /** From 1: of the first line that names it for this use, and the columns of the name in it. */
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
  /** `sha256:…`, where the log says what was behind the tag. */
  readonly digest: string | null;
}

type Found = Pick<LoggedImage, 'reference' | 'use'>;

const NAME = String.raw`([\w.-]+(?::\d+)?(?:/[\w.-]+)*(?:[:@][\w.:-]+)?)`;

/** What docker, compose and Kubernetes print. */
const SAYINGS: readonly (readonly [RegExp, LoggedImage['use']])[] = [
  [new RegExp(`^Status: (?:Downloaded newer image for|Image is up to date for) ${NAME}$`), 'pulled'],
  [new RegExp(`^Pulling [\\w.-]+ \\(${NAME}\\)\\.\\.\\.`), 'pulled'],
  [new RegExp(`^\\s*(?:✔ )?Image ${NAME} (?:Pulling|Pulled|Downloaded)`), 'pulled'],
  [new RegExp(`^Unable to find image '${NAME}' locally`), 'run'],
  [new RegExp(`(?:Pulling|Successfully pulled) image "${NAME}"`), 'pulled'],
  [new RegExp(`Container image "${NAME}" already present on machine`), 'run'],
  [new RegExp(`^Trying to pull ${NAME}\\.\\.\\.`), 'pulled'],
];

/** `latest: Pulling from owner/app`, where no registry is said. */
const PULLING_FROM = /^([\w.-]+): Pulling from ([\w./:-]+)$/;
const DIGEST = /^Digest: (sha256:[0-9a-f]{64})$/;
/** `docker ps`: the second of its columns. */
const LISTED = new RegExp(`^[0-9a-f]{12}\\s+${NAME}\\s+"`);

/** A command that is shown before it is run: by `set -x`, by GitHub's runner, by a prompt. */
const COMMAND = /^(?:\++ |\[command\]|[$#] |##\[group\]Run |Run )(.+)$/;

const saidBy = (text: string): Found | null => {
  for (const [pattern, use] of SAYINGS) {
    const reference = pattern.exec(text)?.[1];
    if (reference !== undefined) return { reference, use };
  }
  const from = PULLING_FROM.exec(text);
  if (from !== null) return { reference: `${from[2] ?? ''}:${from[1] ?? ''}`, use: 'pulled' };
  const listed = LISTED.exec(text)?.[1];
  return listed === undefined ? null : { reference: listed, use: 'run' };
};

const isSame = (one: string, other: string): boolean =>
  one === other || one.endsWith(`/${other}`) || other.endsWith(`/${one}`);

/** Lines longer than this are none that such programs print. */
const LONGEST = 4000;

/**
 * Every image that a log of a deployment shows as pulled or run, in order; each once a use. Understands `docker`, `docker compose` and
 * Kubernetes' events, commands shown by `set -x`, colours, and the prefixes of GitHub's runner and of SSH actions.
 */
export const readDeployLog = (log: string): readonly LoggedImage[] => {
  const holes = createHoles();
  const found: LoggedImage[] = [];
  for (const [index, written] of withoutPrivateUse(log).split('\n').entries()) {
    if (written.length > LONGEST) continue;
    const { text, offset, isColoured } = cleanLine(written);
    const digest = DIGEST.exec(text.trim())?.[1];
    const last = found.at(-1);
    if (digest !== undefined && last?.use === 'pulled')
      found[found.length - 1] = { ...last, digest: last.digest ?? digest };
    const said = saidBy(text);
    const command = COMMAND.exec(text)?.[1] ?? (isColoured ? text : null);
    const images = said === null ? (command === null ? [] : imagesOfCommand(command, holes)) : [said];
    for (const { reference, use } of images) {
      const before = found.findIndex((one) => one.use === use && isSame(one.reference, reference));
      const known = found[before];
      if (known !== undefined) {
        // Said again with its registry: the longer name is the better one.
        if (known.reference.length < reference.length) found[before] = { ...known, reference };
        continue;
      }
      const column = offset + Math.max(0, text.indexOf(reference)) + 1;
      found.push({ reference, use, line: index + 1, column, endColumn: column + reference.length, digest: null });
    }
  }
  return found;
};
