import { defineConfig } from 'vitest/config';

/**
 * The command's specs run what is built, so that the shebang, the imports and the package's files are tested too. What is
 * built first serves the others as well: the threads of compartments run it.
 */
const COMMAND = ['spec/bin/**/*.spec.ts', 'spec/docs/snippets.spec.ts'];

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    globalSetup: 'spec/support/build-command.ts',
    projects: [
      {
        extends: true,
        test: { name: 'library', include: ['spec/**/*.spec.ts'], exclude: COMMAND },
      },
      {
        extends: true,
        test: { name: 'command', include: COMMAND },
      },
    ],
  },
});
