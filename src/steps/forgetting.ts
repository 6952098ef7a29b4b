import type { SetupContext } from './context.ts';

/** Waits for a request that changes something; what was seen before it may no longer be true, whether it succeeds or fails. */
export const forgetting = async <T>(context: SetupContext, request: Promise<T>): Promise<T> => {
  try {
    return await request;
  } finally {
    context.forget();
  }
};
