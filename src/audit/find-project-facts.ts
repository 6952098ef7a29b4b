import type { ProjectFacts } from './pipeline.ts';

/** Where Python projects say what they need, and Django projects which apps they are made of. */
const REQUIREMENTS =
  /(?:^|\/)(?:requirements[^/]*\.(?:txt|in)|requirements\/[^/]+\.(?:txt|in)|pyproject\.toml|Pipfile|setup\.(?:cfg|py)|environment\.ya?ml)$/;
const SETTINGS = /(?:^|\/)(?:settings[^/]*\.py|settings\/[^/]+\.py)$/;
/** As a requirement, an app or an import; a sentence about it, e.g. that it is not used, says nothing. */
const TENANTS =
  /^(?:(?:[^#\n]*["'])?[ \t]*(?:(?:from|import)[ \t]+)?(?:django[-_]tenants|django[-_]tenant[-_]schemas|django[-_]pgschemas|tenant_schemas)\b|[ \t]*-[ \t]+django-tenants[ \t]*(?:[=<>~!].*)?$)/im;

/** What a checkout says about its project, by the paths of its files; null where there are none but workflows. */
export const findProjectFacts = (
  files: readonly string[],
  readFile: (path: string) => string | undefined,
): ProjectFacts => {
  const own = files.filter((file) => !/(?:^|\/)\.github\//.test(file));
  if (own.length === 0) return { isDjango: null, hasTenants: null };
  const managePy = own.filter((file) => /(?:^|\/)manage\.py$/.test(file));
  const telling = own.filter((file) => REQUIREMENTS.test(file) || SETTINGS.test(file)).slice(0, 50);
  return {
    paths: own,
    isAtRoot: own.includes('manage.py'),
    isDjango: managePy.length > 0,
    djangoFolders: managePy.map((file) => file.replace(/\/?manage\.py$/, '')),
    hasTenants: telling.some((file) => TENANTS.test(readFile(file) ?? '')),
  };
};
