import { DevsetupError } from '../core/errors.ts';

/** Why the container engine cannot be used, of what `docker version` printed. */
export const engineProblem = (output: string, platform: string): DevsetupError => {
  const lines = output
    .trim()
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-5);
  if (/permission denied/i.test(output)) {
    return new DevsetupError({
      code: 'DOCKER_DENIED',
      message: 'This user may not use the container engine.',
      hint:
        platform === 'linux'
          ? 'sudo usermod --append --groups docker "$USER", then log out and in again; for this terminal alone: newgrp docker'
          : 'Start Docker Desktop as this user, then npx devsetup up.',
      output: lines,
    });
  }
  if (/context .*(not found|does not exist)/i.test(output)) {
    return new DevsetupError({
      code: 'DOCKER_CONTEXT',
      message: 'docker is set to an engine that is not there.',
      hint: 'docker context ls lists them, docker context use default takes the one of this machine; DOCKER_CONTEXT wins over both.',
      output: lines,
    });
  }
  return new DevsetupError({
    code: 'DOCKER_NOT_RUNNING',
    message: 'The container engine does not answer.',
    hint: `${START[platform] ?? START['other'] ?? ''} Without Docker: npx devsetup --db embedded`,
    output: lines,
  });
};

const START: Readonly<Record<string, string>> = {
  linux: 'Start it: sudo systemctl start docker (or start Docker Desktop).',
  darwin: 'Start it: open -a Docker.',
  other: 'Start Docker Desktop.',
};
