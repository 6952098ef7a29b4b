import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { beforeAll, describe, expect, inject, it } from 'vitest';

import { needs } from '../../support/needs.ts';
import { createSampleProject } from '../../support/sample-project.ts';
import { VERSIONS } from '../support/base-images.ts';
import { giveToContainerUser } from '../support/container-user.ts';
import { devContainer, type DevContainer } from '../support/dev-container.ts';
import { openTerminal, query, runInside } from '../support/inspect.ts';
import { report } from '../support/report.ts';
import type { Suite } from '../support/suite.ts';
import { copyFeature } from './feature-folder.ts';
import { createFeatureImages } from './feature-images.ts';

const compose = (image: string): string => `services:
  app:
    image: ${image}
    command: sleep infinity
    volumes: ['../..:/workspaces:cached']
    environment:
      DATABASE_URL: postgresql://postgres:postgres@db:5432/app
    depends_on:
      db:
        condition: service_healthy
  db:
    image: postgres:${VERSIONS.postgres}-bookworm
    environment: { POSTGRES_PASSWORD: postgres, POSTGRES_DB: app }
    healthcheck:
      test: ['CMD', 'pg_isready', '--host=127.0.0.1', '--username=postgres']
      interval: 2s
      retries: 30
`;

/** A repository that has a dev container of its own and knows nothing of devsetup, but for one line. */
const createProject = async (suite: Suite): Promise<string> => {
  const folder = path.join(suite.root, `one-line-${suite.id}`);
  await createSampleProject({ into: folder, dependencies: true });
  const container = path.join(folder, '.devcontainer');
  await mkdir(container);
  await copyFeature(path.join(container, 'devsetup'), suite.tarball);
  const image = await (await createFeatureImages(suite)).build('python-node');
  await writeFile(path.join(container, 'compose.yml'), compose(image));
  const configuration = {
    dockerComposeFile: 'compose.yml',
    service: 'app',
    workspaceFolder: `/workspaces/${path.basename(folder)}`,
    remoteUser: 'vscode',
    features: { './devsetup': {} },
  };
  await writeFile(path.join(container, 'devcontainer.json'), JSON.stringify(configuration));
  await giveToContainerUser(folder);
  return folder;
};

const provided = inject('containers');

describe('a dev container with one line under features', needs(provided.ok, 'no container engine answers'), () => {
  let container: DevContainer;

  beforeAll(async () => {
    if (provided.ok) container = devContainer(await createProject(provided.suite), provided.suite);
  });

  it('opens with a migrated database', async () => {
    const up = await container.up();
    report('first up with the Feature', up.seconds);
    expect(up, up.log).toMatchObject({ exitCode: 0, outcome: 'success', remoteUser: 'vscode' });
    for (const hook of ['updateContent', 'postCreate', 'postStart']) {
      expect(up.log).toContain(`Running the ${hook}Command from Feature './devsetup'`);
    }
    expect(await query(container, 'SELECT schema_name FROM customers_library ORDER BY 1')).toEqual(['guest', 'public']);
    expect(await openTerminal(container)).toBe('');
  });

  it('has nothing left to do, at the next start too', async () => {
    const { exitCode, report: run } = await runInside(container);
    expect({ exitCode, outcome: run.outcome }).toEqual({ exitCode: 0, outcome: 'unchanged' });
    await container.stop();
    const again = await container.up();
    report('second up with the Feature', again.seconds);
    expect(again, again.log).toMatchObject({ exitCode: 0, outcome: 'success' });
    expect(again.log).toContain('Nothing to do');
  });
});
