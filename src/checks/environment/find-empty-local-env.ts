/** A variable of the container that is filled from the host. */
export interface PassedVariable {
  /** Its name in the container. */
  readonly name: string;
  /** Host variables it is made of; all of them without a default. */
  readonly sources: readonly string[];
  /** Where devcontainer.json says so. */
  readonly path: readonly (string | number)[];
}

const REFERENCE = /\$\{localEnv:([^}:]+)(:[^}]*)?\}/g;

/** What devcontainer.json passes from the host into the container and gives no default. */
export const findPassedVariables = (properties: Readonly<Record<string, unknown>>): readonly PassedVariable[] => {
  const ofTables = ['containerEnv', 'remoteEnv'].flatMap((property) =>
    Object.entries(properties[property] ?? {}).map(([name, value]) => ({ name, value, path: [property, name] })),
  );
  const args: unknown = properties['runArgs'];
  const ofArguments = (Array.isArray(args) ? (args as readonly unknown[]) : []).flatMap((arg, index, all) => {
    const before = all[index - 1];
    const text = before === '-e' || before === '--env' ? arg : undefined;
    const joined = typeof arg === 'string' ? /^(?:--env=|-e=?)(.+)$/s.exec(arg)?.[1] : undefined;
    const [, name, value] = /^(\w+)=(.*)$/s.exec(String(text ?? joined ?? '')) ?? [];
    return name === undefined ? [] : [{ name, value, path: ['runArgs', index] }];
  });
  return [...ofTables, ...ofArguments].flatMap(({ name, value, path }) => {
    const sources = typeof value === 'string' ? sourcesOf(value) : [];
    return sources.length === 0 ? [] : [{ name, sources, path }];
  });
};

/** Only of values that consist of nothing else: what has a fixed part or a default is never empty. */
const sourcesOf = (value: string): readonly string[] => {
  const references = [...value.matchAll(REFERENCE)];
  const isAll = value.replaceAll(REFERENCE, '') === '';
  return isAll && references.every(([, , fallback]) => fallback === undefined)
    ? references.map(([, name = '']) => name)
    : [];
};

/**
 * Where this runs. In a dev container the outcome is seen; in another container it may be; on the host only what the next container
 * will get. `elsewhere`: nobody starts containers here.
 */
export type Standpoint = 'dev-container' | 'container' | 'host' | 'elsewhere';

export interface EmptyFacts {
  readonly standpoint: Standpoint;
  /** The environment of the process. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Set by an env file. */
  readonly isInFile: (name: string) => boolean;
  /** Somebody asks for it, and an empty value is none. */
  readonly isNeeded: (name: string) => boolean;
}

/** Those that are needed and arrive empty. */
export const findEmptyVariables = (
  passed: readonly PassedVariable[],
  { standpoint, env, isInFile, isNeeded }: EmptyFacts,
): readonly PassedVariable[] =>
  passed.filter(({ name, sources }) => {
    if (!isNeeded(name)) return false;
    switch (standpoint) {
      case 'dev-container':
        return env[name] === '' || (env[name] === undefined && !isInFile(name));
      case 'container':
        return env[name] === '';
      case 'host':
        return sources.every((source) => (env[source] ?? '') === '');
      case 'elsewhere':
        return false;
    }
  });
