import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { findFreePort } from '../../../../src/postgres/free-port.ts';
import { runToSuccess } from '../../../e2e/support/run-program.ts';
import { findOnPath } from '../../../support/find-on-path.ts';
import { needs } from '../../../support/needs.ts';
import { until } from '../../../support/until.ts';

const SSHD = ['/usr/sbin/sshd', '/usr/bin/sshd'].find(existsSync);

export const needsSsh = needs(
  SSHD !== undefined && findOnPath('ssh') !== undefined,
  'OpenSSH is not installed: openssh-server, openssh-client',
);

export interface SshServer {
  readonly port: string;
  readonly user: string;
  /** As known_hosts has it. */
  readonly knownHosts: string;
  /** A private key that it accepts. */
  readonly key: string;
  /** One that it does not know. */
  readonly otherKey: string;
  /** The key of another host. */
  readonly otherHost: string;
  stop(): Promise<void>;
}

/** A real sshd for this user on a port of its own. Commands start in `home`, with the variables that are given. */
export const startSsh = async (home: string, env: Readonly<Record<string, string>>): Promise<SshServer> => {
  const folder = path.join(home, 'ssh');
  await mkdir(folder);
  const at = (name: string): string => path.join(folder, name);
  for (const name of ['host', 'user', 'other'])
    await runToSuccess('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', at(name)], { cwd: folder });
  const port = String(await findFreePort());
  const variables = Object.entries(env).map(([name, value]) => `export ${name}='${value}'\n`);
  await writeFile(at('start.sh'), `${variables.join('')}cd '${home}' && exec sh -c "$SSH_ORIGINAL_COMMAND"\n`);
  const lines = {
    Port: port,
    ListenAddress: '127.0.0.1',
    HostKey: at('host'),
    PidFile: 'none',
    AuthorizedKeysFile: at('user.pub'),
    StrictModes: 'no',
    UsePAM: 'no',
    PasswordAuthentication: 'no',
    KbdInteractiveAuthentication: 'no',
    ForceCommand: `sh ${at('start.sh')}`,
  };
  await writeFile(
    at('config'),
    Object.entries(lines)
      .map(([name, value]) => `${name} ${value}\n`)
      .join(''),
  );
  // As root it asks for this folder, which a service would have made.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true });
  let said = '';
  const child = spawn(SSHD ?? '', ['-D', '-e', '-f', at('config')], { stdio: ['ignore', 'ignore', 'pipe'] });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const exited = new Promise((resolve) => child.once('exit', resolve));
  await until('sshd listens', () => {
    if (child.exitCode !== null) throw new Error(`sshd has ended: ${said}`);
    return Promise.resolve(said.includes(`Server listening on 127.0.0.1 port ${port}`));
  });
  const hostOf = async (name: string): Promise<string> =>
    `[127.0.0.1]:${port} ${(await readFile(at(`${name}.pub`), 'utf8')).trim()}`;
  return {
    port,
    user: os.userInfo().username,
    knownHosts: await hostOf('host'),
    key: (await readFile(at('user'), 'utf8')).trimEnd(),
    otherKey: (await readFile(at('other'), 'utf8')).trimEnd(),
    otherHost: await hostOf('other'),
    stop: async () => {
      child.kill();
      await exited;
    },
  };
};
