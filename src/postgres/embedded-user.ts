import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** Whom the server runs as; {} when that is simply the current user. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

const NOBODY = 65_534;

/** PostgreSQL refuses to run as root: then it runs as `postgres` where that user exists, else as `nobody`. */
export const findServerUser = async (): Promise<Required<ServerUser> | Record<string, never>> => {
  if (process.getuid?.() !== 0) return {};
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  return parseUser(passwd, 'postgres') ?? parseUser(passwd, 'nobody') ?? { uid: NOBODY, gid: NOBODY };
};

const parseUser = (passwd: string, name: string): Required<ServerUser> | null => {
  const [, , uid, gid] =
    passwd
      .split('\n')
      .find((line) => line.startsWith(`${name}:`))
      ?.split(':') ?? [];
  return uid === undefined || gid === undefined || Number(uid) === 0 ? null : { uid: Number(uid), gid: Number(gid) };
};

/** Asks the system, as that user, because modes, groups and access lists decide together. */
export const canReachAs =
  (user: ServerUser) =>
  (directory: string): boolean =>
    user.uid === undefined ||
    spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', directory], {
      ...user,
      stdio: 'ignore',
    }).status === 0;
