import { describe, expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';

describe('a tag that is not known', () => {
  const caller = (image: string): string =>
    `on: { workflow_dispatch: { inputs: { tag: { required: true, type: string } } } }\njobs:\n  call:\n    uses: ./.github/workflows/ship.yml\n    with: { image: ${image}, tag: '\${{ inputs.tag }}' }\n`;
  const called =
    'on: { workflow_call: { inputs: { image: { type: string, required: true }, tag: { type: string, required: true } } } }\njobs:\n  ship:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: kubectl set image deployment/web web=registry.example/${{ inputs.image }}:${{ inputs.tag }}\n';

  it('is reported once at a place of a called workflow, whatever its callers give it', () => {
    const texts = { 'dev.yml': caller('shop-dev'), 'prod.yml': caller('shop-prod'), 'ship.yml': called };
    expect(linesFound(texts, 'image/unresolved-tag')).toEqual(['ship.yml:6']);
  });
});
