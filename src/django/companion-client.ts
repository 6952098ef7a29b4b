import { DevsetupError } from '../core/errors.ts';
import { limitRequest, type RequestLimits } from './limit-request.ts';
import { CANCELLED, companionGoneError, timedOutError, toDevsetupError } from './companion-errors.ts';
import type { CompanionLaunch, OpenCompanion } from './open-companion.ts';
import type { Examination } from './examination.ts';
import { wholeLines, type WholeLines } from './whole-lines.ts';
import type {
  CommandOptions,
  CompanionError,
  CreateTablesResult,
  Description,
  EnsureTenantResult,
  Inputs,
  Inspection,
  Message,
  Method,
  MigrateTenantsResult,
  TenantResult,
  ProgressData,
  RunResult,
  SuperuserResult,
  WouldFakeResult,
} from './protocol.ts';

export interface RequestOptions {
  /** stdout and stderr of the request as they arrive. */
  readonly onOutput?: (chunk: string, stream: 'stdout' | 'stderr') => void;
  readonly onProgress?: (data: ProgressData) => void;
  /**
   * Ends this request alone, as the signal and the time limit of the launch end every request: SIGINT to its process group, SIGTERM
   * after five seconds, SIGKILL after ten. The promise waits for the end: it rejects with CANCELLED or COMMAND_TIMED_OUT, or
   * resolves if the request came to an end of its own.
   */
  readonly signal?: AbortSignal;
  /** In place of the time limit of the launch. */
  readonly timeoutSeconds?: number;
}

export interface InputsParams {
  readonly username: string | null;
  readonly schemas: readonly string[] | null;
}

export interface RunParams {
  readonly command: string;
  readonly args: readonly string[];
  readonly schema?: string;
  /** Key of the advisory lock its connections hold shared: what the server still does for it is then waited for by others. */
  readonly workerLock?: readonly [number, number];
  readonly shardLock?: readonly [number, number];
  /** What the schema has applied that this command will migrate; [] for a new one. The states on the way are then prepared. */
  readonly applied?: readonly string[];
}

export interface MigrateTenantsParams {
  readonly schemas: readonly string[];
  readonly fakeInitial: boolean;
  readonly workerLock: readonly [number, number] | null;
  readonly shardLock?: readonly [number, number];
  readonly repeat?: boolean;
  /** Schemas that are created even where the tenant model does not create any. */
  readonly createSchemas?: readonly string[];
  /** Waits until no other worker migrates, and keeps others waiting. */
  readonly alone?: boolean;
  /** What the schemas have applied already, where that is known: Django's state is then prepared once for all of them. */
  readonly applied: readonly string[] | null;
}

export interface CreateTablesParams {
  readonly schema: string | null;
  readonly workerLock: readonly [number, number];
  readonly shardLock?: readonly [number, number];
}

export interface EnsureTenantParams {
  readonly schema: string;
  readonly name: string;
  readonly domain: string | null;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly tenantType: string | null;
  /** The tenant is meant to have no schema. */
  readonly withoutSchema?: boolean;
  readonly check: boolean;
  /** With `check`: only whether values are missing; asks no database. */
  readonly offline?: boolean;
  /** Held while the schema is created and migrated, as by the workers of a fleet. */
  readonly workerLock?: readonly [number, number];
  readonly shardLock?: readonly [number, number];
}

export interface SuperuserParams {
  readonly username: string;
  readonly password: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly schemas: readonly string[] | null;
  readonly update: boolean;
}

/** Failures of requests reject with a DevsetupError whose `code` is that of the CompanionError, and whose `cause` is it. */
export interface DjangoClient {
  readonly description: Description;
  /** How often Django was started for this client. */
  starts(): number;
  request<T>(method: Method, params: object, options?: RequestOptions): Promise<T>;
  commandOptions(names: readonly string[], options?: RequestOptions): Promise<CommandOptions>;
  inspect(options?: RequestOptions): Promise<Inspection>;
  inputs(params: InputsParams, options?: RequestOptions): Promise<Inputs>;
  run(params: RunParams, options?: RequestOptions): Promise<RunResult>;
  migrateTenants(params: MigrateTenantsParams, options?: RequestOptions): Promise<MigrateTenantsResult>;
  ensureTenant(params: EnsureTenantParams, options?: RequestOptions): Promise<EnsureTenantResult>;
  inspectSuperuser(params: SuperuserParams, options?: RequestOptions): Promise<SuperuserResult>;
  ensureSuperuser(params: SuperuserParams, options?: RequestOptions): Promise<SuperuserResult>;
  wouldFake(
    groups: readonly { readonly schemas: readonly (string | null)[]; readonly pending: readonly string[] }[],
  ): Promise<WouldFakeResult>;
  createTables(params: CreateTablesParams, options?: RequestOptions): Promise<CreateTablesResult>;
  examine(params: { readonly database: boolean }, options?: RequestOptions): Promise<Examination>;
  /** Ends the companion; requests that still run are killed and reject. */
  close(): Promise<void>;
}

export interface ReceivingClient {
  readonly client: DjangoClient;
  receive(message: Message): void;
}

interface Pending {
  readonly options: RequestOptions;
  readonly method: Method;
  /** null: it has no limit. */
  readonly seconds: number | null;
  readonly limits: RequestLimits;
  readonly output: Readonly<Record<'stdout' | 'stderr', WholeLines>>;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** A client of a companion that is ready. `receive` gets every later message. */
export const createCompanionClient = (
  companion: OpenCompanion,
  launch: CompanionLaunch,
  description: Description,
): ReceivingClient => {
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let closing = false;
  let gone: DevsetupError | undefined;

  const settle = (id: number): Pending | undefined => {
    const request = pending.get(id);
    request?.limits.release();
    request?.output.stdout.end();
    request?.output.stderr.end();
    pending.delete(id);
    return request;
  };

  const rejectAtEnd = async (): Promise<void> => {
    const ending = await companion.ended;
    gone = companionGoneError(ending, 'nothing was asked of it');
    for (const [id, { method }] of pending) {
      const error = closing ? closedError() : companionGoneError(ending, `\`${method}\` was running`);
      settle(id)?.reject(error);
    }
  };
  void rejectAtEnd();

  const request = async <T>(method: Method, params: object, options?: RequestOptions): Promise<T> => {
    if (mayConnect(method, params)) await launch.verify?.();
    return send<T>(method, params, options);
  };

  const send = <T>(method: Method, params: object, options: RequestOptions = {}): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (closing) return reject(closedError());
      if (gone !== undefined) return reject(gone);
      const id = ++lastId;
      const seconds = UNLIMITED.has(method) ? null : (options.timeoutSeconds ?? launch.timeoutSeconds);
      const limits = limitRequest([launch.signal, options.signal], seconds, (signal) =>
        companion.send({ cancel: id, signal }),
      );
      const output = {
        stdout: wholeLines((text) => options.onOutput?.(text, 'stdout')),
        stderr: wholeLines((text) => options.onOutput?.(text, 'stderr')),
      };
      pending.set(id, {
        options,
        method,
        seconds,
        limits,
        output,
        resolve: resolve as (value: unknown) => void,
        reject,
      });
      const { sessionLock } = launch;
      const marks = sessionLock === undefined || 'workerLock' in params ? {} : { sessionLock };
      companion.send({ id, method, params: { ...params, ...marks } });
    });

  const receive = (message: Message): void => {
    if (message.event === 'output') {
      if (message.id === null) launch.onOutput?.(message.text);
      else pending.get(message.id)?.output[message.stream].add(message.text);
    } else if (message.event === 'progress') {
      pending.get(message.id)?.options.onProgress?.(message.data);
    } else if (message.event === 'result') {
      const request = settle(message.id);
      if (request === undefined) return;
      const ending = request.limits.ending();
      if (ending === 'timeout' && (!message.ok || request.method === 'run'))
        request.reject(timedOutError(request.method, request.seconds ?? 0));
      else if (message.ok) request.resolve(message.value);
      else request.reject(toDevsetupError(ending === null ? notAsked(message.error) : asked(message.error), launch));
    }
  };

  const client: DjangoClient = {
    description,
    starts: () => (description.mode === 'fork' ? 1 : 1 + lastId),
    request,
    commandOptions: (names, options) => request('command-options', { names }, options),
    inputs: (params, options) => request('inputs', params, options),
    inspect: (options) => request('inspect', {}, options),
    run: (params, options) => request('run', params, options),
    migrateTenants: async (params, options) => {
      const results: TenantResult[] = [];
      for (let schemas = params.schemas; schemas.length > 0; schemas = params.schemas.slice(results.length)) {
        const answer: MigrateTenantsResult = await request('migrate-tenants', { ...params, schemas }, options);
        if (answer.results.length === 0) throw new Error('migrate-tenants has no result for any of its schemas');
        results.push(...answer.results);
      }
      return { results };
    },
    ensureTenant: (params, options) => request('ensure-tenant', params, options),
    inspectSuperuser: (params, options) => request('inspect-superuser', params, options),
    ensureSuperuser: (params, options) => request('ensure-superuser', params, options),
    wouldFake: (groups) => request('would-fake', { groups }),
    createTables: (params, options) => request('create-tables', params, options),
    examine: (params, options) => request('examine', params, options),
    close: async () => {
      closing = true;
      companion.disconnect();
      await companion.ended;
    },
  };
  return { client, receive };
};

/** Says what became of each tenant while it runs, and has no length of its own. */
const UNLIMITED: ReadonlySet<Method> = new Set<Method>(['migrate-tenants']);

/** A command that catches the interruption and ends well, as servers do, was stopped all the same. */
const asked = (error: CompanionError): CompanionError => (error.code === 'CRASHED' ? CANCELLED : error);

/** SIGINT came from somebody else: as for any other signal, the process was killed. */
const notAsked = (error: CompanionError): CompanionError =>
  error.code === 'CANCELLED'
    ? {
        ...error,
        code: 'CRASHED',
        message: 'SIGINT ended the request, and devsetup did not send it.',
        data: { signal: 'SIGINT' },
      }
    : error;

const mayConnect = (method: Method, params: object): boolean =>
  method !== 'command-options' && !(method === 'examine' && 'database' in params && params.database === false);

const closedError = (): DevsetupError =>
  new DevsetupError({ code: 'CANCELLED', message: 'The Django process was closed.' });
