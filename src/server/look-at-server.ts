import { isRunning } from '../state/process-identity.ts';
import { askServer, type Answer, type RunningServer } from './ask-server.ts';
import { readKeeperMark, type KeeperMark } from './keeper-mark.ts';
import type { ServerPlace } from './server-place.ts';

export type ServerLook =
  | { readonly kind: 'running'; readonly server: RunningServer; readonly keeper: number | null }
  | { readonly kind: 'starting'; readonly keeper: number }
  /** Its keeper lives, and it lets nobody in. */
  | { readonly kind: 'unresponsive'; readonly keeper: number; readonly reason: string }
  | { readonly kind: 'stopped' };

/** How the server stands, by its own answer and by what its keeper wrote down. */
export const lookAtServer = async (place: ServerPlace): Promise<ServerLook> => {
  const answer = await askServer(place);
  // Read after the answer: a keeper that became ready meanwhile is not taken for one that never answers.
  const mark = readKeeperMark(place.keeperFile);
  return judge(answer, mark, mark !== null && isRunning(mark));
};

/** `keeperLives`: its process runs, and where the system tells since when, it is the very one that wrote the mark. */
export const judge = (answer: Answer, mark: KeeperMark | null, keeperLives: boolean): ServerLook => {
  if (answer.kind === 'answers') {
    return { kind: 'running', server: answer.server, keeper: mark !== null && keeperLives ? mark.pid : null };
  }
  if (mark === null || !keeperLives || mark.state === 'failed') return { kind: 'stopped' };
  if (mark.state === 'starting') return { kind: 'starting', keeper: mark.pid };
  // Without a start time the number may belong to any process by now, and the server said that it is not its keeper.
  if (typeof mark.processStart !== 'string') return { kind: 'stopped' };
  return { kind: 'unresponsive', keeper: mark.pid, reason: answer.reason };
};
