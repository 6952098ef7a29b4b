import { STAGE_WORDS } from './tag-words.ts';

/** A workflow's file name without environment and numbers: `11-dev-deployment.yml` and `13-prod-deployment.yml` are one family. */
export const familyOf = (file: string): string => {
  const slash = file.lastIndexOf('/') + 1;
  const words = file
    .slice(slash)
    .replace(/\.ya?ml$/, '')
    .toLowerCase()
    .split(/[-_. ]+/)
    .filter((word) => !STAGE_WORDS.has(word) && !/^\d+$/.test(word));
  return file.slice(0, slash) + words.join('-');
};
