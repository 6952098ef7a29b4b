import {
  chmod,
  cp,
  lstat,
  mkdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';

/** Changes to files, each with its way back. */
export interface Undoable {
  /** Another content. */
  edit(file: string, text?: string): Promise<void>;
  /** Another content of the same size in the same file, and the time of the last change set back: what no backup tool would notice. */
  editUnseen(file: string): Promise<void>;
  /** A new file, with the folders it needs. */
  create(file: string, text?: string): Promise<void>;
  createFolder(folder: string): Promise<void>;
  createLink(target: string, file: string): Promise<void>;
  remove(file: string): Promise<void>;
  move(from: string, to: string): Promise<void>;
  relink(file: string, target: string): Promise<void>;
  setMode(file: string, mode: number): Promise<void>;
  /** Anything else. */
  call(make: () => Promise<unknown>, back: () => Promise<unknown>): Promise<void>;
  undo(): Promise<void>;
}

export const undoable = (): Undoable => {
  const backs: (() => Promise<unknown>)[] = [];
  const call: Undoable['call'] = async (make, back) => {
    backs.push(back);
    await make();
  };
  /** The uppermost folder on the way to this file that is not there yet, or the file itself. */
  const firstNew = async (file: string): Promise<string> => {
    const folder = path.dirname(file);
    return (await isThere(folder)) ? file : firstNew(folder);
  };
  const creating = async (file: string, make: () => Promise<unknown>): Promise<void> => {
    const top = await firstNew(file);
    await call(
      async () => {
        await mkdir(path.dirname(file), { recursive: true });
        await make();
      },
      () => rm(top, { recursive: true, force: true }),
    );
  };
  return {
    edit: async (file, text) => {
      const before = await readFile(file);
      await call(
        () => writeFile(file, text ?? `${before}\n`),
        () => writeFile(file, before),
      );
    },
    editUnseen: async (file) => {
      const [before, { atime, mtime }] = [await readFile(file), await stat(file)];
      const after = Buffer.from(before);
      after[0] = (after[0] ?? 0) ^ 1;
      await call(
        async () => {
          await writeFile(file, after);
          await utimes(file, atime, mtime);
        },
        () => writeFile(file, before),
      );
    },
    create: (file, text = '') => creating(file, () => writeFile(file, text)),
    createFolder: (folder) => creating(folder, () => mkdir(folder)),
    createLink: (target, file) => creating(file, () => symlink(target, file)),
    remove: async (file) => {
      const aside = `${path.join('/tmp', path.basename(file))}.${process.pid}.aside`;
      await call(
        async () => {
          await cp(file, aside, { recursive: true, verbatimSymlinks: true });
          await rm(file, { recursive: true });
        },
        async () => {
          await cp(aside, file, { recursive: true, verbatimSymlinks: true });
          await rm(aside, { recursive: true });
        },
      );
    },
    move: (from, to) =>
      call(
        () => rename(from, to),
        () => rename(to, from),
      ),
    relink: async (file, target) => {
      const before = await readlink(file);
      const link = async (to: string): Promise<void> => {
        await rm(file);
        await symlink(to, file);
      };
      await call(
        () => link(target),
        () => link(before),
      );
    },
    setMode: async (file, mode) => {
      const before = (await lstat(file)).mode;
      await call(
        () => chmod(file, mode),
        () => chmod(file, before),
      );
    },
    call,
    undo: async () => {
      for (const back of backs.splice(0).reverse()) await back();
    },
  };
};

const isThere = async (file: string): Promise<boolean> =>
  lstat(file).then(
    () => true,
    () => false, // That is the question.
  );
