/** `paceline comment`: one comment on a pull request, from the files that `paceline ci` wrote. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { CiOutcome } from '../../model/ci-outcome.ts';
import type { CompareResult } from '../../model/comparison.ts';
import { wrongUsage } from '../../model/failure.ts';
import type { RunResult } from '../../model/result.ts';
import { upgradeComparison } from '../../model/upgrade-comparison.ts';
import { upgradeResult } from '../../model/upgrade-result.ts';
import { type CommentContent, isWorthAComment, renderComment } from '../../report/formats/comment.ts';
import { commentMarker } from '../../report/text/comment-text.ts';
import { postComment, type PullRequest } from '../comment/github.ts';
import type { Ending } from '../ending.ts';
import type { Io } from '../io.ts';
import { wholeNumber } from '../options.ts';

interface CommentFlags {
  readonly when: 'always' | 'changed';
  readonly dryRun?: boolean;
  readonly repository?: string;
  readonly pullRequest?: number;
  readonly author?: string;
}

const EXAMPLES = `
Examples:
  paceline ci --output report && paceline comment report
  paceline comment report --dry-run

The token is in GITHUB_TOKEN; the job needs \`permissions: { pull-requests: write }\`. The comment is updated in place. Only use it on
files of the same job: what a pull request from a fork has uploaded is not checked.`;

export function commentCommand(io: Io, ending: Ending): Command {
  return new Command('comment')
    .argument('<folder>', 'the --output of `paceline ci`')
    .addOption(
      new Option('--when <when>', 'whether there is a comment on a change that moved nothing')
        .choices(['always', 'changed'])
        .default('always'),
    )
    .option('--dry-run', 'print the comment and send nothing')
    .option('--repository <owner/name>', 'repository (default: that of ci.json)')
    .option('--pull-request <number>', 'pull request (default: that of ci.json)', wholeNumber(1, 1e9))
    .option('--author <login>', "whose comment is updated (default: the token's user)")
    .addHelpText('after', EXAMPLES)
    .action(async (folder: string, flags: CommentFlags) => {
      await comment(resolve(io.cwd, folder), flags, io);
      ending.ends(0);
    });
}

async function comment(folder: string, flags: CommentFlags, io: Io): Promise<void> {
  const outcome = await read<CiOutcome>(folder, 'ci.json');
  if (outcome === null) {
    throw wrongUsage(`There is no ci.json in ${folder}.`, 'Specify the --output of `paceline ci`.');
  }
  const content = await contentOf(folder, outcome);
  const body = renderComment(content);
  if (flags.dryRun === true) return io.out(body);
  const create = flags.when === 'always' || isWorthAComment(content);
  const posted = await postComment(
    placeOf(outcome, flags),
    { marker: commentMarker(content.project), body, create },
    { token: tokenOf(io), apiUrl: io.env['GITHUB_API_URL'] || 'https://api.github.com', author: flags.author ?? null },
  );
  io.err(
    posted.kind === 'none' ? 'Nothing moved: no comment was written.\n' : `Comment ${posted.kind}: ${posted.url}\n`,
  );
}

async function contentOf(folder: string, { project, links }: CiOutcome): Promise<CommentContent> {
  const [result, comparison] = await Promise.all([
    read<RunResult>(folder, 'result.json'),
    read<CompareResult>(folder, 'comparison.json'),
  ]);
  if (result === null && comparison === null) {
    throw wrongUsage(
      `There is neither a result nor a comparison in ${folder}.`,
      'Look at the output of `paceline ci`.',
    );
  }
  return {
    project,
    result: result === null ? null : upgradeResult(result),
    comparison: comparison === null ? null : upgradeComparison(comparison),
    trend: null,
    reportUrl: links.job,
  };
}

function placeOf({ repository, pullRequest }: CiOutcome, flags: CommentFlags): PullRequest {
  const number = flags.pullRequest ?? pullRequest;
  const [owner, repo, more] = (flags.repository ?? repository ?? '').split('/');
  if (number === null) {
    throw wrongUsage('This job is not of a pull request.', 'Use --pull-request NUMBER to comment on one.');
  }
  if (!owner || !repo || more !== undefined) {
    throw wrongUsage('The repository is not known.', 'Use --repository OWNER/NAME.');
  }
  return { owner, repo, number };
}

function tokenOf({ env }: Io): string {
  const token = env['GITHUB_TOKEN'];
  if (!token) throw wrongUsage('GITHUB_TOKEN is not set.', 'Set it to `${{ github.token }}` in the step.');
  return token;
}

/** @returns null if there is no such file */
async function read<T>(folder: string, name: string): Promise<T | null> {
  const text = await readFile(join(folder, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw wrongUsage(`${join(folder, name)} cannot be read (${error.code}).`, 'Check the directory.');
  });
  if (text === null) return null;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw wrongUsage(`${join(folder, name)} is not JSON.`, 'Run `paceline ci` again.');
  }
}
