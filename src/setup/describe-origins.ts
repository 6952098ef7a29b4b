import path from 'node:path';

import type { Workspace } from './open-workspace.ts';

const ORIGINS = { process: 'the process environment', 'embedded-database': 'the embedded database' } as const;

/** For `--verbose`: what was found where, and which layer every variable of an env file, and the database URL, came from. */
export const describeOrigins = ({ root, config, environment, project }: Workspace): readonly string[] => {
  const { backend, frontends } = project;
  const relative = (file: string): string => path.relative(root, file) || '.';
  const requirements = backend.requirements;
  const names = new Set([
    config.database.urlVariable,
    ...Object.keys(environment.asRecord()).filter((name) => environment.origin(name) === 'embedded-database'),
    ...environment.layers.flatMap((layer) => [...layer.variables.keys()]),
  ]);
  return [
    `configuration: ${config.file === null ? 'none, everything is a default' : relative(config.file)}`,
    `manage.py: ${relative(backend.managePy)}`,
    `python: ${backend.python.interpreter} (${backend.python.source})`,
    requirements === null
      ? 'requirements: none found'
      : `requirements: ${requirements.files.map(relative).join(', ')} with ${requirements.tool} (${requirements.reason})`,
    ...frontends.map((frontend) => `frontend: ${frontend.name} with ${frontend.tool}`),
    ...[...names].flatMap((name) => {
      const origin = environment.origin(name);
      if (origin === undefined) return [];
      const from = typeof origin === 'object' ? relative(origin.file) : ORIGINS[origin];
      const value = name === config.database.urlVariable ? `: ${environment.get(name) ?? ''}` : '';
      return [`${name} comes from ${from}${value}`];
    }),
  ];
};
