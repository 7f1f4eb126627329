// What the page gives the script and what the two sides say to each other. Numbers of marks are always texts.

export type MarkState = "value" | "not_attempted" | "dnf" | "dns" | "dsq" | "blank";

export type Method =
  | { type: "level"; max: string; descriptors: string[] }
  | { type: "range"; low: string; high: string; step: string | null }
  | { type: "binary"; max: string }
  | { type: "tolerance"; target: string; bands: [string, string][] }
  | { type: "count"; max: string; possible: string }
  | { type: "time"; high: string | null }
  | { type: "linear"; base: string; rate: string; max: string; floor: string; low: string | null; high: string | null; step: string | null }
  | { type: "converted"; max: string; full_within: string; none_after: string }
  | { type: "record"; low: string | null; high: string | null; step: string | null }
  | Try
  | { type: "deduction"; effect: "points" | "percent" | "void"; high: string | null; step: string | null; cap: string | null }
  | { type: "adjustments"; kinds: [string, string][] }
  | { type: "free" }
  | { type: "multiplier" };

// One of several tries. `counts` says how they make marks together; null where they are only compared.
export interface Try {
  type: "try";
  low: string;
  high: string;
  step: string | null;
  counts: "best" | "last" | "sum" | "mean" | "middle_mean" | null;
  tries: number;
  drop: [number, number];
  failures: number;
}

export interface Item {
  aspect: string;
  kind: string;
  title: string;
  heading: string;
  path?: string[];
  judges?: number | null;
  needed: boolean;
  extra: string;
  hint: string;
  states: MarkState[];
  method: Method;
}

export interface Mark {
  aspect: string;
  kind: string;
  value: string | null;
  state: MarkState;
  round: number;
  version: number;
  reason: string;
  agreed?: string[];
}

export interface Levels {
  given: number;
  seats: number;
  shown: boolean;
  discussion: boolean;
  agreed: boolean;
  others: { seat: string; level: string | null; reason: string }[];
}

export interface Sheet {
  id: string;
  code: string;
  seat: string;
  state: string;
  state_says: string;
  marks: Mark[];
  levels: Record<string, Levels>;
  module?: string;
  notes?: Note[];
  exposed?: Note[];
  photos?: Photo[];
  asked?: boolean;
}

// A note of the judge about an item, and a photo of it; what was sent is kept for good.
export interface Note {
  id: string;
  aspect: string;
  text: string;
  at: string;
}

export interface Photo {
  id: string;
  aspect: string;
  at: string;
}

export interface Page {
  event: string;
  account: string;
  module: string;
  current: string;
  server_time: string;
  time_zone: string;
  csrf_token: string;
  is_open: boolean;
  practice?: boolean;
  addresses: Record<"data" | "devices" | "operations" | "state" | "sheet" | "sign" | "sign_in", string> & Partial<Record<"lacking" | "remarks" | "practice" | "card" | "desk" | "presence" | "quarantine" | "home", string>>;
  emergency_key?: string | null;
  order: { id: string; code: string }[];
  items: Record<string, Item[]>;
  sheets: Sheet[];
  texts: Record<string, string>;
}

// One operation of the contract. It is never changed once made: a new edit is a new operation.
export interface Operation {
  op_id: string;
  seq: number;
  sheet: string;
  aspect: string;
  kind: string;
  base_version: number;
  value: string | null;
  state: MarkState;
  round: number;
  reason: string;
  device_time: string;
  agreed?: string[];
}

/** An operation before this device has given it its number. */
export type Unnumbered = Omit<Operation, "seq">;

export interface Theirs {
  value: string | null;
  state: MarkState;
  device: string;
  device_time: string;
  received_at: string;
}

export interface Answer {
  op_id: string;
  answer: "applied" | "duplicate" | "conflict" | "rejected";
  outcome: "applied" | "conflict" | "rejected";
  reason: string;
  version: number;
  sentence: string;
  theirs?: Theirs;
}

export interface Reply {
  device: string;
  answers: Answer[];
  next_sequence: number;
  server_time: string;
  receipt: string;
}

// An operation that was answered with a conflict or a refusal; it stays until the judge has dealt with it.
export interface Attention {
  op_id: string;
  operation: Operation;
  answer: Answer;
}
