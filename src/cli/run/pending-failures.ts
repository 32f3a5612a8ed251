import type { WorkflowHandle } from '@temporalio/client';

/** Once may be chance; what fails for the third time is worth a line. */
const WORTH_TELLING = 3;

/** What fails again and again and is still being tried: without this line a run would only seem to stand still. */
export async function pendingFailures(handle: WorkflowHandle): Promise<readonly string[]> {
  const { raw } = await handle.describe();
  return (raw.pendingActivities ?? [])
    .filter(({ attempt, lastFailure }) => (attempt ?? 0) >= WORTH_TELLING && lastFailure)
    .map(
      ({ activityType, lastFailure }) => `\`${activityType?.name}\` fails and is tried again: ${lastFailure!.message}`,
    );
}
