import path from 'node:path';

import type { DevContainer } from '../../devcontainer/dev-container.ts';
import { HOOKS } from '../../devcontainer/follow-hooks.ts';
import { substitute } from '../../devcontainer/substitute.ts';
import { findEntryScripts } from '../../project/entry-scripts.ts';
import { filterAsync, isFile, listNames } from '../../project/files.ts';
import type { CheckoutCode } from './endings/checkout-code.ts';
import { hookCommands } from './hook-commands.ts';
import { judgeScript } from './judge-script.ts';
import { placedAt, readCalledScripts, readSetupScript, type ReadScriptOptions } from './read-setup-script.ts';
import type { ScriptCall, SetupScript, UnknownLine } from './setup-script.ts';

const USUAL = [
  'setup.sh',
  'setup',
  'bootstrap.sh',
  'init.sh',
  'dev-setup.sh',
  'setup-dev.sh',
  'bin/setup',
  'bin/bootstrap',
  'bin/dev-setup',
  'script/setup',
  'script/bootstrap',
  'Makefile',
];
const FOLDERS = ['.devcontainer', 'scripts', 'script', 'bin', 'tools', 'dev', 'docker', 'backend', 'backend/scripts'];
const SETUP_NAME =
  /(?:^|[-_.])(?:set-?up|bootstrap|init\w*|provision|install|post-?(?:create|start|attach)\w*|on-?create\w*|update-?content\w*|prepare|dev|entrypoint)(?:[-_.]|$)/i;

/** The hand-written set-ups of a checkout: what the hooks of its dev container run, and scripts of usual names that do what devsetup does. */
export const findSetupScripts = async (
  root: string,
  devContainer: DevContainer | undefined,
  code: CheckoutCode,
): Promise<readonly SetupScript[]> => {
  const workspaceFolder = devContainer === undefined ? null : workspaceFolderOf(devContainer, root);
  const options = { root, workspaceFolder, code };
  const hooks = devContainer === undefined ? [] : judgeHooks(devContainer, options);
  const { scripts: called } = await readCalledScripts(
    devContainer === undefined ? [] : callsOf(devContainer, options),
    options,
  );
  const known = new Set(called.map(({ file }) => file));
  const entries = new Set(await findEntryScripts({ root, backendDirectory: root }));
  const further: SetupScript[] = [];
  for (const file of await usualFiles(root)) {
    if (known.has(file)) continue;
    const script = await readSetupScript({ file, targets: null }, options);
    const isEntry = entries.has(path.join(root, file)) && script?.unknown.some(isServer) === true;
    if (script !== undefined && script.takenOver.length > 0 && !isEntry) further.push(script);
  }
  const mixed = hooks.filter(({ takenOver, unknown }) => takenOver.length > 0 && unknown.length > 0);
  return [...mixed, ...called, ...further].filter((script) => script.takenOver.length > 0 || script.unknown.length > 0);
};

/** A container whose start ends in a server is no set-up of a checkout. */
const isServer = ({ note, isBackground }: UnknownLine): boolean => note === 'keeps-running' && !isBackground;

/** Where the checkout is in the container. */
export const workspaceFolderOf = (devContainer: Pick<DevContainer, 'properties'>, root: string): string => {
  const folder = devContainer.properties['workspaceFolder'];
  return typeof folder === 'string' ? substitute(folder, { root }) : `/workspaces/${path.basename(root)}`;
};

/** Commands that stand in the hooks themselves, as one script a hook. */
const judgeHooks = (
  { name, properties, placeOf }: DevContainer,
  { workspaceFolder, code }: Required<ReadScriptOptions>,
): readonly SetupScript[] =>
  HOOKS.flatMap((hook) =>
    hookCommands(properties[hook]).map((command) => {
      const { line } = placeOf(command.name === null ? [hook] : [hook, command.name]);
      return placedAt(judgeScript(command.text, { file: name, workspaceFolder, code }), () => line ?? 1);
    }),
  );

const callsOf = (
  devContainer: DevContainer,
  { root, workspaceFolder, code }: Required<ReadScriptOptions>,
): readonly ScriptCall[] =>
  HOOKS.flatMap((hook) => hookCommands(devContainer.properties[hook])).flatMap(({ text }) => {
    const known = workspaceFolder === null ? {} : { workspaceFolder };
    const filled = substitute(text, { root: workspaceFolder ?? root, ...known });
    return judgeScript(filled, { file: devContainer.name, workspaceFolder, code }).calls;
  });

const usualFiles = async (root: string): Promise<readonly string[]> => {
  const inFolders = await Promise.all(
    FOLDERS.map(async (folder) =>
      (await listNames(path.join(root, folder)))
        .filter((name) => SETUP_NAME.test(name) && /\.(?:sh|bash)$|^[^.]+$/.test(name))
        .map((name) => `${folder}/${name}`),
    ),
  );
  const names = [...new Set([...USUAL, ...inFolders.flat()])].filter((name) => name !== '.devcontainer/shell-hook.sh');
  return filterAsync(names, (name) => isFile(path.join(root, name)));
};
