/** Readable workflow ids: `<workflow>/<project>/<commit>/<time>`. */

/** @returns e.g. `benchmark/shop/1a2b3c4/20260724-023000` (UTC) */
export function workflowIdOf(run: {
  /** @default benchmark */
  readonly workflow?: 'benchmark' | 'compare' | 'tune' | 'verifyAdvice';
  readonly project: string;
  readonly commit: string | null;
  readonly nowMs: number;
}): string {
  const [date = '', time = ''] = new Date(run.nowMs).toISOString().slice(0, 19).split('T');
  const stamp = `${date.replaceAll('-', '')}-${time.replaceAll(':', '')}`;
  return `${run.workflow ?? 'benchmark'}/${idPart(run.project)}/${run.commit?.slice(0, 7) ?? 'nogit'}/${stamp}`;
}

/** A project's name as a part of an id. Characters that are awkward in a shell or URL become a dash. */
export function idPart(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replaceAll(/^-+|-+$/g, '') || 'project';
}
