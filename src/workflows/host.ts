/** A host that a run has claimed: its activities on its two queues, and the watch over whether it is still alive. */
import { CancellationScope, isCancellation, proxyActivities, sleep } from '@temporalio/workflow';
import { type BenchmarkActivities, SHARED_QUEUE } from '../model/activities.ts';
import type { HostClaim } from '../model/host-claim.ts';
import { PING, WATCH } from './host-policies.ts';
import { failureOf, problemOf } from './problems.ts';
import { BUILD, CLAIM, CLEAN_UP, CONTROL, NOTIFY, STARTUP, TRIAL } from './policies.ts';

const shared = proxyActivities<Pick<BenchmarkActivities, 'claimHost'>>({ ...CLAIM, taskQueue: SHARED_QUEUE });

export type Host = ReturnType<typeof hostOf>;

/**
 * @throws ApplicationFailure that says why no host can take the run: Temporal shows this message of a failed workflow
 */
export async function claimHost(input: Parameters<BenchmarkActivities['claimHost']>[0]): Promise<Host> {
  try {
    return hostOf(await shared.claimHost.executeWithOptions({ summary: 'find a host that can take the run' }, [input]));
  } catch (error) {
    throw isCancellation(error) ? error : failureOf(problemOf(error));
  }
}

/** The activities of a host that is already claimed: a child uses its parent's. */
export function hostOf(claim: HostClaim) {
  const control = claim.controlQueue;
  const measure = claim.measureQueue;
  return {
    claim,
    control: proxyActivities<
      Pick<
        BenchmarkActivities,
        | 'openRun'
        | 'reap'
        | 'preflight'
        | 'prepareSource'
        | 'resolvePlan'
        | 'nextTrials'
        | 'analyze'
        | 'publish'
        | 'suspicions'
        | 'openSide'
        | 'nextMeasurement'
        | 'comparedParts'
        | 'comparePairs'
        | 'concludeComparison'
        | 'adviceToVerify'
        | 'nextVerification'
        | 'adviceTogether'
        | 'concludeAdvice'
        | 'concludeTuning'
        | 'nextTuning'
        | 'planTuning'
        | 'storedTuning'
        | 'tunedScenario'
      >
    >({
      ...CONTROL,
      taskQueue: control,
    }),
    build: proxyActivities<Pick<BenchmarkActivities, 'buildImages' | 'fitScenarios'>>({ ...BUILD, taskQueue: measure }),
    startup: proxyActivities<Pick<BenchmarkActivities, 'startServices'>>({ ...STARTUP, taskQueue: measure }),
    trial: proxyActivities<Pick<BenchmarkActivities, 'runTrial'>>({ ...TRIAL, taskQueue: measure }),
    cleanUp: proxyActivities<Pick<BenchmarkActivities, 'cleanUpRun' | 'closeSide'>>({
      ...CLEAN_UP,
      taskQueue: control,
    }),
    notify: proxyActivities<Pick<BenchmarkActivities, 'receivers' | 'notify'>>({ ...NOTIFY, taskQueue: control }),
    alive: proxyActivities<Pick<BenchmarkActivities, 'ping'>>({ ...PING, taskQueue: control }),
  };
}

/**
 * Does the work on the host. If another host could take over, it also watches whether this one still answers. If a host
 * is dead, its pending activities are cancelled.
 */
export async function watched(host: Host, movable: boolean, work: () => Promise<void>): Promise<'done' | 'dead'> {
  if (!movable) {
    await work();
    return 'done';
  }
  const scope = new CancellationScope();
  let dead = false;
  const watching = new CancellationScope();
  const watch = watching.run(async () => {
    await untilSilent(host);
    dead = true;
    scope.cancel();
  });
  try {
    await scope.run(work);
    return 'done';
  } catch (error) {
    if (dead) return 'dead';
    throw error;
  } finally {
    watching.cancel();
    await watch.catch(ignoreCancellation);
  }
}

async function untilSilent(host: Host): Promise<void> {
  for (let silent = 0; silent < WATCH.silentPings; ) {
    await sleep(WATCH.intervalMs, { summary: `look after host ${host.claim.hostId}` });
    silent = (await answers(host)) ? 0 : silent + 1;
  }
}

async function answers(host: Host): Promise<boolean> {
  try {
    await host.alive.ping();
    return true;
  } catch (error) {
    if (isCancellation(error)) throw error;
    return false;
  }
}

function ignoreCancellation(error: unknown): void {
  if (!isCancellation(error)) throw error;
}
