/** `dvm completion`: what a shell needs to complete the command, told by the command itself. */

import type { Command } from 'commander';
import { UsageError } from '../../src/errors.ts';
import { print } from '../console.ts';
import { EXIT } from '../exit-codes.ts';

interface Verb {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly {
    readonly name: string;
    readonly summary: string;
    readonly takesValue: boolean;
  }[];
}

const SCRIPTS: Readonly<Record<string, (verbs: readonly Verb[]) => string>> = { bash, zsh, fish };

export function completion(shell: string, dvm: Command): number {
  const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
  if (script === undefined)
    throw new UsageError(`there is no completion for ${shell}`, `shells: ${Object.keys(SCRIPTS).join(' ')}`);
  print(script(dvm.commands.map(verbOf)));
  return EXIT.ok;
}

function verbOf(command: Command): Verb {
  const flags = command.options.map((option) => ({
    name: option.long ?? option.short!,
    summary: option.description,
    takesValue: option.required,
  }));
  return { name: command.name(), summary: command.summary(), flags };
}

function bash(verbs: readonly Verb[]): string {
  const cases = verbs.map(
    ({ name, flags }) => `    ${name}) words="${flags.map((flag) => flag.name).join(' ')}" ;;`,
  );
  return `_dvm() {
  local words="${verbs.map((verb) => verb.name).join(' ')} --help --version"
  local current="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -gt 1 ]; then
    case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    esac
    if [[ "$current" != -* ]]; then
      COMPREPLY=($(compgen -f -- "$current"))
      return
    fi
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o filenames -F _dvm dvm
`;
}

function zsh(verbs: readonly Verb[]): string {
  const commands = verbs.map(({ name, summary }) => `    '${name}:${quoted(summary)}'`);
  const cases = verbs.map(({ name, flags }) => {
    const rows = flags.map(
      (flag) => `'*${flag.name}[${quoted(flag.summary)}]${flag.takesValue ? ':value:_files' : ''}'`,
    );
    return `    ${name}) _arguments ${[...rows, "'*:file:_files'"].join(' ')} ;;`;
  });
  return `#compdef dvm
_dvm() {
  local -a commands=(
${commands.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local verb="$words[2]"
  shift words
  (( CURRENT-- ))
  case "$verb" in
${cases.join('\n')}
  esac
}
compdef _dvm dvm
`;
}

function fish(verbs: readonly Verb[]): string {
  const rows = verbs.flatMap(({ name, summary, flags }) => [
    `complete -c dvm -n __fish_use_subcommand -f -a ${name} -d '${quoted(summary)}'`,
    ...flags.map(
      (flag) =>
        `complete -c dvm -n '__fish_seen_subcommand_from ${name}' -l ${flag.name.replace(/^--/, '')}${flag.takesValue ? ' -r' : ''} -d '${quoted(flag.summary)}'`,
    ),
  ]);
  return `${rows.join('\n')}\n`;
}

/** What would end the shell's quotes or zsh's brackets. */
function quoted(text: string): string {
  return text.replace(/['[\]:]/g, ' ');
}
