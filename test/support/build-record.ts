import { type BuildRecord, createBuildRecord } from '../../src/collectors/build/buildkit.ts';

/** A record that is there whole, cut where no reader expects it. */
export function readBuildRecord(input: string, chunkBytes = 1_000): BuildRecord {
  const record = createBuildRecord();
  const bytes = Buffer.from(input);
  for (let at = 0; at < bytes.length; at += chunkBytes) record.add(bytes.subarray(at, at + chunkBytes));
  return record.end();
}
