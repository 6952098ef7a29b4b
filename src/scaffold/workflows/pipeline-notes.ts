import path from 'node:path';

import { isExecutable } from '../../project/files.ts';
import type { Frontend } from '../../project/types.ts';
import type { FoundDockerfile } from './find-dockerfile.ts';
import type { PipelineParts } from './pipeline-parts.ts';

/** What the pipeline needs beside the files that are written. */
export const pipelineNotes = async (
  root: string,
  parts: PipelineParts,
  frontends: readonly Frontend[],
): Promise<readonly string[]> => {
  const { values, frontend, backend, variables } = parts;
  const others = frontends.filter(({ name }) => name !== '.' && name !== frontend?.directory).map(({ name }) => name);
  const unknown = variables.required.filter(({ sample }) => sample === null).map(({ name }) => name);
  const isScriptMissing = values.deploy === 'script' && !(await isExecutable(path.join(root, values.deployScript)));
  return [
    ...[backend.dockerfile, ...(frontend === null ? [] : [frontend.dockerfile])].flatMap(missingDockerfile),
    ...(isScriptMissing
      ? [
          `${values.deployScript} is not there, or not executable: it is called as "${values.deployScript} deploy|verify COMPONENT IMAGE REVISION" and has to end with another code than 0 where it fails.`,
        ]
      : []),
    ...(variables.database === null
      ? [
          `The settings do not say how they find the database: the jobs test-backend and migrate give them ${parts.urlVariable}.`,
        ]
      : []),
    ...(unknown.length > 0
      ? [`The settings cannot do without ${unknown.join(', ')}: give the job test-backend a value for tests.`]
      : []),
    ...(frontend !== null && others.length > 0
      ? [`Built and deployed is ${frontend.directory}; ${others.join(', ')} is not: the pipeline has one frontend.`]
      : []),
    ...(frontend !== null && frontend.checks.length === 0
      ? [`${frontend.directory}/package.json has no script that tests or builds: test-frontend only installs.`]
      : []),
  ];
};

const missingDockerfile = ({ file, exists }: FoundDockerfile): readonly string[] =>
  exists ? [] : [`${file} is not there yet: build-and-push builds the image from it.`];
