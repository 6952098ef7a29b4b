import { findInterpreter } from '../../support/interpreters.ts';
import { defineLayouts } from '../../support/layouts/define-layouts.ts';
import type { Layout } from '../../support/layouts/layout.ts';

const DEPENDENCIES: readonly Layout['dependencies'][] = [
  'beside',
  'root',
  'elsewhere',
  'folder',
  'two files',
  'pyproject',
  'uv.lock',
  'poetry.lock',
  'Pipfile.lock',
  'pdm.lock',
  'poetry.lock and requirements',
  'none',
];

const GENERATIONS: readonly Layout['generation'][] = [
  'django 4.2',
  'django 5.2',
  ...(findInterpreter('3.13') === undefined ? [] : (['django 6.1'] as const)),
];

// Everything else is a mixture of its own in each of these.
defineLayouts(
  'dependencies, on each generation in turn',
  DEPENDENCIES.map((dependencies, index) => ({
    name: `dependencies: ${dependencies}`,
    layout: { dependencies, generation: GENERATIONS[index % GENERATIONS.length] ?? 'django 5.2' },
  })),
);
