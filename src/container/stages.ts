/** A part of a dev container's start that takes time. */
export interface Stage {
  readonly id: string;
  readonly title: string;
}

const BUILD: Stage = { id: 'build', title: 'Build' };
const START: Stage = { id: 'start', title: 'Start' };
/** devsetup asks the container how its last run ended. */
export const CHECK: Stage = { id: 'check', title: 'Check' };

const HOOKS: ReadonlyMap<string, string> = new Map([
  ['initializeCommand', 'Preparation'],
  ['onCreateCommand', 'Creation'],
  ['updateContentCommand', 'Dependencies'],
  ['postCreateCommand', 'Setup'],
  ['postStartCommand', 'After start'],
  ['postAttachCommand', 'After attaching'],
]);

export const stageOfHook = (hook: string): Stage | undefined => {
  const title = HOOKS.get(hook);
  return title === undefined ? undefined : { id: hook, title };
};

const DOCKER = /^Run: \S+ (build|buildx build|pull|run|start) /;
const COMPOSE = /^Run: \S*(?:docker-compose| compose) .* (build|up -d|start)(?: |$)/s;

/** Of a command line of docker or compose, as the dev container program logs it; undefined: one that only asks. */
export const stageOfCommand = (text: string): Stage | undefined => {
  const command = (DOCKER.exec(text) ?? COMPOSE.exec(text))?.[1];
  if (command === undefined) return undefined;
  return ['run', 'start', 'up -d'].includes(command) ? START : BUILD;
};
