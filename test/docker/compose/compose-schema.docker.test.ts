/** That what compose really prints of a file with everything in it passes our own check of its answers. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { composeConfig } from '../../../src/docker/compose/compose-command.ts';
import { parseModel } from '../../../src/docker/compose/compose-schema.ts';
import { runDocker } from '../../../src/docker/command/run-docker.ts';
import { localEndpoint } from '../../support/local-engine.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const EVERYTHING = `
services:
  test:
    build: {context: ., args: [A=1, B], ssh: [default], extra_hosts: ["h:1.2.3.4"], shm_size: 64mb, secrets: [tok], additional_contexts: {x: ./y}, labels: [a=b], network: host, platforms: [linux/amd64], cache_from: [a], no_cache: true, target: x}
    command: null
    environment: [A=1, B]
    depends_on: [db]
    links: ["db:x"]
    external_links: [c]
    volumes: ["data:/d", "./x:/y:ro", {type: tmpfs, target: /t, tmpfs: {size: 100}}, "/anon"]
    ports: ["80", "127.0.0.1:5000-5001:5000-5001/udp"]
    expose: [90, "91-92"]
    networks: {default: , back: {aliases: [t], ipv4_address: 10.9.0.2, priority: 5}}
    deploy: {replicas: 0, resources: {limits: {cpus: "0.5", memory: 1g, pids: 5}, reservations: {memory: 5m, cpus: 0.1}}, restart_policy: {condition: none, max_attempts: 3}}
    mem_limit: 1g
    scale: 0
    ulimits: {nofile: 5}
    configs: [cfg]
    secrets: [{source: tok, target: /x, mode: 0440}]
    healthcheck: {disable: true}
    logging: {driver: none}
    labels: {a: 1, b: true}
    profiles: [p]
    pid: host
    ipc: "service:db"
    platform: linux/amd64
    restart: "no"
    container_name: x
    cap_add: [ALL]
    develop: {watch: [{path: ., action: rebuild}]}
  db: {image: p, network_mode: none, volumes_from: ["container:x"], entrypoint: "", deploy: {resources: {limits: {cpus: 2}}}}
  inl: {build: {dockerfile_inline: "FROM scratch", context: .}, gpus: all}
networks: {default: , back: {ipam: {config: [{subnet: 10.9.0.0/24, aux_addresses: {a: 10.9.0.9}}]}, driver_opts: {a: 1}, labels: [x=y]}, ext: {external: true, name: e}}
volumes: {data: {driver_opts: {type: none, device: /x, o: bind}}, e: {external: true}, n: }
secrets: {tok: {environment: TOK}, f: {file: ./f}}
configs: {cfg: {content: "x"}}
`;

test('a file with everything in it', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'compose.yml');
  writeFileSync(file, EVERYTHING);
  const args = composeConfig({ files: [file], projectDirectory: folder, profiles: ['*'] });
  const { stdout, stderr, exitCode } = await runDocker(await localEndpoint(), args, { cwd: folder });
  expect({ exitCode, stderr: stderr.replaceAll(/^time=.*$/gm, '').trim() }).toEqual({ exitCode: 0, stderr: '' });
  const model = parseModel(stdout);
  expect(Object.keys(model.services)).toEqual(['db', 'inl', 'test']);
  expect(model.services['test']).toMatchObject({
    scale: 0,
    build: { secrets: [{ source: 'tok' }] },
    ports: [{ target: 80 }, {}, {}],
  });
});
