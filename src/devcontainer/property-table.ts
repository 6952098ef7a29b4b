/** What a dev container is made from. */
export type Variant = 'image' | 'dockerfile' | 'compose';

/** A JSON type, as `typeOf` names it. */
export type JsonType = 'string' | 'boolean' | 'integer' | 'number' | 'array' | 'object' | 'null';

export interface PropertyRule {
  readonly types: readonly JsonType[];
  /** Where the property has an effect; undefined: everywhere. */
  readonly variants?: readonly Variant[];
  /** The only texts that are valid. */
  readonly values?: readonly string[];
  /** The types of a list's items, or of an object's values. */
  readonly items?: readonly JsonType[];
}

const text: PropertyRule = { types: ['string'] };
const flag: PropertyRule = { types: ['boolean'] };
const table: PropertyRule = { types: ['object'] };
const texts: PropertyRule = { types: ['array'], items: ['string'] };
const command: PropertyRule = { types: ['string', 'array', 'object'], items: ['string', 'array'] };
const alone: readonly Variant[] = ['image', 'dockerfile'];

/** The properties of the Dev Container specification ("devcontainer.json reference"), by name. */
export const PROPERTIES: Readonly<Record<string, PropertyRule>> = {
  $schema: text,
  name: text,
  features: table,
  overrideFeatureInstallOrder: texts,
  secrets: table,
  forwardPorts: { types: ['array'], items: ['integer', 'string'] },
  portsAttributes: table,
  otherPortsAttributes: table,
  updateRemoteUserUID: flag,
  containerEnv: { types: ['object'], items: ['string'] },
  remoteEnv: { types: ['object'], items: ['string', 'null'] },
  containerUser: text,
  remoteUser: text,
  mounts: { types: ['array'], items: ['string', 'object'] },
  init: flag,
  privileged: flag,
  capAdd: texts,
  securityOpt: texts,
  initializeCommand: command,
  onCreateCommand: command,
  updateContentCommand: command,
  postCreateCommand: command,
  postStartCommand: command,
  postAttachCommand: command,
  waitFor: {
    types: ['string'],
    values: ['initializeCommand', 'onCreateCommand', 'updateContentCommand', 'postCreateCommand', 'postStartCommand'],
  },
  userEnvProbe: { types: ['string'], values: ['none', 'loginShell', 'loginInteractiveShell', 'interactiveShell'] },
  hostRequirements: table,
  customizations: table,
  additionalProperties: table,
  overrideCommand: flag,
  shutdownAction: { types: ['string'], values: ['none', 'stopContainer', 'stopCompose'] },
  workspaceFolder: text,
  image: { types: ['string'], variants: ['image'] },
  build: { types: ['object'], variants: alone },
  dockerFile: { types: ['string'], variants: ['dockerfile'] },
  context: { types: ['string'], variants: ['dockerfile'] },
  appPort: { types: ['integer', 'string', 'array'], items: ['integer', 'string'], variants: alone },
  runArgs: { ...texts, variants: alone },
  workspaceMount: { types: ['string'], variants: alone },
  dockerComposeFile: { types: ['string', 'array'], items: ['string'], variants: ['compose'] },
  service: { types: ['string'], variants: ['compose'] },
  runServices: { ...texts, variants: ['compose'] },
};

/** What stands in objects whose properties are fixed. */
export const NESTED_PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  build: ['dockerfile', 'context', 'args', 'target', 'cacheFrom', 'options'],
  hostRequirements: ['cpus', 'gpus', 'memory', 'storage', 'gpu'],
};

/** Properties of editors that stood at the top level before `customizations` was introduced, with their place now. */
export const MOVED_PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  settings: ['customizations', 'vscode', 'settings'],
  extensions: ['customizations', 'vscode', 'extensions'],
  devPort: ['customizations', 'vscode', 'devPort'],
  codespaces: ['customizations', 'codespaces'],
};

export const typeOf = (value: unknown): JsonType => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value as JsonType;
};

/** The first of these in the order in which tools look; null: none, and tools take an image of their own. */
export const variantOf = (properties: Readonly<Record<string, unknown>>): Variant | null => {
  const build = properties['build'];
  if ('dockerFile' in properties || (typeOf(build) === 'object' && 'dockerfile' in (build as object)))
    return 'dockerfile';
  if ('image' in properties) return 'image';
  return 'dockerComposeFile' in properties ? 'compose' : null;
};
