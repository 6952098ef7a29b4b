import { isOnEmbedded, usesEmbedded, type RunReport } from '../core/report.ts';
import type { EmbeddedPlace, Workspace, WorkspaceOptions } from '../setup/open-workspace.ts';
import { forgetChoice, readChoice, rememberChoice, rememberName } from '../state/embedded-memory.ts';
import { readLastRun } from '../state/last-run.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { openStateStore, type StateStore } from '../state/state-store.ts';
import { isContinuousIntegration } from '../ui/choose-ui.ts';
import type { Choice } from './choose-database.ts';
import type { CommonOptions, DatabaseFlag } from './common-options.ts';
import type { EmbeddedDatabase } from './embedded.ts';
import type { Terminal } from './terminal.ts';

export interface DatabaseOptions extends Pick<CommonOptions, 'ui' | 'json' | 'verbose'> {
  readonly db?: DatabaseFlag;
}

/** `look`: a dry run; `command`: one of the user's own, which is not told what is used. */
type Purpose = 'run' | 'look' | 'doctor' | 'command';

export interface ProvidedDatabase {
  /** What `openWorkspace` asks for the variables of the embedded database; undefined: it is not used. */
  readonly provide: NonNullable<WorkspaceOptions['embedded']>;
  /** Once a run has shown which database the settings use. */
  settle(report: RunReport, workspace: Workspace): Promise<void>;
}

/** Chooses between the database that the settings name and the embedded one, which is started where it is needed. */
export const provideDatabase = (options: DatabaseOptions, terminal: Terminal, purpose: Purpose): ProvidedDatabase => {
  let chosen: Choice | undefined;
  let started = false;
  let addresses: readonly string[] = [];

  const provide: ProvidedDatabase['provide'] = async (place) => {
    const store = storeOf(place, terminal);
    const remembered = readChoice(store);
    const { use: configured } = place.config.database;
    // Loads nothing where there is nothing to choose.
    if (options.db !== 'embedded' && configured === 'settings' && remembered?.use !== 'embedded') {
      terminal.flagDatabase(undefined);
      return undefined;
    }
    const [{ addressesIn, decideDatabase, describeDecision, leadsTo }, embedded, { readKept }] = await Promise.all([
      import('./choose-database.ts'),
      import('./embedded.ts'),
      import('../postgres/embedded-kept.ts'),
    ]);
    const say = embedded.progressLines(terminal, options);
    const database = embedded.embeddedDatabase(place, terminal, say);
    const kept = await readKept(database.place.directory);
    const { urlVariable } = place.config.database;
    const found = async (): Promise<ReturnType<typeof addressesIn>> =>
      kept !== null && leadsTo(kept.port, place.environment.get(urlVariable), urlVariable)
        ? []
        : addressesIn(place.environment, await embedded.placeVariables(place));
    const isFirst = chosen === undefined;
    const isPipeline = isContinuousIntegration(terminal.host.env);
    const facts = { configured, remembered, isPipeline, addresses: found };
    chosen = await decideDatabase({ ...facts, flag: options.db });
    const unflagged = options.db === undefined ? chosen : await decideDatabase({ ...facts, flag: undefined });
    terminal.flagDatabase(unflagged.use === chosen.use ? undefined : options.db);
    const line = purpose === 'command' || !isFirst ? null : describeDecision(chosen, place);
    if (line !== null) say(line);
    if (chosen.use === 'settings') return undefined;
    addresses = (await found()).map(({ text }) => text);
    if (purpose === 'run') {
      const unused = await withoutServer(database, place, store, terminal);
      if (unused !== null) return unused;
    }
    const mayStart =
      purpose === 'run' ||
      purpose === 'command' ||
      kept !== null ||
      (purpose === 'doctor' && chosen.because !== 'flag');
    if (!mayStart) return embedded.embeddedValues(await database.running(), database, place, { isForRun: true });
    const { server, started: isNew } = await database.start();
    started ||= isNew;
    return embedded.embeddedValues(server, database, place, { isForRun: true });
  };

  const settle: ProvidedDatabase['settle'] = async (report, workspace) => {
    if (purpose !== 'run') return;
    const { state } = workspace;
    if (options.db === 'settings') {
      // What is configured is forgotten by no file.
      if (workspace.config.database.use === 'embedded') rememberChoice(state, { use: 'settings' });
      else forgetChoice(state);
    }
    if (chosen?.use !== 'embedded') return;
    const place = { root: workspace.root, backend: workspace.project.backend };
    if (!usesEmbedded(report)) {
      if (chosen.because === 'memory') forgetChoice(state);
      const { embeddedDatabase, progressLines, putAwayEmbedded } = await import('./embedded.ts');
      const say = progressLines(terminal, options);
      await putAwayEmbedded(embeddedDatabase(place, terminal, say), { started, say });
      return;
    }
    if (!isOnEmbedded(report)) return;
    if (chosen.because === 'flag') rememberChoice(state, { use: 'embedded', addresses });
    const { folderOf } = await import('./embedded.ts');
    const name = report.database?.address?.replace(/^.*\//, '');
    if (name !== undefined) rememberName(state, folderOf(place), name);
  };
  return { provide, settle };
};

const storeOf = ({ root }: EmbeddedPlace, { host }: Terminal): StateStore =>
  openStateStore(stateDirectory({ env: host.env, home: host.home, root }));

/**
 * The variables alone, where the settings use another database with them, such as SQLite: a server would be started for nothing. null: they use it,
 * or cannot be asked.
 */
const withoutServer = async (
  database: EmbeddedDatabase,
  place: EmbeddedPlace,
  store: StateStore,
  terminal: Terminal,
): Promise<Record<string, string> | null> => {
  const { lookAtServer } = await import('../server/look-at-server.ts');
  // Where it was used the last time it most likely is again, and the question takes a start of Django.
  if (readLastRun(store)?.database?.embedded === true || (await lookAtServer(database.place)).kind !== 'stopped')
    return null;
  const [{ askSettings }, { embeddedValues }, { findFreePort }, { isLocalHost }] = await Promise.all([
    import('../setup/ask-settings.ts'),
    import('./embedded.ts'),
    import('../postgres/free-port.ts'),
    import('../postgres/target.ts'),
  ]);
  const port = await findFreePort(0);
  const values = await embeddedValues({ port, password: 'unknown' }, database, place, { isForRun: true });
  const settings = await askSettings(place, values, terminal.host, terminal.signal);
  if (settings === null) return null;
  const { target } = settings;
  return target !== null && isLocalHost(target.host) && target.port === port ? null : values;
};
