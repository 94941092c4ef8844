/**
 * What is used of the WebAssembly API. TypeScript declares it with the DOM only, and a declaration of ours would be one
 * for whoever uses this package.
 */

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

/** Compiled code; nothing is to be seen of it. */
export type WasmModule = object;

export interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

/** Imports by module and name. */
type Imports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface Api {
  /** Sizes in pages of 64 KiB. Throws a `RangeError` if the host does not give as much. */
  readonly Memory: new (pages: {
    readonly initial: number;
    readonly maximum: number;
  }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (module: WasmModule, imports: Imports) => WasmInstance;
  validate(bytes: Uint8Array): boolean;
  /** JSPI: an import that suspends its caller until the promise is fulfilled; absent on Node 20. */
  readonly Suspending?: new (
    work: (...args: never[]) => unknown,
  ) => object;
  /** JSPI: an export whose result is a promise; absent on Node 20. */
  readonly promising?: (entry: unknown) => (...args: unknown[]) => Promise<unknown>;
}

export const Wasm: Api = (globalThis as unknown as { readonly WebAssembly: Api }).WebAssembly;
