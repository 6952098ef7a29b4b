import { expect, test } from 'vitest';

import type { CheckContext } from '../../../../src/checks/context.ts';
import { DEV_CONTAINER_CHECKS } from '../../../../src/checks/dev-container/index.ts';
import type { CheckOutcome } from '../../../../src/core/check.ts';
import { findDevContainer, listDevContainers } from '../../../../src/devcontainer/dev-container.ts';
import { makeTree } from '../../project/make-tree.ts';

type Outcomes = (id: string) => Promise<CheckOutcome | undefined>;

const withContainers = async (texts: Readonly<Record<string, string>>): Promise<Outcomes> => {
  const root = await makeTree(
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [`.devcontainer/${name}/devcontainer.json`, text])),
  );
  const files = await listDevContainers(root);
  const all = await Promise.all(files.map((file) => findDevContainer(root, file)));
  const context = { root, devContainer: async () => all[0], devContainers: async () => all };
  return async (id) => DEV_CONTAINER_CHECKS.find((one) => one.id === id)?.run(context as unknown as CheckContext);
};

const PLAIN = '{ "image": "python:3.12" }';
const BROKEN = '{ "image": "python:3.12", }}';
const COMPLETE = JSON.stringify({
  image: 'python:3.12',
  postCreateCommand: 'npx --no-install devsetup',
  postStartCommand: 'npx --no-install devsetup --if-needed',
});

test('every devcontainer.json of the checkout is checked, not only the first', async () => {
  const outcomeOf = await withContainers({ api: COMPLETE, web: PLAIN, docs: BROKEN });
  expect(await outcomeOf('devcontainer-hooks')).toMatchObject({
    kind: 'problems',
    problems: [{ code: 'devcontainer-without-devsetup', message: expect.stringContaining('.devcontainer/web/') }],
  });
  expect(await outcomeOf('devcontainer-syntax')).toMatchObject({
    kind: 'problems',
    problems: [{ place: { file: '.devcontainer/docs/devcontainer.json' } }],
  });
});

test('a devcontainer.json that cannot be checked counts more than those without findings', async () => {
  const outcomeOf = await withContainers({ api: PLAIN, docs: BROKEN });
  expect(await outcomeOf('devcontainer-files')).toMatchObject({
    kind: 'could-not-check',
    blockedBy: 'devcontainer-syntax',
  });
});
