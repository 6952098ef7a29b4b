import path from 'node:path';
import { requirementKind, type RequirementKind } from './requirement-files.ts';

export interface RequirementFile {
  readonly file: string;
  /** The files it includes, directly or not. */
  readonly includes: readonly string[];
  /** Django is in it or in a file it includes. */
  readonly mentionsDjango: boolean;
}

export interface RequirementChoice {
  readonly files: readonly string[];
  readonly reason: string;
}

/** `development` before `dev` before `local`: the more a name says, the surer it is. */
const byLikelihood = (a: RequirementFile, b: RequirementFile): number =>
  Number(b.mentionsDjango) - Number(a.mentionsDjango) ||
  likelihood(a.file) - likelihood(b.file) ||
  a.file.length - b.file.length ||
  (a.file < b.file ? -1 : 1);

const likelihood = (file: string): number => {
  const index = ['development', 'dev', 'local'].findIndex((word) => path.basename(file).toLowerCase().includes(word));
  return index === -1 ? 3 : index;
};

/**
 * Among the requirement files of one place: the development file, alone where it includes a base file, else with the base file
 * before it. Without one: base, then production, then whatever names Django. devsetup sets up development machines; in a pipeline
 * dependencies are there already.
 */
export const chooseRequirementFiles = (files: readonly RequirementFile[]): RequirementChoice | undefined => {
  const of = (kind: RequirementKind): readonly RequirementFile[] =>
    files.filter(({ file }) => requirementKind(file) === kind).toSorted(byLikelihood);
  const name = ({ file }: RequirementFile): string => path.basename(file);
  const bases = of('base');
  const [development] = of('development');
  if (development !== undefined) {
    const included = bases.find(({ file }) => development.includes.includes(file));
    if (included !== undefined) {
      return {
        files: [development.file],
        reason: `${name(development)} is for development and includes ${name(included)}`,
      };
    }
    const beside = bases.filter(({ file }) => path.dirname(file) === path.dirname(development.file));
    const base = (beside.length > 0 ? beside : bases).find(({ includes }) => !includes.includes(development.file));
    if (base === undefined) return { files: [development.file], reason: `${name(development)} is for development` };
    return { files: [base.file, development.file], reason: `${name(base)}, then ${name(development)} for development` };
  }
  const [only] = [bases, of('production'), of('other'), of('test')].flat().toSorted((a, b) => {
    return Number(b.mentionsDjango) - Number(a.mentionsDjango);
  });
  return only && { files: [only.file], reason: `${name(only)}; there is no file for development` };
};
