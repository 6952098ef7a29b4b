import path from 'node:path';

import type { ComposeServiceModel } from '../project/compose/compose-project.ts';
import type { DevContainer } from './dev-container.ts';
import { variantOf } from './property-table.ts';

/** What a dev container's image is made from: nulls where it is not known, or where there is none. */
export interface BuildOf {
  readonly image: string | null;
  /** Absolute. */
  readonly dockerfile: string | null;
  readonly target: string | null;
}

const NOTHING: BuildOf = { image: null, dockerfile: null, target: null };

export const buildOf = (found: Pick<DevContainer, 'file' | 'properties' | 'compose' | 'service'>): BuildOf => {
  const { file, properties, compose, service } = found;
  switch (variantOf(properties)) {
    case 'image':
      return { ...NOTHING, image: known(properties['image']) };
    case 'dockerfile': {
      const build = (properties['build'] ?? {}) as Readonly<Record<string, unknown>>;
      const dockerfile = known(properties['dockerFile'] ?? build['dockerfile']);
      return {
        image: null,
        dockerfile: dockerfile === null ? null : path.resolve(path.dirname(file), dockerfile),
        target: known(build['target']),
      };
    }
    case 'compose': {
      const app =
        compose?.services.find(({ name }) => name === service) ?? meantService(compose?.services ?? [], service);
      if (app === undefined) return NOTHING;
      // An image beside a build names what is built.
      if (app.build === null) return { ...NOTHING, image: known(app.image) };
      return { image: null, dockerfile: known(app.build.dockerfile), target: known(app.build.target) };
    }
    case null:
      return NOTHING;
  }
};

/** The service that a dev container means which names it by the name of its container, or by another one that is not for compose. */
export const meantService = <S extends Pick<ComposeServiceModel, 'otherNames'>>(
  services: readonly S[],
  written: string | null,
): S | undefined => services.find(({ otherNames }) => written !== null && otherNames.includes(written));

/** A text without variables. */
const known = (value: unknown): string | null => (typeof value === 'string' && !value.includes('$') ? value : null);
