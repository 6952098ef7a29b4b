import { openComposeSide, type ComposeSide } from '../../../../src/checks/dev-container/open-dev-container.ts';
import { findDevContainer, type DevContainer } from '../../../../src/devcontainer/dev-container.ts';
import { makeTree, type Tree } from '../../project/make-tree.ts';

/** A dev container as it is read from these properties, or from this text. */
export const devContainerOf = async (
  properties: object | string,
  tree: Tree = {},
): Promise<DevContainer & { readonly root: string }> => {
  const root = await makeTree({
    '.devcontainer/devcontainer.json': typeof properties === 'string' ? properties : JSON.stringify(properties),
    ...tree,
  });
  const found = await findDevContainer(root);
  if (found === undefined) throw new Error('there is no devcontainer.json');
  return { ...found, root };
};

/** One made by compose: `services` is the body of that key, with two spaces before each name. */
export const composeSideOf = async (
  services: string,
  properties: object = {},
  tree: Tree = {},
): Promise<ComposeSide & { readonly root: string }> => {
  const found = await devContainerOf(
    { dockerComposeFile: 'compose.yml', service: 'app', workspaceFolder: '/workspace', ...properties },
    { '.devcontainer/compose.yml': `services:\n${services}`, ...tree },
  );
  return { root: found.root, ...(await openComposeSide({ devContainer: async () => found })) };
};
