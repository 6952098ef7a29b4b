import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

import { packPackage } from '../e2e/support/installed-package.ts';
import { cleanEnvironment, runToSuccess } from '../e2e/support/run-program.ts';

export interface PackageRegistry {
  /** Lets npm and npx of these variables find this package as if it were published. What they install is theirs alone. */
  readonly env: Readonly<Record<string, string>>;
  /** What npx has installed from it: npx asks again. */
  forget(): Promise<void>;
  close(): Promise<void>;
}

interface NpmSettings {
  readonly registry: string;
  readonly cache: string;
  readonly userconfig: string;
}

const readNpmSettings = async (cwd: string): Promise<NpmSettings> => {
  const { stdout } = await runToSuccess('npm', ['config', 'list', '--json'], { cwd, env: cleanEnvironment() });
  return JSON.parse(stdout) as NpmSettings;
};

/** The user's own settings, but that npx asks before it installs, as it does by default. */
const settingsThatAsk = async (file: string): Promise<string> =>
  existsSync(file) ? (await readFile(file, 'utf8')).replace(/^\s*yes\s*=.*$/gm, '') : '';

/** A registry that has this package as `npm pack` makes it, and sends npm to the registry of this machine for every other one. */
export const openPackageRegistry = async (work: string): Promise<PackageRegistry> => {
  const [{ tarball }, settings] = await Promise.all([packPackage(work), readNpmSettings(work)]);
  const bytes = await readFile(tarball);
  const manifest = JSON.parse(await readFile(path.resolve(import.meta.dirname, '../../package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  const server = createServer((request, response) => {
    const { url = '/', headers } = request;
    if (url.endsWith('.tgz') && url.startsWith(`/${manifest.name}/`)) {
      response.end(bytes);
    } else if (url === `/${manifest.name}`) {
      const dist = {
        tarball: `http://${headers.host ?? ''}/${manifest.name}/-/${path.basename(tarball)}`,
        integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
      };
      const { name, version } = manifest;
      const document = { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(document));
    } else {
      response.writeHead(307, { location: new URL(url.slice(1), settings.registry).href }).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // The packages of all others are taken from where npm keeps them; what npx installs lies apart.
  const own = path.join(work, 'npm');
  await mkdir(own);
  await mkdir(path.join(settings.cache, '_cacache'), { recursive: true });
  await symlink(path.join(settings.cache, '_cacache'), path.join(own, '_cacache'));
  const userconfig = path.join(work, 'npmrc');
  await writeFile(userconfig, await settingsThatAsk(settings.userconfig), { mode: 0o600 });
  return {
    env: {
      npm_config_userconfig: userconfig,
      npm_config_registry: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      npm_config_cache: own,
      npm_config_prefer_offline: 'true',
      npm_config_ignore_scripts: 'true',
      // Without it npx does not recognise what it has installed.
      npm_config_omit_lockfile_registry_resolved: 'false',
      npm_config_update_notifier: 'false',
    },
    forget: () => rm(path.join(own, '_npx'), { recursive: true, force: true }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
