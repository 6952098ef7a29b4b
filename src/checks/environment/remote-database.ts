import { CheckStopped, defineCheck, passed, type Problem, type Severity } from '../../core/check.ts';
import { classifyHost, describeTarget } from '../../postgres/target.ts';
import { readComposeServices } from '../../project/compose-services.ts';
import type { DatabasePlace } from '../../steps/context.ts';
import { aliasWords, hostProblem } from '../../steps/host-problem.ts';
import type { CheckContext } from '../context.ts';

type Code = 'database-remote';

/**
 * Every database that is migrated or written to is this machine's, this compose project's, or one that configuration allows. devsetup
 * connects to no other, and neither does the doctor without --allow-remote.
 */
export const remoteDatabase = defineCheck<CheckContext, Code>({
  id: 'remote-database',
  group: 'environment',
  title: 'Whose database it is',
  findings: { 'database-remote': 'error' },
  timeoutSeconds: 60,
  run: async (context) => {
    const { root, backend, config } = context;
    const databases = await context.databases();
    const services = await readComposeServices({ root, backendDirectory: backend?.directory ?? root });
    const { allowRemote } = config.database;
    const remote = databases.filter(({ target }) => hostProblem(target, { services, allowRemote }) !== undefined);
    if (remote.length === 0) {
      const names = services.map(({ name }) => name);
      return passed(
        databases.map((place) => `${nameOf(place)}, ${WORDS[classifyHost(place.target.host, names)]}`).join('; '),
      );
    }
    if (context.examinesRemote) await mustAnswer(context);
    const failure = await context.djangoFailure();
    const debug = failure === null ? (await context.django()).description.debug : null;
    return { kind: 'problems', problems: remote.map((place) => problemOf(place, debug, services.length > 0)) };
  },
});

/** A host that does not answer is a finding of its own, and often a name that only another machine's compose knows. */
const mustAnswer = async (context: CheckContext): Promise<void> => {
  try {
    await context.server();
  } catch (error) {
    if (!(error instanceof CheckStopped)) throw error;
    const { outcome } = error;
    if (outcome.kind === 'could-not-check' && outcome.blockedBy === 'database-unreachable') throw error;
  }
};

const nameOf = ({ alias, target }: DatabasePlace): string => `${describeTarget(target)}${aliasWords(alias)}`;

const WORDS = {
  local: 'on this machine',
  compose: 'a service of this compose project',
  'docker-host': 'allowed by the configuration',
  remote: 'allowed by the configuration',
} as const;

/** `debug` null: Django does not start. */
const problemOf = (place: DatabasePlace, debug: boolean | null, hasCompose: boolean): Problem<Code> => {
  // With DEBUG off this may be the server's own business, and only devsetup is in the way.
  const severity: Severity = debug === false ? 'warning' : 'error';
  const where = nameOf(place);
  const { host } = place.target;
  return {
    code: 'database-remote',
    severity,
    message:
      debug === true
        ? `DEBUG is on, and the database ${where} is on another host: what is tried out here changes it.`
        : `The database ${where} is on another host, and devsetup works only on local ones unless you allow another one.`,
    evidence: [
      hasCompose
        ? `${host} is neither this machine nor a service of this project's compose files`
        : `${host} is not this machine`,
    ],
    remedy: {
      text: `Point the settings at a database of your own; if you mean this one, add "database": { "allowRemote": ["${host}"] } to the configuration. To examine it without changing it: npx devsetup doctor --allow-remote.`,
      command: null,
    },
  };
};
