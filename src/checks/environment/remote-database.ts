import { CheckStopped, defineCheck, passed, type Problem, type Severity } from '../../core/check.ts';
import { classifyHost, describeTarget, type DatabaseTarget } from '../../postgres/target.ts';
import { readComposeServices } from '../../project/compose-services.ts';
import { hostProblem } from '../../steps/host-problem.ts';
import type { CheckContext } from '../context.ts';

type Code = 'database-remote';

/**
 * The database is this machine's, this compose project's, or one that configuration allows. devsetup refuses to change any other; the
 * doctor, which changes nothing, looks at it all the same and says so here.
 */
export const remoteDatabase = defineCheck<CheckContext, Code>({
  id: 'remote-database',
  group: 'environment',
  title: 'Whose database it is',
  findings: { 'database-remote': 'error' },
  timeoutSeconds: 60,
  run: async (context) => {
    const { root, backend, config } = context;
    const target = await context.target();
    const services = await readComposeServices({ root, backendDirectory: backend?.directory ?? root });
    const { allowRemote } = config.database;
    if (hostProblem(target, { services, allowRemote }) === undefined) {
      const kind = classifyHost(
        target.host,
        services.map(({ name }) => name),
      );
      return passed(`${describeTarget(target)}, ${WORDS[kind]}`);
    }
    await mustAnswer(context);
    const failure = await context.djangoFailure();
    const debug = failure === null ? (await context.django()).description.debug : null;
    return { kind: 'problems', problems: [problemOf(target, debug)] };
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

const WORDS = {
  local: 'on this machine',
  compose: 'a service of this compose project',
  'docker-host': 'allowed by the configuration',
  remote: 'allowed by the configuration',
} as const;

/** `debug` null: Django does not start. */
const problemOf = (target: DatabaseTarget, debug: boolean | null): Problem<Code> => {
  // With DEBUG off this may be the server's own business, and only devsetup is in the way.
  const severity: Severity = debug === false ? 'warning' : 'error';
  const where = describeTarget(target);
  return {
    code: 'database-remote',
    severity,
    message:
      debug === true
        ? `DEBUG is on, and the database ${where} is on another host: what is tried out here changes it.`
        : `The database ${where} is on another host, and devsetup changes only local ones unless told to.`,
    evidence: [`${target.host} is neither this machine nor a service of this project's compose files`],
    remedy: {
      text: `Point the settings at a database of your own; if this one is meant, add "database": { "allowRemote": ["${target.host}"] } to the configuration.`,
      command: null,
    },
  };
};
