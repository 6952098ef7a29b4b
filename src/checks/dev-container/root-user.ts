import { defineCheck, problemsOr, type Place, type Problem } from '../../core/check.ts';
import type { DevContainer } from '../../devcontainer/dev-container.ts';
import { readDockerfile, stagesOf, type DockerfileStage } from '../../project/read-dockerfile.ts';
import { variantOf } from '../../devcontainer/property-table.ts';
import { findTextOf } from '../../project/files.ts';
import type { CheckContext } from '../context.ts';
import { buildOf } from '../../devcontainer/build-of.ts';
import { openDevContainer } from './open-dev-container.ts';

/** Nobody works as root: files would belong to root outside, and `.venv` and `node_modules` to root for everybody else. */
export const rootUser = defineCheck<CheckContext, 'devcontainer-root-user'>({
  id: 'devcontainer-user',
  group: 'dev-container',
  title: 'User of the dev container',
  findings: { 'devcontainer-root-user': 'warning' },
  run: async (context) => {
    const found = await openDevContainer(context);
    const build = buildOf(found);
    const text = build.dockerfile === null ? undefined : await findTextOf(build.dockerfile, { from: context.root });
    const stages = text === undefined ? [] : stagesOf(readDockerfile(text), build.target);
    const problem = judgeUser(found, { image: build.image, stages });
    return problemsOr(problem === null ? [] : [problem], 'not root, as far as the files say');
  },
});

export interface UserFacts {
  readonly image: string | null;
  /** What is built, its base last; [] without a Dockerfile. */
  readonly stages: readonly DockerfileStage[];
}

type Found = Pick<DevContainer, 'name' | 'properties' | 'compose' | 'service' | 'placeOf'>;

export const judgeUser = (found: Found, facts: UserFacts): Problem<'devcontainer-root-user'> | null => {
  const who = decideUser(found, facts);
  if (who === null || !/^(?:root|0)(?::.*)?$/.test(who.user)) return null;
  return {
    code: 'devcontainer-root-user',
    message: `Terminals and commands of the dev container run as root: ${who.because}.`,
    remedy: {
      text: 'Set remoteUser to a user of the image (vscode in the images of devcontainers, node in that of Node.js), or create one in the Dockerfile.',
      command: null,
    },
    place: who.place,
  };
};

interface Who {
  readonly user: string;
  readonly because: string;
  readonly place: Place;
}

/** The first that says it; null where nothing certain does. */
const decideUser = (found: Found, { image, stages }: UserFacts): Who | null => {
  const { properties, compose, service, name, placeOf } = found;
  const isCompose = variantOf(properties) === 'compose';
  for (const property of ['remoteUser', 'containerUser']) {
    const user = properties[property];
    if (typeof user === 'string') return { user, because: `${name} says ${property}`, place: placeOf([property]) };
  }
  const app = isCompose ? compose?.services.find((known) => known.name === service) : undefined;
  if (isCompose && app === undefined) return null;
  if (typeof app?.user === 'string') {
    return { user: app.user, because: `the service ${app.name} says user`, place: app.place };
  }
  const place = app?.place ?? placeOf(['image']);
  const set = stages.find(({ user }) => user !== null)?.user;
  if (typeof set === 'string') return { user: set, because: 'the last USER of the Dockerfile says so', place };
  const base = stages.at(-1)?.from ?? image;
  // Features can bring a user of their own.
  if (base === null || !RUNS_AS_ROOT.test(base) || Object.keys(properties['features'] ?? {}).length > 0) return null;
  return { user: 'root', because: `no remoteUser is set, and the image ${base} has no other user`, place };
};

/** Official images that are known to run as root. */
const RUNS_AS_ROOT = /^(?:docker\.io\/)?(?:library\/)?(?:python|node|debian|ubuntu|alpine)(?::[\w.-]+)?(?:@.*)?$/;
