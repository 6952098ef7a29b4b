import { defineCheck, notApplicable, passed, problemsOr, type Problem } from '../../core/check.ts';
import type { CheckContext } from '../context.ts';
import { DATABASE_SECONDS } from './database-seconds.ts';
import { serverService } from './server-service.ts';

const FINDINGS = { 'server-version-unsupported': 'error' } as const;

type Code = keyof typeof FINDINGS;

/** This Django works with this version of PostgreSQL. */
export const serverVersion = defineCheck<CheckContext, Code>({
  id: 'server-version',
  group: 'database',
  title: 'Version of PostgreSQL',
  findings: FINDINGS,
  timeoutSeconds: DATABASE_SECONDS,
  run: async (context) => {
    const { serverVersion: version, serverVersionNumber } = await context.server();
    const { minimumServerVersion } = await context.examination();
    if (minimumServerVersion === null) return notApplicable('this Django names no minimum');
    const { django } = (await context.django()).description;
    const problems = judgeServerVersion({
      version,
      number: serverVersionNumber,
      minimum: minimumServerVersion,
      django,
      service: await serverService(context),
    });
    return problems.length === 0 ? passed(`PostgreSQL ${version}`) : problemsOr(problems, '');
  },
});

export interface ServerVersionFacts {
  /** e.g. `13.4` */
  readonly version: string;
  /** e.g. 130004 */
  readonly number: number;
  /** e.g. [14] */
  readonly minimum: readonly number[];
  readonly django: string;
  /** The compose service that the server is; null: it is none. */
  readonly service: string | null;
}

export const judgeServerVersion = ({
  version,
  number,
  minimum,
  django,
  service,
}: ServerVersionFacts): readonly Problem<Code>[] => {
  const [major = 0, minor = 0] = minimum;
  if (number >= major * 10_000 + minor) return [];
  const needed = minimum.join('.');
  return [
    {
      code: 'server-version-unsupported',
      message: `Django ${django} needs PostgreSQL ${needed} or later, and the server is ${version}.`,
      remedy: {
        text: `Use a server of version ${needed} or later${service === null ? '' : ` (change the image of the compose service ${service}, and load the data again)`}, or an older Django.`,
        command: null,
      },
    },
  ];
};
