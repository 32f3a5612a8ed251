/** The one file that the workflow bundle exports: a name here is a workflow type and therefore public. */
export { benchmark } from './benchmark.ts';
export { compare } from './compare.ts';
export { confirm } from './confirm.ts';
export { verifyAdvice } from './verify-advice.ts';
export { tune } from './tune.ts';
