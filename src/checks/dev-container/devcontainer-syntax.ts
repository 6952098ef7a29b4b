import { defineCheck, problemsOr } from '../../core/check.ts';
import type { DevContainerContext } from './open-dev-container.ts';

/** devcontainer.json is JSON with comments. Most tools forgive a missing comma and lose what comes after it. */
export const devcontainerSyntax = defineCheck<DevContainerContext, 'devcontainer-syntax'>({
  id: 'devcontainer-syntax',
  group: 'dev-container',
  title: 'devcontainer.json',
  findings: { 'devcontainer-syntax': 'error' },
  run: async (context) => {
    const { name, mistakes } = await context.devContainer();
    const [first, ...more] = mistakes;
    if (first === undefined) return problemsOr([], name);
    const { line, column } = first.place;
    return problemsOr(
      [
        {
          code: 'devcontainer-syntax',
          message: `${name} is not valid at line ${line}, column ${column}: ${first.message}.`,
          evidence: more
            .map(({ message, place }) => `line ${place.line}, column ${place.column}: ${message}`)
            .slice(0, 5),
          remedy: {
            text: 'Correct it there; comments and trailing commas are fine, everything else is as in JSON.',
            command: null,
          },
          place: first.place,
        },
      ],
      name,
    );
  },
});
