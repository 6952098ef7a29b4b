import { copyFile, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

import { copySample } from '../../../src/demo/copy-sample.ts';
import { PYTHON_IMAGE } from '../../containers/support/base-images.ts';
import { docker } from '../../containers/support/docker.ts';
import { REPOSITORY } from '../../e2e/support/installed-package.ts';
import { cleanEnvironment, runToSuccess } from '../../e2e/support/run-program.ts';
import { query } from '../../support/postgres.ts';
import { runPush, type ActRun } from './act.ts';
import { sudo, type Rig } from './rig.ts';

const DOCKERFILE = `FROM ${PYTHON_IMAGE}
USER root
WORKDIR /app
COPY requirements.txt .
RUN python3 -m venv /venv && /venv/bin/pip install --quiet --requirement requirements.txt
COPY . .
HEALTHCHECK --interval=1s --retries=60 CMD ["curl", "--fail", "--silent", "http://localhost:8000/"]
CMD ["/venv/bin/python", "manage.py", "runserver", "--noreload", "0.0.0.0:8000"]
`;
/** Of the site on the server. */
const PORT = 8000;

/** A repository with Django whose pipeline `devsetup init --workflows` has written, and the place it deploys to. */
export interface Shop {
  readonly folder: string;
  /** The commit of the pipeline. */
  readonly head: string;
  readonly database: string;
  readonly site: string;
  /** Everything that must not stand in a log. */
  readonly secrets: Readonly<Record<string, string>>;
  commit(message: string): Promise<string>;
  /** Runs the workflow of dev for the commit that is checked out. */
  push(): Promise<ActRun>;
  /** What the server's docker prints. */
  onServer(...args: readonly string[]): Promise<string>;
  /** Tag → digest, in the registry. */
  tags(): Promise<ReadonlyMap<string, string>>;
}

export const createShop = async (name: string, rig: Rig): Promise<Shop> => {
  const folder = path.join(rig.folder, name);
  const environment = cleanEnvironment({ GIT_CONFIG_GLOBAL: '/dev/null' });
  const git = async (...args: readonly string[]): Promise<string> =>
    (await runToSuccess('git', args, { cwd: folder, env: environment })).stdout.trim();
  const commit = async (message: string): Promise<string> => {
    await git('add', '.');
    await git('-c', 'user.name=Test', '-c', 'user.email=test@example.org', 'commit', '--quiet', '--message', message);
    return git('rev-parse', 'HEAD');
  };

  await copySample(path.join(REPOSITORY, 'templates/demo'), folder);
  await writeFile(path.join(folder, 'backend/Dockerfile'), DOCKERFILE);
  await copyFile(rig.tarball, path.join(folder, path.basename(rig.tarball)));
  await git('init', '--quiet', '--initial-branch', 'main');
  await git('remote', 'add', 'origin', 'https://github.com/acme/shop.git');
  await commit('A shop');
  const init = ['init', '--workflows', '--yes', '--no-frontend', '--dev-branch', 'main', '--deploy', 'ssh'];
  const places = ['--registry', rig.registry.host, '--backend-image', `acme/${name}`];
  const cli = path.join(REPOSITORY, 'dist/cli.js');
  const spec = `./${path.basename(rig.tarball)}`;
  await runToSuccess(process.execPath, [cli, ...init, ...places, '--package', spec], { cwd: folder, env: environment });
  const head = await commit('The pipeline');

  const { database: server } = rig;
  await query(server.admin, `CREATE DATABASE ${name} OWNER ${server.user}`);
  const database = new URL(server.admin);
  database.pathname = `/${name}`;
  const address = `postgresql://${server.user}:${server.password}@${server.host}:5432/${name}`;
  await provideServer(rig, address);

  const secrets = {
    DATABASE_URL: address,
    REGISTRY_TOKEN: rig.registry.token,
    DEPLOY_SSH_KEY: rig.server.key,
    GITHUB_TOKEN: 'of-the-run-4711',
  };
  const variables = {
    REGISTRY_USERNAME: rig.registry.user,
    DEPLOY_HOST: rig.server.host,
    DEPLOY_PORT: String(rig.server.port),
    DEPLOY_USER: rig.server.user,
    DEPLOY_KNOWN_HOSTS: rig.server.knownHosts,
  };
  const workflow = '11-dev-deployment.yml';
  return {
    folder,
    head,
    database: database.href,
    site: `http://${rig.server.host}:${String(PORT)}/`,
    secrets,
    commit,
    push: async () => {
      const workflows = path.join(folder, '.github/workflows');
      const texts = await Promise.all(
        (await readdir(workflows)).map((file) => readFile(path.join(workflows, file), 'utf8')),
      );
      return runPush({
        folder,
        workflow,
        texts,
        secrets,
        variables,
        environment: { BUILDKIT_PROGRESS: 'plain' },
      });
    },
    onServer: (...args) => docker('--host', `unix://${rig.server.socket}`, ...args),
    tags: () => tagsOf(rig, `acme/${name}`),
  };
};

/** What the owner of a server puts there before the first deployment. */
const provideServer = async ({ server }: Rig, database: string): Promise<void> => {
  const folder = path.join(server.home, 'deployment');
  await mkdir(folder, { recursive: true });
  await writeFile(
    path.join(folder, 'backend.env'),
    `SECRET_KEY=of-the-application-4711\nALLOWED_HOSTS=*\nDATABASE_URL=${database}\n`,
  );
  await writeFile(path.join(folder, 'backend.options'), `--publish=${String(PORT)}:8000\n`);
  await sudo(['chown', '-R', '4711:4711', folder]);
};

const tagsOf = async ({ registry }: Rig, image: string): Promise<ReadonlyMap<string, string>> => {
  const authorization = `Basic ${Buffer.from(`${registry.user}:${registry.token}`).toString('base64')}`;
  const accept =
    'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';
  const ask = (what: string): Promise<Response> =>
    fetch(`http://${registry.host}/v2/${image}/${what}`, { headers: { authorization, accept } });
  const { tags } = (await (await ask('tags/list')).json()) as { tags: readonly string[] };
  const digests = tags.map(
    async (tag) => [tag, (await ask(`manifests/${tag}`)).headers.get('docker-content-digest') ?? ''] as const,
  );
  return new Map(await Promise.all(digests));
};
