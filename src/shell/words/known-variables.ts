import type { Hole } from '../holes.ts';

/** What GitHub sets for every step; names as expressions have them, so that both ways of writing are the same value. */
const RUNNER_VARIABLES: Readonly<Record<string, Hole>> = {
  GITHUB_SHA: { kind: 'commit', name: 'github.sha' },
  GITHUB_REF_NAME: { kind: 'branch', name: 'github.ref_name' },
  GITHUB_HEAD_REF: { kind: 'branch', name: 'github.head_ref' },
  GITHUB_BASE_REF: { kind: 'branch', name: 'github.base_ref' },
  GITHUB_REF: { kind: 'branch', name: 'github.ref' },
  GITHUB_RUN_ID: { kind: 'run', name: 'github.run_id' },
  GITHUB_RUN_NUMBER: { kind: 'run', name: 'github.run_number' },
  GITHUB_RUN_ATTEMPT: { kind: 'run', name: 'github.run_attempt' },
  GITHUB_REPOSITORY: { kind: 'unknown', name: 'github.repository' },
  GITHUB_REPOSITORY_OWNER: { kind: 'unknown', name: 'github.repository_owner' },
  GITHUB_ACTOR: { kind: 'unknown', name: 'github.actor' },
  GITHUB_EVENT_NAME: { kind: 'unknown', name: 'github.event_name' },
  GITHUB_TOKEN: { kind: 'secret', name: 'github.token' },
  RANDOM: { kind: 'run', name: '$RANDOM' },
  EPOCHSECONDS: { kind: 'run', name: '$EPOCHSECONDS' },
  SECONDS: { kind: 'run', name: '$SECONDS' },
};

/** What stands for a variable that nothing has set. */
export const unknownVariable = (name: string, isOnRunner: boolean): Hole => {
  const known = isOnRunner || !name.startsWith('GITHUB_') ? RUNNER_VARIABLES[name] : undefined;
  if (known !== undefined && Object.hasOwn(RUNNER_VARIABLES, name)) return known;
  return { kind: 'unknown', name: /^\w+$/.test(name) && !/^\d/.test(name) ? `$${name}` : `\${${name}}` };
};
