import type { ComposeServiceModel } from '../../../project/compose/compose-project.ts';
import type { Loss } from './find-loss.ts';

/** Options of `docker compose` that take the next word as their value. */
const COMPOSE_VALUED = new Set(
  '-f --file -p --project-name --profile --env-file --project-directory --ansi --progress --parallel --context -c -H --host --log-level'.split(
    ' ',
  ),
);
const DOCKER_VALUED = new Set('-c --context -H --host -l --log-level --config'.split(' '));

export interface DockerFacts {
  /** The services of the dev container's compose files; null: not known. */
  readonly services: readonly ComposeServiceModel[] | null;
}

/** `docker compose down -v`, `docker volume rm`, … null: no data is lost, or it is not certain. */
export const dockerLoss = (words: readonly string[], facts: DockerFacts): Loss | null => {
  const program = words[0]?.split('/').at(-1) ?? '';
  if (/^(?:docker|podman)-compose$/.test(program)) return composeLoss(program, words.slice(1), facts);
  if (!/^(?:docker|podman|nerdctl)$/.test(program)) return null;
  const at = skip(words, 1, DOCKER_VALUED);
  const [group = '', ...rest] = words.slice(at);
  if (group === 'compose') return composeLoss(`${program} compose`, rest, facts);
  const verb = rest.find((word) => !word.startsWith('-')) ?? '';
  const given = rest.slice(rest.indexOf(verb) + 1);
  if (group === 'volume' && (verb === 'rm' || verb === 'remove')) {
    const names = given.filter((word) => !word.startsWith('-'));
    return names.length > 0 && names.every(holdsData)
      ? loss(`${program} volume rm`, `the volume ${names.join(', ')}`)
      : null;
  }
  // Without -f it asks first.
  if (!given.concat(rest).some((word) => word === '--force' || /^-[a-z]*f[a-z]*$/.test(word))) return null;
  if (group === 'volume' && verb === 'prune')
    return loss(`${program} volume prune`, 'volumes that no container uses, also of other projects');
  if (group === 'system' && verb === 'prune' && given.includes('--volumes')) {
    return loss(`${program} system prune --volumes`, 'volumes that no container uses, also of other projects');
  }
  return null;
};

const composeLoss = (program: string, words: readonly string[], facts: DockerFacts): Loss | null => {
  const at = skip(words, 0, COMPOSE_VALUED);
  const before = words.slice(0, at);
  const [verb = '', ...options] = words.slice(at);
  // Databases of tests are made to be thrown away.
  if (before.some((word) => /(?:^|[^a-z])(?:tests?|ci|e2e)(?:[^a-z]|$)/i.test(word))) return null;
  const isOwn = !before.some((word) => /^(?:-f|--file|-p|--project-)/.test(word));
  if (verb === 'down' && hasVolumes(options, new Set(['-t', '--timeout', '--rmi']))) {
    if (isOwn && facts.services?.every(({ volumes, image }) => image === null && volumes.every(isBind)) === true)
      return null;
    return loss(`${program} down -v`, 'the volumes of its services, and the database with them');
  }
  const takesAnonymous =
    verb === 'rm'
      ? hasVolumes(options, new Set())
      : verb === 'up' && options.some((word) => word === '-V' || word === '--renew-anon-volumes');
  if (!takesAnonymous || !isOwn || !facts.services?.some(keepsDataInAnonymousVolume)) return null;
  // `rm` without -f asks first.
  if (verb === 'rm' && !options.some((word) => word === '--force' || /^-[a-z]*f/.test(word))) return null;
  return loss(`${program} ${verb} ${verb === 'rm' ? '-v' : '-V'}`, 'anonymous volumes, and the database with them');
};

const hasVolumes = (options: readonly string[], valued: ReadonlySet<string>): boolean =>
  options.some(
    (word, index) =>
      !valued.has(options[index - 1] ?? '') &&
      (word === '--volumes' || word === '--volumes=true' || /^-[a-z]*v[a-z]*$/.test(word)),
  );

const isBind = ({ source }: { readonly source: string }): boolean => source.startsWith('/');

/** A database server without a volume or folder for its data. */
const keepsDataInAnonymousVolume = ({ image, volumes }: ComposeServiceModel): boolean =>
  image !== null &&
  DATABASE_IMAGE.test(image) &&
  !volumes.some(({ source, target }) => source !== '' && DATA_FOLDER.test(target));

const DATABASE_IMAGE =
  /(?:^|\/)(?:postgres|postgresql|postgis|pgvector|timescaledb(?:-ha)?|mysql|mariadb|mongo)(?::[^/]*)?(?:@.*)?$/i;
export const DATA_FOLDER = /^\/var\/lib\/(?:postgresql|mysql|pgsql)(?:\/|$)|^\/(?:data\/db|bitnami\/\w+)(?:\/|$)/;

/** Skips a name that describes a cache, and one that is known only at run time. */
const holdsData = (name: string): boolean =>
  !/[\uE000-\uF8FE]|node_?modules|cache|venv|\bpip\b|npm|yarn|pnpm|extension|static|build|dist|temp|tmp|test/i.test(
    name,
  );

const skip = (words: readonly string[], from: number, valued: ReadonlySet<string>): number => {
  let at = from;
  while (words[at]?.startsWith('-') === true) at += valued.has(words[at] ?? '') ? 2 : 1;
  return at;
};

const loss = (command: string, what: string): Loss => ({ command, what });
