import path from 'node:path';

import { usageError } from '../../core/errors.ts';
import { buildOf } from '../../devcontainer/build-of.ts';
import { readDevContainer, type DevContainer } from '../../devcontainer/dev-container.ts';
import { publishSite } from '../../devcontainer/publish-site.ts';
import { usesFeature } from '../../devcontainer/devsetup-call.ts';
import { followHooks, type FollowedHook } from '../../devcontainer/follow-hooks.ts';
import { variantOf } from '../../devcontainer/property-table.ts';
import { findTextOf } from '../../project/files.ts';
import { readDockerfile, stagesOf } from '../../project/read-dockerfile.ts';
import type { PlannedText } from '../existing/plan-hooks.ts';
import type { SettingsFindings } from '../look/look-at-settings.ts';
import type { PlannedFile } from '../planned-file.ts';
import type { OptionValues, Template } from '../template/template.ts';
import type { NeededVariables } from '../variables/needed-variables.ts';
import { planVariables, setInContainer, type PlannedVariables } from '../variables/plan-variables.ts';
import { addComposeDatabase, composeObstacle } from './compose-database.ts';
import { containerVariables, findContainerDatabase, type ContainerDatabase } from './container-database.ts';
import { callEmbedded, keepData } from './embed-database.ts';
import { judgeDatabase, type Judgement } from './judge-plan.ts';

/** What brings the database of a dev container that has none. */
export type DatabaseKind = 'embedded' | 'compose';

export interface DatabaseWish {
  readonly root: string;
  readonly devContainer: DevContainer;
  /** devcontainer.json first, as its hooks will be. */
  readonly files: readonly PlannedFile[];
  readonly template: Pick<Template, 'files'>;
  readonly values: OptionValues;
  readonly settings: SettingsFindings;
  readonly urlVariable: string;
  readonly needed: NeededVariables;
  /** Makes a value for development that cannot be guessed. */
  readonly random: () => string;
  /** `--database` */
  readonly asked: DatabaseKind | undefined;
  /** Asks which one on a terminal; otherwise it is `usual`. */
  readonly choose: (usual: DatabaseKind) => Promise<DatabaseKind>;
}

export interface PlannedDatabase extends Judgement {
  readonly files: readonly PlannedFile[];
  readonly notes: readonly string[];
  /** Declared secrets, which only the user can set. */
  readonly secrets: readonly string[];
  /** Said also where nothing changes. */
  readonly warnings: readonly string[];
  /** As it will be. */
  readonly devContainer: DevContainer;
}

/** A dev container that brings no database gets one, and what is planned is checked as it will be. */
export const planDatabase = async (wish: DatabaseWish): Promise<PlannedDatabase> => {
  const { root, devContainer, files, settings } = wish;
  const [first, ...others] = files;
  if (first === undefined || devContainer.mistakes.length > 0)
    return { files, notes: [], warnings: [], secrets: [], problems: [], proof: null, devContainer };
  const before = await lookInto(wish, first.after, files);
  const added = before.database === 'none' ? await addDatabase(wish, before, first) : null;
  const withDatabase = { text: added?.text ?? first.after, reasons: added?.reasons ?? [] };
  const between = await lookInto(wish, withDatabase.text, [...files, ...(added?.files ?? [])]);
  const filled = fillVariables(wish, withSite(withDatabase, first, between), between);
  const reasons = [first.reason, ...filled.reasons].filter((reason) => reason !== null);
  const main: PlannedFile = {
    ...first,
    action: filled.text === first.before ? 'keep' : 'update',
    after: filled.text,
    reason: reasons.length === 0 ? null : reasons.join('; '),
  };
  const planned = [main, ...others, ...(added?.files ?? [])];
  const after = await lookInto(wish, main.after, planned);
  const judged = await judgeDatabase({ ...after, root, settings, urlVariable: wish.urlVariable });
  return {
    proof: judged.proof,
    problems: [...(added?.problems ?? []), ...judged.problems, ...filled.problems],
    files: planned,
    notes: added?.notes ?? [],
    warnings: withoutEffect(wish.asked, before.database, devContainer.name),
    secrets: filled.secrets,
    devContainer: after.devContainer,
  };
};

/** Another database than the one that is there was asked for. */
const withoutEffect = (asked: DatabaseKind | undefined, found: ContainerDatabase, name: string): readonly string[] => {
  const there = { compose: 'a service of compose', embedded: 'the PostgreSQL that devsetup runs' };
  if (asked === undefined || asked === found || (found !== 'compose' && found !== 'embedded')) return [];
  return [`--database ${asked} has no effect: the database of ${name} is ${there[found]} already, and init keeps it.`];
};

/** A file in which nothing is missing stays as it is. */
const withSite = (planned: PlannedText, { before }: PlannedFile, { devContainer }: Inside): PlannedText => {
  const text = planned.text === before ? null : publishSite(planned.text, devContainer.properties);
  if (text === null) return planned;
  return { text, reasons: [...planned.reasons, 'the port of the site is published for this machine'] };
};

const fillVariables = (wish: DatabaseWish, planned: PlannedText, inside: Inside): PlannedVariables => {
  const { needed, settings, random } = wish;
  const read = inside.database === 'embedded' ? (settings.variables ?? []) : [];
  const filled = planVariables(planned, {
    needed,
    given: new Set(inside.variables.keys()),
    hooks: inside.hooks,
    withoutDatabase: read.map(({ name }) => name).filter((name) => needed.sample?.names.has(name) === true),
    random,
  });
  const made = Object.keys(filled.made);
  return {
    ...filled,
    text: setInContainer(filled.text, filled.made),
    reasons: [...filled.reasons, ...(made.length === 0 ? [] : [`${made.join(', ')} made for development`])],
  };
};

interface Inside {
  readonly devContainer: DevContainer;
  readonly followed: readonly FollowedHook[];
  /** Everything they run. */
  readonly hooks: string;
  readonly database: ContainerDatabase;
  readonly variables: Awaited<ReturnType<typeof containerVariables>>;
  /** What the image is made from in the end; null: it is not known. */
  readonly image: string | null;
  readonly dockerfile: string;
}

/** The dev container as these files will make it. */
const lookInto = async (
  { root, devContainer: { file }, settings, urlVariable, asked }: DatabaseWish,
  text: string,
  files: readonly PlannedFile[],
): Promise<Inside> => {
  const texts = new Map(files.map(({ path: name, after }) => [path.join(root, name), after]));
  const devContainer = await readDevContainer(root, file, text, texts);
  const followed = await followHooks(devContainer, root);
  const hooks = followed.flatMap((hook) => hook.texts.map((found) => found.text)).join('\n');
  const build = buildOf(devContainer);
  const dockerfile = build.dockerfile === null ? '' : ((await findTextOf(build.dockerfile, { from: root })) ?? '');
  const image = build.image ?? stagesOf(readDockerfile(dockerfile), build.target).at(-1)?.from ?? null;
  const variables = await containerVariables(devContainer, root);
  const database = findContainerDatabase({
    devContainer,
    settings,
    variables,
    urlVariable,
    hooks,
    dockerfile,
    isAsked: asked !== undefined,
  });
  return { devContainer, followed, hooks, database, variables, image, dockerfile };
};

interface Added extends PlannedText {
  readonly files: readonly PlannedFile[];
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

const addDatabase = async (wish: DatabaseWish, inside: Inside, first: PlannedFile): Promise<Added | null> => {
  const planned: PlannedText = { text: first.after, reasons: [] };
  const ofCompose = composeObstacle(inside);
  const ofEmbedded = embeddedObstacle(wish, inside);
  if (ofCompose !== null && ofEmbedded !== null) return null;
  const isUsual = variantOf(inside.devContainer.properties) === 'compose' ? ofCompose === null : ofEmbedded !== null;
  const usual = isUsual ? 'compose' : 'embedded';
  const isOpen = ofCompose === null && ofEmbedded === null;
  const kind = wish.asked ?? (isOpen ? await wish.choose(usual) : usual);
  const obstacle = kind === 'compose' ? ofCompose : ofEmbedded;
  if (obstacle !== null) throw refused(kind, inside.devContainer.name, obstacle);
  if (kind === 'compose') {
    const { text, reasons, file } = await addComposeDatabase({ ...wish, devContainer: inside.devContainer, planned });
    const isForced = variantOf(inside.devContainer.properties) !== 'compose' && ofEmbedded !== null;
    const note = `The database is a service of compose, since the PostgreSQL that devsetup runs cannot be it: ${ofEmbedded ?? ''}.`;
    return { text, reasons, files: [file], problems: [], notes: isForced ? [note] : [] };
  }
  const called = callEmbedded(planned, inside.followed);
  const hasUser = /^\s*USER\s+(?!root\b|0\b)/im.test(inside.dockerfile);
  const kept = keepData(called, inside.devContainer.properties, { image: inside.image, hasUser });
  const problem = `A script that the hooks of ${inside.devContainer.name} run calls devsetup without --db embedded, so it would look for the database of the settings: add the flag there.`;
  return {
    ...kept,
    files: [],
    problems: called.isComplete ? [] : [problem],
    notes: kept.note === null ? [] : [kept.note],
  };
};

const embeddedObstacle = ({ settings }: DatabaseWish, { devContainer, image }: Inside): string | null => {
  const { host } = settings;
  if (usesFeature(devContainer.properties))
    return 'the Feature devsetup brings its own hooks, which use the database of the settings';
  if (image !== null && /alpine/.test(image)) return `PostgreSQL's programs from npm do not run on ${image}`;
  if (host === null || (host.variable !== null && host.literals.user === undefined)) return null;
  return `${host.place} sets ${host.variable === null ? `the host \`${host.value ?? ''}\`` : 'the user'} of the database itself`;
};

const refused = (kind: DatabaseKind, name: string, why: string): Error =>
  usageError({
    code: 'INIT_OPTION_INVALID',
    message: `${name} cannot get its database by --database ${kind}: ${why}.`,
    hint: `Type \`npx devsetup init --database ${kind === 'compose' ? 'embedded' : 'compose'}\`, or omit --database.`,
  });
