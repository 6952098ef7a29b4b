import path from 'node:path';

import { addProperty } from '../../devcontainer/add-property.ts';
import { buildOf } from '../../devcontainer/build-of.ts';
import type { DevContainer } from '../../devcontainer/dev-container.ts';
import { usesFeature } from '../../devcontainer/devsetup-call.ts';
import { setJsonc } from '../../devcontainer/edit-jsonc.ts';
import { followHooks } from '../../devcontainer/follow-hooks.ts';
import { readJsonc } from '../../project/read-jsonc.ts';
import { findTextOf, shown } from '../../project/files.ts';
import type { PlannedFile } from '../planned-file.ts';
import { readCheckoutCode, type CheckoutCode } from '../setup-script/endings/checkout-code.ts';
import { findSetupScripts, workspaceFolderOf } from '../setup-script/find-setup-scripts.ts';
import type { SetupScript } from '../setup-script/setup-script.ts';
import { lacksNode, NODE_FEATURE } from './needs-node.ts';
import { planComposeFiles } from './plan-compose-files.ts';
import type { HookScripts } from './hook-work.ts';
import { planHooks, stayingScripts, type PlannedText } from './plan-hooks.ts';

export interface ExistingInput {
  readonly root: string;
  /** The checkout's devcontainer.json, which was not made from the template. */
  readonly devContainer: DevContainer;
  /** What its file holds, where `devContainer` was made of a text with corrections. */
  readonly written?: string | undefined;
  /** Of the package.json at the root. */
  readonly packageManager: string;
  /** What `findSetupScripts` gave, where it has been asked before. */
  readonly scripts?: readonly SetupScript[];
  readonly code?: CheckoutCode;
  /** Lines of scripts and of hooks, as `lineKey`, that are own steps of the configuration, or will be: nothing is lost without them. */
  readonly steps?: ReadonlySet<string>;
}

export interface PlannedExisting {
  readonly files: readonly PlannedFile[];
  /** What cannot be edited without changing something else, with what to write by hand. */
  readonly left: readonly string[];
}

/**
 * What has to change in a devcontainer.json that is not of the template, and in its compose files: only what devsetup needs, with
 * comments, order and line ends kept. Where nothing is missing every file is kept.
 */
export const planExisting = async (input: ExistingInput): Promise<PlannedExisting> => {
  const { root, devContainer } = input;
  const { text: before, mistakes } = devContainer;
  const name = asPath(root, devContainer.file);
  const keep = (reason: string): PlannedExisting => ({
    files: [{ path: name, action: 'keep', before, after: before, reason }],
    left: [],
  });
  if (mistakes.length > 0) {
    const line = mistakes[0]?.place.line ?? 1;
    return keep(`it is not valid in line ${line}; correct it first`);
  }
  if (usesFeature(devContainer.properties)) {
    return keep('the Feature devsetup brings its hooks');
  }
  const code = input.code ?? (await readCheckoutCode(root));
  const scripts = input.scripts ?? (await findSetupScripts(root, devContainer, code));
  const followed = await followHooks(devContainer, root);
  const hooks = planHooks({
    text: before,
    properties: devContainer.properties,
    followed,
    packageManager: input.packageManager,
    file: name,
    workspaceFolder: workspaceFolderOf(devContainer, root),
    scripts,
    code,
    ...(input.steps === undefined ? {} : { steps: input.steps }),
  });
  const build = buildOf(devContainer);
  const needsNode = lacksNode({
    properties: devContainer.properties,
    image: build.image,
    dockerfile: build.dockerfile === null ? null : ((await findTextOf(build.dockerfile, { from: root })) ?? null),
    target: build.target,
    hooks: followed.flatMap(({ texts }) => texts.map(({ text }) => text)).join('\n'),
  });
  const planned = needsNode ? withNode(hooks) : hooks;
  const { written = before } = input;
  const reasons = [...(written === before ? [] : ['a line of shell in a list becomes a string']), ...planned.reasons];
  const own: PlannedFile = {
    path: name,
    action: planned.text === written ? 'keep' : 'update',
    before: written,
    after: planned.text,
    reason: reasons.length === 0 ? null : reasons.join('; '),
  };
  const { files, left } = await planComposeFiles(root, devContainer);
  return { files: [own, ...files], left };
};

/** Script → the hook that still calls it if these lines become steps. */
export const findStaying = (
  root: string,
  devContainer: DevContainer,
  input: Pick<HookScripts, 'scripts' | 'code' | 'steps'>,
): ReadonlyMap<string, string> =>
  usesFeature(devContainer.properties)
    ? new Map()
    : stayingScripts(devContainer.properties, {
        ...input,
        file: asPath(root, devContainer.file),
        workspaceFolder: workspaceFolderOf(devContainer, root),
      });

const withNode = ({ text, reasons }: PlannedText): PlannedText => {
  const features = (readJsonc(text).value as { readonly features?: unknown } | undefined)?.features;
  const isThere = typeof features === 'object' && features !== null;
  const described = ['name', 'image', 'build', 'dockerFile', 'dockerComposeFile', 'service', 'workspaceFolder'];
  return {
    text: isThere
      ? setJsonc(text, ['features', NODE_FEATURE], {})
      : addProperty(text, 'features', { [NODE_FEATURE]: {} }, described),
    reasons: [...reasons, 'Node, which devsetup runs on, is added as a feature'],
  };
};

const asPath = (root: string, file: string): string => shown(root, file).split(path.sep).join('/');
