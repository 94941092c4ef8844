/** `dvm completion`: what a shell needs to complete the command, told by the command itself. */

import type { Command } from 'commander';
import { BENCHMARKS } from '../../bench/benchmarks.ts';
import { UsageError } from '../../src/errors.ts';
import { DIAGNOSTICS } from '../../src/isa/diagnostics.ts';
import { print } from '../console.ts';
import { EXIT } from '../exit-codes.ts';

interface Verb {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly {
    readonly name: string;
    readonly summary: string;
    readonly takesValue: boolean;
    /** What its value may be; empty where that is open. */
    readonly choices: readonly string[];
  }[];
  /** What stands behind it, if that is no file. */
  readonly choices: readonly string[];
}

const SCRIPTS: Readonly<Record<string, (verbs: readonly Verb[]) => string>> = { bash, zsh, fish };

/** What stands behind a verb, where that is no file. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  bench: BENCHMARKS.map(({ name }) => name),
  completion: Object.keys(SCRIPTS),
  explain: Object.keys(DIAGNOSTICS),
};

export function completion(shell: string, dvm: Command): number {
  const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
  if (script === undefined)
    throw new UsageError(`there is no completion for ${shell}`, `shells: ${Object.keys(SCRIPTS).join(' ')}`);
  const verbs = dvm.commands.map(verbOf);
  const help = {
    name: 'help',
    summary: 'display help for a command',
    flags: [],
    choices: verbs.map(({ name }) => name),
  };
  print(script([...verbs, help]));
  return EXIT.ok;
}

function verbOf(command: Command): Verb {
  const flags = command.options.map((option) => ({
    name: option.long ?? option.short!,
    summary: option.description,
    takesValue: option.required,
    choices: option.argChoices ?? [],
  }));
  const choices = CHOICES[command.name()] ?? [];
  return { name: command.name(), summary: command.summary(), flags, choices };
}

function bash(verbs: readonly Verb[]): string {
  const flagsOf = verbs.map(
    ({ name, flags }) => `    ${name}) flags="${[...flags.map((flag) => flag.name), '--help'].join(' ')}" ;;`,
  );
  const values = verbs.flatMap(({ name, flags, choices }) => [
    ...flags
      .filter((flag) => flag.choices.length > 0)
      .map((flag) => `    "${name} ${flag.name}") words="${flag.choices.join(' ')}" ;;`),
    ...(choices.length > 0 ? [`    "${name} "*) words="${choices.join(' ')}" ;;`] : []),
  ]);
  return `_dvm() {
  local IFS=$' \\t\\n' flags="" words=""
  local current="\${COMP_WORDS[COMP_CWORD]}"
  case "\${COMP_WORDS[1]} \${COMP_WORDS[COMP_CWORD-1]}" in
${values.join('\n')}
  esac
  case "\${COMP_WORDS[1]}" in
${flagsOf.join('\n')}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${verbs.map((verb) => verb.name).join(' ')} --help --version"
  elif [[ "$current" == -* ]]; then
    words="$flags"
  fi
  if [ -n "$words" ]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  else
    IFS=$'\\n'
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}
complete -o filenames -F _dvm dvm
`;
}

function zsh(verbs: readonly Verb[]): string {
  const commands = verbs.map(({ name, summary }) => `    '${name}:${quoted(summary)}'`);
  const cases = verbs.map(({ name, flags, choices }) => {
    const rows = flags.map(
      (flag) =>
        `'*${flag.name}[${quoted(flag.summary)}]${flag.takesValue ? `:value:${zshValues(flag.choices)}` : ''}'`,
    );
    return `    ${name}) _arguments ${[...rows, `'*:value:${zshValues(choices)}'`].join(' ')} ;;`;
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

function zshValues(choices: readonly string[]): string {
  return choices.length === 0 ? '_files' : `(${choices.join(' ')})`;
}

function fish(verbs: readonly Verb[]): string {
  const rows = verbs.flatMap(({ name, summary, flags, choices }) => [
    ...(choices.length > 0
      ? [`complete -c dvm -n '__fish_seen_subcommand_from ${name}' -f -a '${choices.join(' ')}'`]
      : []),
    `complete -c dvm -n __fish_use_subcommand -f -a ${name} -d '${quoted(summary)}'`,
    ...flags.map(
      (flag) =>
        `complete -c dvm -n '__fish_seen_subcommand_from ${name}' -l ${flag.name.replace(/^--/, '')}${fishValues(flag)} -d '${quoted(flag.summary)}'`,
    ),
  ]);
  return `${rows.join('\n')}\n`;
}

function fishValues({ takesValue, choices }: Verb['flags'][number]): string {
  if (choices.length > 0) return ` -x -a '${choices.join(' ')}'`;
  return takesValue ? ' -r' : '';
}

/** What would end the shell's quotes or zsh's brackets. */
function quoted(text: string): string {
  return text.replace(/['[\]:]/g, ' ');
}
