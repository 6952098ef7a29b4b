import { defineCheck, problemsOr } from '../../core/check.ts';
import { judgeProperties, type PropertyCode } from './judge-properties.ts';
import { openDevContainer, type DevContainerContext } from './open-dev-container.ts';

/** Every property is one of the specification, of its type, and at a place where it has an effect. */
export const devcontainerProperties = defineCheck<DevContainerContext, PropertyCode>({
  id: 'devcontainer-properties',
  group: 'dev-container',
  title: 'Properties of devcontainer.json',
  findings: {
    'devcontainer-unknown-property': 'warning',
    'devcontainer-misplaced-property': 'warning',
    'devcontainer-property-type': 'error',
    'devcontainer-repeated-property': 'warning',
    'devcontainer-ignored-property': 'warning',
  },
  run: async (context) => {
    const found = await openDevContainer(context);
    return problemsOr(judgeProperties(found), `${Object.keys(found.properties).length} properties`);
  },
});
