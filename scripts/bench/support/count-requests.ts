/** A socket in front of the engine's that notes each request and passes it on. */
import { connect, createServer } from 'node:net';

const ENGINE = '/var/run/docker.sock';
const REQUEST = /^(GET|HEAD|POST|PUT|DELETE) (\S+) HTTP\/1\.1\r\n/;
/** Ids and names: only the kind of a request is of interest. */
const NAMES =
  /\/(containers|networks|volumes|images|exec)\/(?!json|create|prune|get|load)(.+?)(?=\/(?:json|start|stop|wait|logs|stats|kill|attach|archive|connect|disconnect|resize|exec|rename|update)$|$)/;

export interface EngineRequest {
  readonly ms: number;
  /** E.g. `GET /containers/ID/json`. */
  readonly kind: string;
}

export async function countRequests(socket: string) {
  const requests: EngineRequest[] = [];
  const server = createServer((client) => {
    const engine = connect(ENGINE);
    client.on('data', (chunk) => {
      const [, method, path] = REQUEST.exec(chunk.toString('latin1')) ?? [];
      if (method !== undefined && path !== undefined) requests.push({ ms: Date.now(), kind: kindOf(method, path) });
    });
    client.pipe(engine).pipe(client);
    for (const end of [client, engine]) {
      end.on('error', () => {
        client.destroy();
        engine.destroy();
      });
      end.on('close', () => {
        client.destroy();
        engine.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return { socket, requests: (): readonly EngineRequest[] => requests, close: () => server.close() };
}

function kindOf(method: string, path: string): string {
  const [bare = ''] = path.replace(/^\/v[\d.]+/, '').split('?');
  return `${method} ${bare.replace(NAMES, '/$1/ID')}`;
}
