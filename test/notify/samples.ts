import { EVENT_KINDS, type NotifyEvent, type Receiver } from '../../src/model/notify.ts';

export const EVENT: NotifyEvent = {
  id: 'run-1/missed/total.duration',
  kind: 'missed',
  project: 'shop',
  runId: 'run-1',
  at: '2026-01-01T00:00:00.000Z',
  commit: 'abcdef0123456789',
  branch: 'main',
  verdict: 'missed',
  metric: 'total.duration',
  scenario: null,
  message: 'Total took 310 s; the target is under 300 s.',
};

export function receiver(over: Partial<Receiver> = {}): Receiver {
  return {
    name: 'plan/webhook',
    kind: 'webhook',
    on: [...EVENT_KINDS],
    url: { env: 'PACELINE_NOTIFY_URL' },
    secret: null,
    password: null,
    mail: null,
    ...over,
  };
}
