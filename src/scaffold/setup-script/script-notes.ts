import type { SetupScript } from './setup-script.ts';

/** What a set-up without these scripts needs from its environment. */
export const scriptNotes = (scripts: readonly SetupScript[]): readonly string[] =>
  scripts.flatMap(({ file, takenOver, variables }) => {
    const superuser = takenOver.find(({ step }) => step === 'superuser');
    const others = variables.filter((name) => !OF_SCRIPTS.test(name) && !SUPERUSER.test(name));
    return [
      ...(superuser === undefined
        ? []
        : [
            `${file}:${superuser.line} creates a superuser. devsetup creates it only if DJANGO_SUPERUSER_USERNAME, DJANGO_SUPERUSER_EMAIL and DJANGO_SUPERUSER_PASSWORD are set, e.g. in .env or as secrets of the dev container.`,
          ]),
      ...(others.length === 0
        ? []
        : [
            `${file} sets ${listed(others)} for what it runs. devsetup does not read the script: set what Django needs in .env or in the dev container.`,
          ]),
    ];
  });

const SUPERUSER = /^DJANGO_SUPERUSER_/;

/** What scripts set for shells and installers. */
const OF_SCRIPTS =
  /^(?:PATH|HOME|SHELL|TERM|PS1|LANG|LC_\w+|DEBIAN_FRONTEND|PIP_\w+|POETRY_\w+|UV_\w+|NPM_\w+|NVM_\w+|PYENV_\w+|VIRTUAL_ENV|PYTHON(?:UNBUFFERED|DONTWRITEBYTECODE|WARNINGS)|PGPASSWORD)$/;

const listed = (names: readonly string[]): string =>
  names.length === 1 ? `${names[0]}` : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
