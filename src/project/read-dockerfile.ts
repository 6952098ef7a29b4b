/** One stage of a Dockerfile. */
export interface DockerfileStage {
  readonly name: string | null;
  /** As written, with the defaults of `ARG`s before the first stage filled in; another stage's name stays a name. */
  readonly from: string;
  /** The last USER in it; null: none. */
  readonly user: string | null;
  readonly line: number;
}

/** The stages of a Dockerfile in order. `args`: what it is built with, by name. */
export const readDockerfile = (
  text: string,
  args: Readonly<Record<string, string>> = {},
): readonly DockerfileStage[] => {
  const stages: DockerfileStage[] = [];
  const defaults = new Map<string, string>();
  text.split(/\r?\n/).forEach((written, index) => {
    const [, instruction = '', rest = ''] = /^\s*([a-z]+)\s+(.+?)\s*$/i.exec(written) ?? [];
    const fill = (value: string): string =>
      value.replaceAll(
        /\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))/g,
        (all, braced?: string, word?: string, plain?: string) => defaults.get(braced ?? plain ?? '') ?? word ?? all,
      );
    switch (instruction.toUpperCase()) {
      case 'ARG': {
        const [, name = '', value] = /^(\w+)(?:=["']?([^"']*)["']?)?/.exec(rest) ?? [];
        const given = args[name] ?? value;
        if (stages.length === 0 && given !== undefined) defaults.set(name, fill(given));
        break;
      }
      case 'FROM': {
        const [, from = '', name] = /^(?:--\S+\s+)*(\S+)(?:\s+as\s+(\S+))?/i.exec(rest) ?? [];
        stages.push({ name: name ?? null, from: fill(from), user: null, line: index + 1 });
        break;
      }
      case 'USER': {
        const last = stages.pop();
        if (last !== undefined) stages.push({ ...last, user: rest });
        break;
      }
      default:
    }
  });
  return stages;
};

/** The stage that is built, and those it is based on, the base last. */
export const stagesOf = (stages: readonly DockerfileStage[], target: string | null): readonly DockerfileStage[] => {
  const chain: DockerfileStage[] = [];
  let next = target === null ? stages.at(-1) : stages.find(({ name }) => sameName(name, target));
  while (next !== undefined && !chain.includes(next)) {
    const { from } = next;
    chain.push(next);
    next = stages.find(({ name }) => sameName(name, from));
  }
  return chain;
};

const sameName = (name: string | null, other: string): boolean => name?.toLowerCase() === other.toLowerCase();
