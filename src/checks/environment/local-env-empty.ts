import { defineCheck, notApplicable, passed, type Problem } from '../../core/check.ts';
import { isInContainer, isInDevContainer } from '../../project/in-container.ts';
import type { CheckContext } from '../context.ts';
import { findSample } from './env-file/find-sample.ts';
import { readEnvVariables } from '../../config/read-env-lines.ts';
import {
  findEmptyVariables,
  findPassedVariables,
  type PassedVariable,
  type Standpoint,
} from './find-empty-local-env.ts';
import { lookIntoSettings } from './look-into-settings.ts';
import { ownVariables } from './own-variables.ts';

type Code = 'local-env-empty';

/** `${localEnv:X}` of devcontainer.json without a value: the variable arrives empty, and hides what `.env` says. */
export const localEnvEmpty = defineCheck<CheckContext, Code>({
  id: 'local-env-empty',
  group: 'environment',
  title: 'Variables from the host',
  findings: { 'local-env-empty': 'warning' },
  timeoutSeconds: 60,
  run: async (context) => {
    const { properties, placeOf, file } = await context.devContainer();
    const all = findPassedVariables(properties);
    if (all.length === 0) return notApplicable('devcontainer.json passes no variable of the host');
    const { environment, machine } = context;
    const isNeeded = await needs(context);
    const standpoint = await findStandpoint(context);
    const empty = findEmptyVariables(all, {
      standpoint,
      env: machine.env,
      isInFile: (name) => typeof environment.origin(name) === 'object',
      isNeeded,
    });
    if (empty.length === 0) return passed(all.map(({ name }) => name).join(', '));
    const layers = environment.layers.filter(({ variables }) => empty.some(({ name }) => variables.has(name)));
    return {
      kind: 'problems',
      problems: empty.map((variable) => ({
        ...problemOf(variable, standpoint),
        place: placeOf(variable.path),
        evidence: [
          `${file.slice(context.root.length + 1)}: ${variable.path.join('.')}`,
          ...layers
            .filter(({ variables }) => variables.has(variable.name))
            .map((layer) => `the value in ${layer.file.slice(context.root.length + 1)} is hidden by the empty one`),
        ],
      })),
    };
  },
});

const problemOf = ({ name, sources }: PassedVariable, standpoint: Standpoint): Problem<Code> => {
  const hosts = sources.join(' and ');
  return {
    code: 'local-env-empty',
    message:
      standpoint === 'host'
        ? `${name} will be empty in the dev container: ${hosts} is not set on this machine.`
        : `${name} is empty: the machine the dev container was started on has no ${hosts}.`,
    remedy: {
      text: `Set ${hosts} where the container is started (in Codespaces as a secret), then rebuild it; or take ${name} out of devcontainer.json.`,
      command: null,
    },
  };
};

/** Asked for by the settings (unless they can do without), by devsetup, or listed in the sample with a value. */
const needs = async (context: CheckContext): Promise<(name: string) => boolean> => {
  const { scan } = await lookIntoSettings(context);
  const { root, backend, config } = context;
  const sample = await findSample([...(backend === null ? [] : [backend.directory]), root]);
  const listed = readEnvVariables(sample?.text ?? '');
  const own = new Set(ownVariables(config.database.urlVariable));
  return (name) => {
    const lookups = scan?.lookups.filter((lookup) => lookup.name === name) ?? [];
    if (lookups.length > 0) return lookups.every(({ otherwise }) => otherwise !== 'optional');
    return own.has(name) || (listed.get(name)?.value ?? '') !== '';
  };
};

const findStandpoint = async ({ machine, findProgram }: CheckContext): Promise<Standpoint> => {
  const { env } = machine;
  if (isInDevContainer(env)) return 'dev-container';
  if (isInContainer(env)) return 'container';
  const engines = await Promise.all([findProgram('docker'), findProgram('podman')]);
  return engines.every((program) => program === null) ? 'elsewhere' : 'host';
};
