import { evaluateLine } from '../../config/evaluate-line.ts';
import { readEnvFiles } from '../../config/read-env-files.ts';
import { hasVariables, substitute } from '../../devcontainer/substitute.ts';
import { shown } from '../../project/files.ts';
import { isOpen } from '../../project/compose/interpolate.ts';
import type { ComposeServiceModel } from '../../project/compose/compose-project.ts';
import type { DevContainer } from '../../devcontainer/dev-container.ts';
import type { ComposeSide } from './open-dev-container.ts';

/** A variable of a container; `value` is null where it is known only outside. */
export interface ContainerVariable {
  readonly value: string | null;
  /** Where it is set, for messages. */
  readonly from: string;
}

export type ContainerVariables = ReadonlyMap<string, ContainerVariable>;

/** What a service's env files and `environment` set, the latter the stronger. */
export const serviceEnvironment = async (service: ComposeServiceModel, root: string): Promise<ContainerVariables> => {
  const variables = new Map<string, ContainerVariable>();
  // Read one by one: the last file is the strongest.
  for (const file of service.envFiles) {
    const { layers } = readEnvFiles([file]);
    for (const [name, line] of layers.flatMap((layer) => [...layer.variables])) {
      const value = evaluateLine(line, (other) => variables.get(other)?.value ?? undefined);
      variables.set(name, known(value, shown(root, file)));
    }
  }
  for (const [name, value] of Object.entries(service.environment)) {
    variables.set(name, known(value, `the service ${service.name}`));
  }
  return variables;
};

/** What commands in the dev container see: the service's variables, over them `containerEnv`, over both `remoteEnv`. */
export const appEnvironment = async (
  { devContainer, app }: Pick<ComposeSide, 'devContainer' | 'app'>,
  root: string,
): Promise<ContainerVariables> => withOwnVariables(await serviceEnvironment(app, root), devContainer, root);

/** The variables of a container, with those that devcontainer.json sets over them. */
export const withOwnVariables = (
  given: ContainerVariables,
  devContainer: Pick<DevContainer, 'properties'>,
  root: string,
): ContainerVariables => {
  const variables = new Map(given);
  for (const property of ['containerEnv', 'remoteEnv'] as const) {
    for (const [name, value] of Object.entries(devContainer.properties[property] ?? {})) {
      if (value === null) variables.delete(name);
      else variables.set(name, known(substitute(String(value), { root }), property));
    }
  }
  return variables;
};

const known = (value: string | null, from: string): ContainerVariable => ({
  value: value === null || isOpen(value) || hasVariables(value) ? null : value,
  from,
});
