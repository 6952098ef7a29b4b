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

// Everything else is a mixture of its own in each of these.
defineLayouts(
  'dependencies, on both generations in turn',
  DEPENDENCIES.map((dependencies, index) => ({
    name: `dependencies: ${dependencies}`,
    layout: { dependencies, generation: index % 2 === 0 ? 'django 4.2' : 'django 5.2' },
  })),
);
