/**
 * What a project's own networks take of the engine and no second network can have: subnets, and interfaces of the host.
 */
import { BlockList, isIP } from 'node:net';
import type { ComposeModel } from '../compose/compose-model.ts';
import type { EngineNetwork } from '../engine/engine.ts';
import { COMPOSE_LABELS } from '../engine/labels.ts';

export interface NetworkClaim {
  /** As the compose file calls it. */
  readonly network: string;
  /** CIDR, IPv4 or IPv6. */
  readonly subnets: readonly string[];
  /** The host's interface that a macvlan or ipvlan network is on; null for others. */
  readonly parent: string | null;
}

export interface NetworkConflict {
  readonly claim: NetworkClaim;
  /** The subnet or the interface of the claim that is taken. */
  readonly wanted: string;
  readonly holder: EngineNetwork;
  /** The holder's subnet or interface: the same, or a subnet that overlaps. */
  readonly held: string;
}

/** @returns the claims of the networks that the services use; compose does not create external networks */
export function claimsOf({ services, networks = {} }: ComposeModel): readonly NetworkClaim[] {
  const used = new Set(Object.values(services).flatMap((service) => Object.keys(service.networks ?? {})));
  return Object.entries(networks).flatMap(([name, network]) => {
    if (network === null || network.external === true || !used.has(name)) return [];
    const subnets = (network.ipam?.config ?? []).flatMap(({ subnet }) => (subnet === undefined ? [] : [subnet]));
    const parent = parentOf(network.driver, network.driver_opts);
    return subnets.length === 0 && parent === null ? [] : [{ network: name, subnets, parent }];
  });
}

/** @returns the interface of the host that the network is on */
export function parentOf(driver = '', options: Readonly<Record<string, string>> = {}): string | null {
  return driver === 'macvlan' || driver === 'ipvlan' ? (options['parent'] ?? null) : null;
}

/**
 * @param networks all networks of the engine
 * @param project the compose project with the claims: its own networks do not conflict
 */
export function conflictOf(
  claims: readonly NetworkClaim[],
  networks: readonly EngineNetwork[],
  project: string,
): NetworkConflict | null {
  const others = networks.filter(({ labels }) => labels[COMPOSE_LABELS.project] !== project);
  for (const claim of claims) {
    for (const holder of others) {
      if (claim.parent !== null && holder.parent === claim.parent) {
        return { claim, wanted: claim.parent, holder, held: claim.parent };
      }
      for (const wanted of claim.subnets) {
        const held = holder.subnets.find((subnet) => overlap(subnet, wanted));
        if (held !== undefined) return { claim, wanted, holder, held };
      }
    }
  }
  return null;
}

/** Two subnets overlap where one has the other's first address. @returns false if one is not a subnet, and for two address families */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [subnetOf(one), subnetOf(other)];
  if (a === null || b === null || a.family !== b.family) return false;
  return contains(a, b.address) || contains(b, a.address);
}

interface Subnet {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

function subnetOf(text: string): Subnet | null {
  const [address = '', length = ''] = text.split('/');
  const version = isIP(address);
  const prefix = Number(length);
  if (version === 0 || length === '' || !Number.isInteger(prefix) || prefix > (version === 4 ? 32 : 128)) return null;
  return { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' };
}

function contains({ address, prefix, family }: Subnet, other: string): boolean {
  const list = new BlockList();
  list.addSubnet(address, prefix, family);
  return list.check(other, family);
}

/** The engine's messages when a claim cannot be met. */
const REFUSAL =
  /Pool overlaps with other one on this address space|is already using parent interface|networks have overlapping IP/i;
const EXHAUSTED =
  /all predefined address pools have been fully subnetted|could not find an available, non-overlapping IPv[46] address pool/i;

/**
 * @param said the output of a command that makes networks
 * @returns why the engine refused to make one; null for other reasons
 */
export function networkRefusal(said: string): 'taken' | 'exhausted' | null {
  if (REFUSAL.test(said)) return 'taken';
  return EXHAUSTED.test(said) ? 'exhausted' : null;
}
