import { getHeapSnapshot } from 'node:v8';
import { text } from 'node:stream/consumers';

/** Who owns what: the classes whose instances, and all they lead to, an owner answers for. */
export type Owners = Readonly<Record<string, readonly string[]>>;

/** As V8 writes it. */
interface Snapshot {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[];
      readonly node_types: readonly [readonly string[], ...unknown[]];
      readonly edge_fields: readonly string[];
      readonly edge_types: readonly [readonly string[], ...unknown[]];
    };
  };
  readonly nodes: readonly number[];
  readonly edges: readonly number[];
  readonly strings: readonly string[];
}

/**
 * Bytes on the heap, typed arrays' memory included, by owner: all that leads from its instances
 * and not through those of another, what several lead to being the first one's, and without what
 * the engine or a module leads to. What all systems have (code, shapes) is among it, so compare two
 * sizes of one to see what one more member costs.
 *
 * Takes a snapshot of the heap, as large as the heap itself: for small systems.
 */
export async function heapByOwner(owners: Owners): Promise<Record<string, number>> {
  const heap = new Heap(JSON.parse(await text(getHeapSnapshot())) as Snapshot);
  const taken = new Uint8Array(heap.size);
  const ownerOf = new Map(
    Object.entries(owners).flatMap(([owner, classes]) => classes.map((name) => [name, owner])),
  );
  const instances = new Map(Object.keys(owners).map((owner) => [owner, [] as number[]]));
  const beginnings: number[] = [];
  for (let node = 0; node < heap.size; node += 1) {
    const name = heap.nameOf(node);
    const owner = heap.isObject(node) ? (ownerOf.get(name) ?? '') : '';
    const found = worlds.has(name) ? beginnings : instances.get(owner);
    if (found === undefined) continue;
    taken[node] = 1;
    found.push(node);
  }
  // Someone's closure leads to the engine's own world, and that to whatever else the process does.
  heap.bytesFrom(beginnings, taken);
  return Object.fromEntries([...instances].map(([owner, nodes]) => {
    return [owner, heap.bytesFrom(nodes, taken)];
  }));
}

/** References to what is there once for all instances: they lead out of an owner, to everything. */
const shared: ReadonlySet<string> = new Set([
  '__proto__', 'code', 'constructor', 'feedback_cell', 'map', 'native_context', 'previous',
  'prototype', 'shared',
]);

/** Where the world of the engine and that of each module begin. */
const worlds: ReadonlySet<string> = new Set([
  'system / NativeContext', 'system / SourceTextModule',
]);

class Heap {
  readonly size: number;
  readonly #snapshot: Snapshot;
  readonly #nodeWidth: number;
  readonly #edgeWidth: number;
  readonly #field: Readonly<Record<'type' | 'name' | 'bytes' | 'edgeName' | 'to', number>>;
  readonly #object: number;
  /** Kinds of edges that are none of the owner's, or have a number for a name. */
  readonly #weak: number;
  readonly #numbered: readonly number[];
  /** Where a node's edges begin, by node; one more at the end. */
  readonly #firstEdge: Int32Array;

  constructor(snapshot: Snapshot) {
    const { meta } = snapshot.snapshot;
    this.#snapshot = snapshot;
    this.#nodeWidth = meta.node_fields.length;
    this.#edgeWidth = meta.edge_fields.length;
    this.#field = {
      type: meta.node_fields.indexOf('type'),
      name: meta.node_fields.indexOf('name'),
      bytes: meta.node_fields.indexOf('self_size'),
      edgeName: meta.edge_fields.indexOf('name_or_index'),
      to: meta.edge_fields.indexOf('to_node'),
    };
    this.#object = meta.node_types[0].indexOf('object');
    this.#weak = meta.edge_types[0].indexOf('weak');
    this.#numbered = ['element', 'hidden'].map((kind) => meta.edge_types[0].indexOf(kind));
    this.size = snapshot.nodes.length / this.#nodeWidth;
    this.#firstEdge = new Int32Array(this.size + 1);
    const edgeCount = meta.node_fields.indexOf('edge_count');
    for (let node = 0; node < this.size; node += 1) {
      const count = snapshot.nodes[node * this.#nodeWidth + edgeCount];
      this.#firstEdge[node + 1] = this.#firstEdge[node] + count;
    }
  }

  isObject(node: number): boolean {
    return this.#of(node, this.#field.type) === this.#object;
  }

  nameOf(node: number): string {
    return this.#snapshot.strings[this.#of(node, this.#field.name)];
  }

  /** Of the nodes and of all that they lead to and nobody has taken; it is taken then. */
  bytesFrom(nodes: readonly number[], taken: Uint8Array): number {
    const found = [...nodes];
    let bytes = 0;
    for (let node = found.pop(); node !== undefined; node = found.pop()) {
      bytes += this.#of(node, this.#field.bytes);
      for (const child of this.#childrenOf(node)) {
        if (taken[child] === 1) continue;
        taken[child] = 1;
        found.push(child);
      }
    }
    return bytes;
  }

  *#childrenOf(node: number): Iterable<number> {
    const { edges, strings } = this.#snapshot;
    for (let edge = this.#firstEdge[node]; edge < this.#firstEdge[node + 1]; edge += 1) {
      const at = edge * this.#edgeWidth;
      if (edges[at] === this.#weak) continue;
      const isNamed = !this.#numbered.includes(edges[at]);
      if (isNamed && shared.has(strings[edges[at + this.#field.edgeName]])) continue;
      yield edges[at + this.#field.to] / this.#nodeWidth;
    }
  }

  #of(node: number, field: number): number {
    return this.#snapshot.nodes[node * this.#nodeWidth + field];
  }
}
