import type { CommandModule } from 'yargs';
import { InputError } from '../exit.js';

const shells = ['bash', 'zsh'] as const;
type Shell = (typeof shells)[number];

interface Arguments {
  readonly shell: Shell | undefined;
}

/** The shell asks the program itself, so that what it offers is what this version knows. */
const scripts: Readonly<Record<Shell, string>> = {
  bash: `# sim completion bash >> ~/.bashrc
_howdah() {
  local IFS=$'\\n' word="\${COMP_WORDS[COMP_CWORD]}"
  local offers="$("\${COMP_WORDS[0]}" --get-yargs-completions "\${COMP_WORDS[@]}" 2>/dev/null)"
  COMPREPLY=($(compgen -W "$offers" -- "$word"))
}
complete -o bashdefault -o default -F _howdah sim howdah
`,
  zsh: `# sim completion zsh >> ~/.zshrc, below compinit
_howdah() {
  local -a offers
  offers=(\${(f)"$(SHELL=zsh "\${words[1]}" --get-yargs-completions "\${words[@]}" 2>/dev/null)"})
  if (( \${#offers} )); then _describe values offers; else _default; fi
}
compdef _howdah sim howdah
`,
};

export const completion: CommandModule<object, Arguments> = {
  command: 'completion [shell]',
  describe: 'print what bash or zsh needs to complete commands and options',
  builder: (yargs) =>
    yargs.positional('shell', { choices: shells, describe: 'default: the one you are in' }),
  handler: ({ shell = current() }) => console.log(scripts[shell].trimEnd()),
};

function current(): Shell {
  const { SHELL = '' } = process.env;
  const found = shells.find((name) => SHELL.endsWith(`/${name}`));
  if (found !== undefined) return found;
  throw new InputError('sim completion: nothing tells which shell this is, name bash or zsh');
}
