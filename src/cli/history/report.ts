/** A stored run's report, made anew from its result. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { wrongUsage } from '../../model/failure.ts';
import { renderJson } from '../../report/json.ts';
import { renderMarkdown } from '../../report/markdown.ts';
import { renderResult } from '../../report/terminal.ts';
import type { Io } from '../io.ts';
import { inStore, storedRun, type StoreFlags } from './open.ts';

export interface ReportFlags extends StoreFlags {
  readonly format: 'terminal' | 'markdown' | 'json';
  readonly json?: boolean;
  readonly output?: string;
}

export function report(id: string | undefined, flags: ReportFlags, io: Io): Promise<void> {
  return inStore(flags, io, async (opened) => {
    const { run } = await storedRun(opened, id);
    const result = await opened.store.result(run.runId);
    if (result === null) {
      throw wrongUsage(
        `Run ${run.runId} has no result: it is under way, or nobody lived to conclude it.`,
        '`paceline logs` shows its output.',
      );
    }
    if (flags.output !== undefined) {
      const folder = resolve(io.cwd, flags.output);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'result.json'), renderJson(result));
      await writeFile(join(folder, 'report.md'), renderMarkdown(result));
      io.err(`Files: ${folder}\n`);
    }
    const format = flags.json ? 'json' : flags.format;
    if (format === 'json') io.out(renderJson(result));
    else if (format === 'markdown') io.out(renderMarkdown(result));
    else io.out(renderResult(result, { color: io.stdout.color, width: io.stdout.width() }));
  });
}
