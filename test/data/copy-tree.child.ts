/** A second process for copy-tree.test.ts: prints the problem that a copy meets, as a user who cannot read everything. */
import { copyTree } from '../../src/data/copy-tree.ts';
import { PacelineError } from '../../src/model/failure.ts';

/** An unprivileged user, by convention. */
const UNPRIVILEGED = 65_534;

if (process.getuid?.() === 0) {
  process.chdir('/');
  process.setgroups?.([]);
  process.setgid?.(UNPRIVILEGED);
  process.setuid?.(UNPRIVILEGED);
}
const [from = '', to = ''] = process.argv.slice(2);
try {
  await copyTree(from, to);
  console.log(JSON.stringify({ type: 'none', what: 'copied' }));
} catch (error) {
  if (!(error instanceof PacelineError)) throw error;
  console.log(JSON.stringify(error.problem));
}
