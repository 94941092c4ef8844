/** As much of JSON Schema as the project's schemas use; what it does not know, it refuses. */

interface Schema {
  readonly [keyword: string]: unknown;
}

/** Every way in which the value breaks the schema, as `path: reason`. */
export function violations(root: Schema, value: unknown, schema: Schema = root, path = '$'): string[] {
  return Object.entries(schema).flatMap(([keyword, argument]) => {
    const check = KEYWORDS[keyword];
    if (check === undefined) throw new Error(`the keyword ${keyword} is unknown here`);
    return check(argument as never, value, { root, schema, path });
  });
}

interface At {
  readonly root: Schema;
  readonly schema: Schema;
  readonly path: string;
}

type Check = (argument: never, value: unknown, at: At) => string[];

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  integer: Number.isInteger,
  number: Number.isFinite,
  null: (value) => value === null,
};

const KEYWORDS: Readonly<Record<string, Check>> = {
  $schema: () => [],
  $defs: () => [],
  title: () => [],
  description: () => [],
  $ref: (to: string, value, { root, path }) => {
    const definitions = root.$defs as Readonly<Record<string, Schema>>;
    return violations(root, value, definitions[to.replace('#/$defs/', '')]!, path);
  },
  type: (type: string, value, { path }) => (TYPES[type]!(value) ? [] : [`${path}: not of type ${type}`]),
  enum: (allowed: readonly unknown[], value, { path }) =>
    allowed.includes(value)
      ? []
      : [`${path}: ${JSON.stringify(value)} is none of ${JSON.stringify(allowed)}`],
  minimum: (least: number, value, { path }) =>
    (value as number) >= least ? [] : [`${path}: below ${least}`],
  pattern: (pattern: string, value, { path }) =>
    typeof value !== 'string' || new RegExp(pattern).test(value)
      ? []
      : [`${path}: ${value} is not ${pattern}`],
  required: (names: readonly string[], value, { path }) =>
    names.filter((name) => !isObject(value) || !(name in value)).map((name) => `${path}: ${name} is missing`),
  properties: (properties: Readonly<Record<string, Schema>>, value, { root, path }) =>
    isObject(value)
      ? Object.entries(properties).flatMap(([name, schema]) =>
          name in value ? violations(root, value[name], schema, `${path}.${name}`) : [],
        )
      : [],
  additionalProperties: (_: false, value, { schema, path }) =>
    Object.keys(isObject(value) ? value : {})
      .filter((name) => !(name in (schema.properties as object)))
      .map((name) => `${path}: ${name} is unknown`),
  items: (schema: Schema, value, { root, path }) =>
    Array.isArray(value) ? value.flatMap((item, i) => violations(root, item, schema, `${path}[${i}]`)) : [],
  anyOf: (schemas: readonly Schema[], value, { root, path }) =>
    schemas.some((schema) => violations(root, value, schema, path).length === 0)
      ? []
      : [`${path}: fits nothing`],
  oneOf: (schemas: readonly Schema[], value, { root, path }) =>
    schemas.filter((schema) => violations(root, value, schema, path).length === 0).length === 1
      ? []
      : [`${path}: fits not exactly one`],
};

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
