/** What is used of the WebAssembly API; TypeScript declares it with the DOM only. */
declare namespace WebAssembly {
  class Memory {
    constructor(descriptor: { readonly initial: number; readonly maximum?: number });
    readonly buffer: ArrayBuffer;
  }
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>);
    readonly exports: Readonly<Record<string, unknown>>;
  }
  class CompileError extends Error {}
  function validate(bytes: Uint8Array): boolean;
  /** JSPI: a function that suspends its Wasm caller until the promise is fulfilled; absent on Node 20. */
  const Suspending: (new (work: (...args: never[]) => unknown) => object) | undefined;
  /** JSPI: an export whose result is a promise; absent on Node 20. */
  const promising: ((entry: unknown) => (...args: unknown[]) => Promise<unknown>) | undefined;
}
