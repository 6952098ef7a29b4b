import type { Audit, AuditedStep } from '../pipeline.ts';

/** What may migrate on Heroku besides a Procfile: hooks of its Python buildpack, another description of the app. */
const OTHERS = ['bin/post_compile', 'bin/pre_compile', 'heroku.yml', 'app.json', 'package.json', 'Makefile'];

/** Whether the Procfile of a folder names everything that Heroku runs for it: it has no release phase, and nothing in it migrates. */
const saysAll = (folder: string, { readFile }: Pick<Audit, 'readFile'>): boolean => {
  const read = (name: string): string | undefined => readFile(folder === '' ? name : `${folder}/${name}`);
  const procfile = read('Procfile');
  if (procfile === undefined || !/^web:/m.test(procfile) || MIGRATES.test(procfile)) return false;
  return !/^release:/m.test(procfile) && !OTHERS.some((name) => MIGRATES.test(read(name) ?? ''));
};

const MIGRATES = /^[^#\n]*migrat/im;

/** An action that pushes a folder of the checkout to Heroku. */
export const isKnownHeroku = ({ action, with: given }: AuditedStep, around: Pick<Audit, 'readFile'>): boolean => {
  if (action !== 'akhileshns/heroku-deploy') return false;
  const said = (name: string): string => given.get(name)?.value.trim() ?? '';
  if (/^true$/i.test(said('usedocker')) || said('procfile') !== '') return false;
  const folder = said('appdir').replace(/^\.\/+|^\.$|\/+$/g, '');
  return saysAll(folder, around);
};

/** `git push heroku main`, also by its address. */
export const isKnownPush = (remote: string, around: Pick<Audit, 'readFile'>): boolean =>
  /^heroku$|@?git\.heroku\.com\//.test(remote) && saysAll('', around);
