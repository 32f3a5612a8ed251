/** `paceline init`: writes a commented plan, and a workflow for GitHub Actions. Never overwrites. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { wrongUsage } from '../../model/failure.ts';
import { PLAN_FILES } from '../../plan/parse.ts';
import type { Ending } from '../ending.ts';
import { findProject, githubText, planText } from '../init.ts';
import type { Io } from '../io.ts';
import { findSource } from '../source.ts';

interface InitFlags {
  readonly project: string;
  readonly github?: boolean;
  readonly print?: boolean;
}

const EXAMPLES = `
Examples:
  paceline init                  # write a commented paceline.yml in this directory
  paceline init --github         # also write a workflow for GitHub Actions
  paceline init --print          # only show what would be written`;

const WORKFLOW = '.github/workflows/paceline.yml';

export function initCommand(io: Io, ending: Ending): Command {
  return new Command('init')
    .option('-p, --project <path>', 'directory of the project', '.')
    .option('--github', 'also write a workflow for GitHub Actions')
    .option('--print', 'print the files instead of writing them')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: InitFlags) => {
      await init(flags, io);
      ending.ends(0);
    });
}

async function init(flags: InitFlags, io: Io): Promise<void> {
  const { directory } = await findSource(flags, io);
  const folder = directory ?? resolve(io.cwd, flags.project);
  const files = {
    'paceline.yml': planText(await findProject(folder)),
    ...(flags.github ? { [WORKFLOW]: githubText() } : {}),
  };
  if (flags.print) {
    for (const [name, text] of Object.entries(files)) io.out(`# ${name}\n${text}`);
    return;
  }
  const there = [...PLAN_FILES, ...Object.keys(files)].find((name) => existsSync(join(folder, name)));
  if (there !== undefined) {
    throw wrongUsage(
      `${there} exists already. Nothing was written.`,
      'Run `paceline init --print` to see what would be written.',
    );
  }
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text, { flag: 'wx' });
    io.out(`${name} written.\n`);
  }
}
