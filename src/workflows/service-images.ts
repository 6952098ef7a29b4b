import type { Place } from '../core/check.ts';
import { asRecord } from '../core/shape.ts';
import type { WorkflowFile } from './read-workflows.ts';

/** An image that a job's service runs, e.g. `postgres:16`. */
export interface ServiceImage {
  readonly image: string;
  readonly place: Place;
}

/** The images of every job's `services`. One that an expression chooses, e.g. from a matrix, is left out: it may be any. */
export const serviceImages = (workflows: readonly WorkflowFile[]): readonly ServiceImage[] =>
  workflows.flatMap(({ document, placeOf }) =>
    Object.entries(asRecord(document?.['jobs'])).flatMap(([job, definition]) =>
      Object.entries(asRecord(asRecord(definition)['services'])).flatMap(([name, service]) => {
        const isShort = typeof service === 'string';
        const image = isShort ? service : asRecord(service)['image'];
        if (typeof image !== 'string' || image === '' || image.includes('${{')) return [];
        return [{ image, place: placeOf(['jobs', job, 'services', name, ...(isShort ? [] : ['image'])]) }];
      }),
    ),
  );
