import path from 'node:path';

import { defineCheck, problemsOr, type Problem } from '../../core/check.ts';
import { setJsonc } from '../../devcontainer/edit-jsonc.ts';
import { ownMounts, type Mount } from '../../devcontainer/own-mounts.ts';
import { hasVariables, substitute } from '../../devcontainer/substitute.ts';
import { isInside } from '../../project/files.ts';
import { isOpen } from '../../project/compose/interpolate.ts';
import { openComposeSide, type ComposeSide, type DevContainerContext } from './open-dev-container.ts';

/** `workspaceFolder` is where compose mounts the checkout. */
export const workspaceFolder = defineCheck<DevContainerContext, 'devcontainer-workspace-folder'>({
  id: 'devcontainer-workspace-folder',
  group: 'dev-container',
  title: 'Workspace folder',
  findings: { 'devcontainer-workspace-folder': 'error' },
  run: async (context) => {
    const side = await openComposeSide(context);
    const problem = judgeWorkspaceFolder(side, context.root);
    return problemsOr(problem === null ? [] : [problem], String(side.devContainer.properties['workspaceFolder']));
  },
});

/** Not judged where the checkout gets into the container by other means than a mount, or where a path depends on the machine. */
export const judgeWorkspaceFolder = (
  { devContainer, app }: Pick<ComposeSide, 'devContainer' | 'app'>,
  root: string,
): Problem<'devcontainer-workspace-folder'> | null => {
  const { properties, file, name, placeOf } = devContainer;
  const written = properties['workspaceFolder'];
  const opened = typeof written === 'string' ? substitute(written, { root }) : '/';
  const mounts = [...app.volumes, ...ownMounts(properties['mounts'], root)];
  const [checkout] = mounts.flatMap((mount) => mountedAt(mount, root));
  const isUnsure = hasVariables(opened) || mounts.some(({ source, target }) => isOpen(source) || isOpen(target));
  if (checkout === undefined || isUnsure || opensSomethingMounted(opened, mounts)) return null;
  return {
    code: 'devcontainer-workspace-folder',
    message:
      typeof written === 'string'
        ? `${name} opens ${opened}, but the service ${app.name} has the checkout at ${checkout.path}.`
        : `${name} has no workspaceFolder, so / is opened, but the service ${app.name} has the checkout at ${checkout.path}.`,
    remedy: { text: `Set workspaceFolder to ${checkout.written}.`, command: null },
    place: placeOf(['workspaceFolder']),
    fix: {
      by: 'edit',
      file,
      summary: `set workspaceFolder to ${checkout.written}`,
      edit: (text) => setJsonc(text ?? '{}', ['workspaceFolder'], checkout.written),
    },
  };
};

/** A folder above all mounts (`/workspaces` with several repositories in it) shows them, too; the root shows everything. */
const opensSomethingMounted = (opened: string, mounts: readonly Mount[]): boolean =>
  mounts.some(({ target }) => isInside(target, opened) || (opened !== '/' && isInside(opened, target)));

/** Where a mount shows the checkout, as a path and as it is best written. */
const mountedAt = (
  { source, target }: Mount,
  root: string,
): readonly { readonly path: string; readonly written: string }[] => {
  if (!path.isAbsolute(source) || !isInside(source, root)) return [];
  const below = path.relative(source, root);
  const parent = path.posix.join(target, path.dirname(below));
  return below === ''
    ? [{ path: target, written: target }]
    : [
        {
          path: path.posix.join(target, below),
          written: `${parent === '/' ? '' : parent.replace(/\/$/, '')}/\${localWorkspaceFolderBasename}`,
        },
      ];
};
