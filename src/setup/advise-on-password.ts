import path from 'node:path';

import { findPasswordSource } from '../cache/find-password.ts';
import { DevsetupError } from '../core/errors.ts';
import { SILENT } from '../core/step.ts';
import { serviceOf } from '../postgres/compose-hint.ts';
import { passwordHint } from '../postgres/server-problem.ts';
import { describeTarget, type DatabaseTarget } from '../postgres/target.ts';
import { readComposeProject } from '../project/compose/compose-project.ts';
import { findComposeFiles } from '../project/compose-services.ts';
import { findPasswordSetting } from '../project/find-settings-line.ts';
import { variableOfDevContainer } from '../project/settings-module-remedy.ts';
import type { SetupContext } from '../steps/context.ts';

/** A server that refuses the password: where that password is written, and why a compose service may have another one. */
export const adviseOnPassword = async (failure: DevsetupError, context: SetupContext): Promise<DevsetupError> => {
  const places = await context.databases(SILENT);
  const target = places.find((place) => failure.message.includes(describeTarget(place.target)))?.target;
  if (target === undefined) return failure;
  const hint = passwordHint(target, {
    source: await sourceOf(target, context),
    service: serviceOf(target, await context.composeServices())?.name,
  });
  const { code, message, exitCode, output, data, cause } = failure;
  return new DevsetupError({ code, message, hint, exitCode, output, data, cause });
};

/** The variable with its file and line, else the line of the settings; undefined: it comes from elsewhere. */
const sourceOf = async (target: DatabaseTarget, context: SetupContext): Promise<string | undefined> => {
  const { environment, project } = context;
  const env = environment.asRecord();
  // A user or a database may be named like the password.
  const likely = Object.entries(env).filter(([name, value]) => value.includes('://') || /PASS|PWD|SECRET/i.test(name));
  const known = findPasswordSource(target.password, Object.fromEntries(likely));
  // Readers of env files differ in where a value ends; on its line it stands in any case.
  const read = [...environment.fromFiles.values()].find(
    ({ name, text }) => likely.some(([other]) => other === name) && text.includes(target.password),
  );
  const source = known !== null && known.kind !== 'none' ? known : target.password === '' ? undefined : read;
  if (source === undefined) {
    const { settingsModule } = (await context.django(SILENT)).description;
    return findPasswordSetting(project, target.password, settingsModule);
  }
  const line = environment.fromFiles.get(source.name);
  const origin = environment.origin(source.name);
  if (line !== undefined && typeof origin === 'object')
    return `${source.name} in ${path.relative(project.root, origin.file)}:${line.line}`;
  const given = await setterOf(source.name, env[source.name] ?? '', context);
  return given === undefined ? `${source.name} in the environment` : `${source.name}, which ${given} sets`;
};

/** What gives a variable of the environment to a dev container: its configuration, or the compose service that it is. */
const setterOf = async (name: string, value: string, { project }: SetupContext): Promise<string | undefined> => {
  const { root, backend } = project;
  const given = await variableOfDevContainer(root, name);
  if (given?.value === value) return given.source;
  const files = await findComposeFiles({ root, backendDirectory: backend.directory });
  const { services } = await readComposeProject({ root, files });
  const service = services.find(({ environment }) => environment[name] === value);
  return service === undefined ? undefined : `the compose service ${service.name} (${service.place.file})`;
};
