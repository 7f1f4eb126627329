// The tree of the marking scheme: groups and aspects, where they stand, and how they move.
import { at, inserted, isMembers, type Json, type Members, moved, type Place, put } from "./document.ts";

export const ROOT: Place = ["scheme"];

export interface Branch {
  place: Place;
  node: Members;
  number: string;
  level: number;
}

export type Step = "up" | "down" | "in" | "out";

/** Every node below a place, top down, with its number (2.1.3). */
export function* branches(document: Json, place: Place = ROOT, number = "", level = 1): Generator<Branch> {
  const node = at(document, place);
  if (!isMembers(node)) return;
  yield { place, node, number, level };
  for (const [index] of childrenOf(node).entries()) {
    yield* branches(document, [...place, "children", index], number ? `${number}.${index + 1}` : String(index + 1), level + 1);
  }
}

export function childrenOf(node: Json | undefined): Json[] {
  const children = isMembers(node) ? node.children : undefined;
  return Array.isArray(children) ? children : [];
}

export const isGroup = (node: Json | undefined): boolean => isMembers(node) && node.kind === "group";

/** The place of the group that a node stands in, and its index there; null for the root. */
export function above(place: Place): { parent: Place; index: number } | null {
  const index = place.at(-1);
  return typeof index === "number" ? { parent: place.slice(0, -2), index } : null;
}

/** The document with a node inside the chosen group, or behind the chosen aspect; and where it stands. */
export function added(document: Json, chosen: Place, node: Members): { document: Json; place: Place } {
  const up = above(chosen);
  const inside = isGroup(at(document, chosen)) || up === null;
  const parent = inside ? chosen : up.parent;
  const children = childrenOf(at(document, parent));
  const index = inside ? children.length : up.index + 1;
  return {
    document: put(document, [...parent, "children"], inserted(children, index, node)),
    place: [...parent, "children", index],
  };
}

/** The document with a copy behind the node; every identifier of the copy is new. */
export function duplicated(document: Json, place: Place): { document: Json; place: Place } | null {
  const up = above(place);
  const node = at(document, place);
  if (!up || !isMembers(node)) return null;
  const taken = identifiers(document);
  const children = childrenOf(at(document, up.parent));
  return {
    document: put(document, [...up.parent, "children"], inserted(children, up.index + 1, renamed(node, taken))),
    place: [...up.parent, "children", up.index + 1],
  };
}

function renamed(node: Members, taken: Set<string>): Members {
  const copy: Members = { ...node, id: free(String(node.id ?? "part"), taken) };
  if (Array.isArray(node.children)) copy.children = node.children.map((child) => (isMembers(child) ? renamed(child, taken) : child));
  return copy;
}

export function identifiers(document: Json): Set<string> {
  return new Set([...branches(document)].map((each) => String(each.node.id ?? "")));
}

/** An identifier like this one that nothing has yet; it is taken from now on. */
export function free(like: string, taken: Set<string>): string {
  const stem = like.replace(/-\d+$/, "").slice(0, 36);
  let number = 1;
  let name = like;
  while (taken.has(name)) {
    number += 1;
    name = `${stem}-${number}`;
  }
  taken.add(name);
  return name;
}

/** The document without the node, and what is chosen then; null for the root, which stays. */
export function removed(document: Json, place: Place): { document: Json; place: Place } | null {
  const up = above(place);
  if (!up) return null;
  const left = childrenOf(at(document, up.parent)).length - 1;
  return {
    document: put(document, place, undefined),
    place: left === 0 ? up.parent : [...up.parent, "children", Math.min(up.index, left - 1)],
  };
}

/** The document with the node one step away: up or down among its like, into the group before it, or out behind its own group. */
export function stepped(document: Json, place: Place, step: Step): { document: Json; place: Place } | null {
  const up = above(place);
  if (!up) return null;
  const children = childrenOf(at(document, up.parent));
  if (step === "up" || step === "down") {
    const to = up.index + (step === "up" ? -1 : 1);
    if (to < 0 || to >= children.length) return null;
    return { document: put(document, [...up.parent, "children"], moved(children, up.index, to)), place: [...up.parent, "children", to] };
  }
  return step === "in" ? into(document, place, up) : out(document, place, up);
}

function into(document: Json, place: Place, up: { parent: Place; index: number }): { document: Json; place: Place } | null {
  const before: Place = [...up.parent, "children", up.index - 1];
  const node = at(document, place);
  if (up.index === 0 || node === undefined || !isGroup(at(document, before))) return null;
  const inside = childrenOf(at(document, before));
  const without = put(document, place, undefined);
  return { document: put(without, [...before, "children"], [...inside, node]), place: [...before, "children", inside.length] };
}

function out(document: Json, place: Place, up: { parent: Place; index: number }): { document: Json; place: Place } | null {
  const group = above(up.parent);
  const node = at(document, place);
  if (!group || node === undefined) return null;
  const without = put(document, place, undefined);
  const children = childrenOf(at(without, group.parent));
  return {
    document: put(without, [...group.parent, "children"], inserted(children, group.index + 1, node)),
    place: [...group.parent, "children", group.index + 1],
  };
}
