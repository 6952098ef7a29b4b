import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

const validators = new WeakMap<object, ValidateFunction>();

const compile = (schema: object): ValidateFunction => {
  const validate = new Ajv2020({ allErrors: true, strictTypes: false, formats: { 'date-time': true } }).compile(schema);
  validators.set(schema, validate);
  return validate;
};

/** What the document breaks of the schema. */
export const violations = (schema: object, document: unknown): readonly string[] => {
  const validate = validators.get(schema) ?? compile(schema);
  validate(document);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'}: ${message}`);
};
