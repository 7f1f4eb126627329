// What the server says the form is (presenters/rule_set_form.py), and what can be answered from it alone.
import { halfWidth } from "../scoring/exact.ts";
import { at, isMembers, type Json, type Members, type Place } from "./document.ts";

export interface Member {
  name: string;
  label: string;
  hint: string;
  required: boolean;
  form: Form;
  /** What another member (of this object, or of the group above) must say for this one to have a meaning. */
  when?: { member: string; words: string[]; above: boolean };
}

export interface Variant {
  name: string;
  label: string;
  fixed: Members;
  told_by: string[];
  implied: string[];
  form: Form;
}

export type Reference = "node" | "award" | "award_or_honour" | "team_award" | "scale";

export type Form =
  | { kind: "object"; members: Member[] }
  | { kind: "variants"; variants: Variant[] }
  | { kind: "list"; items: Form; least: number; most: number }
  | { kind: "map"; items: Form; names: Form }
  | { kind: "choice"; options: { value: Json; label: string }[] }
  | { kind: "reference"; to: Reference }
  | { kind: "whole"; least: number | null; most: number | null }
  | { kind: "text"; most: number }
  | { kind: "see"; definition: string }
  | { kind: "number" | "fraction" | "identifier" | "title" | "date" | "yes" };

export interface Forms {
  document: Form;
  definitions: { [name: string]: Form };
}

export class Description {
  readonly #forms: Forms;

  constructor(forms: Forms) {
    this.#forms = forms;
  }

  get document(): Form {
    return this.#forms.document;
  }

  /** The form itself, where it is only referred to. */
  own(form: Form): Form {
    return form.kind === "see" ? this.definition(form.definition) : form;
  }

  definition(name: string): Form {
    const form = this.#forms.definitions[name];
    if (!form) throw new Error(`no form ${name}`);
    return form;
  }

  /** The members of a value: of the object, or of the variant it is. */
  members(form: Form, value: Json | undefined): Member[] {
    const own = this.own(form);
    if (own.kind === "object") return own.members;
    if (own.kind !== "variants") return [];
    const chosen = variantOf(own.variants, value);
    return chosen ? this.members(chosen.form, value) : [];
  }

  /** Every place of the document with the form that stands there, top down. */
  *walk(form: Form, value: Json | undefined, place: Place = []): Generator<{ form: Form; place: Place; value: Json }> {
    if (value === undefined) return;
    const own = this.own(form);
    yield { form: own, place, value };
    if (own.kind === "object" || own.kind === "variants") {
      for (const member of this.members(own, value)) yield* this.walk(member.form, at(value, [member.name]), [...place, member.name]);
    } else if (own.kind === "list" && Array.isArray(value)) {
      for (const [index, item] of value.entries()) yield* this.walk(own.items, item, [...place, index]);
    } else if (own.kind === "map" && isMembers(value)) {
      for (const [name, item] of Object.entries(value)) yield* this.walk(own.items, item, [...place, name]);
    }
  }

  /** A new value: what must be chosen takes its first choice, what must be written stays to be written. */
  blank(form: Form, untitled: string): Json {
    const own = this.own(form);
    switch (own.kind) {
      case "object":
        return Object.fromEntries(own.members.filter((each) => each.required).flatMap((each) => this.#begun(each, untitled)));
      case "variants": {
        const [first] = own.variants;
        return first ? this.#begunAs(first, untitled) : {};
      }
      case "list":
        // The tree refers to itself: its parts are added one by one.
        if (own.items.kind === "see") return [];
        return Array.from({ length: Math.max(1, own.least) }, () => this.blank(own.items, untitled));
      case "map":
        return {};
      case "choice":
        return own.options[0]?.value ?? null;
      case "title":
        return { zh: untitled };
      case "yes":
        return false;
      default:
        return "";
    }
  }

  /** A new value of a variant; the members that tell it apart are there from the beginning, to be filled in. */
  #begunAs(variant: Variant, untitled: string): Members {
    const told = this.members(variant.form, {}).filter((each) => variant.told_by.includes(each.name));
    const telling = Object.fromEntries(told.map((each) => [each.name, this.blank(each.form, untitled)]));
    return { ...variant.fixed, ...telling, ...(this.blank(variant.form, untitled) as Members) };
  }

  #begun(member: Member, untitled: string): [string, Json][] {
    const own = this.own(member.form);
    const isWritten = !["object", "variants", "list", "map", "choice", "title", "yes"].includes(own.kind);
    return isWritten ? [] : [[member.name, this.blank(own, untitled)]];
  }

  /** The value as another variant: what both know stays, the rest goes, what the new one needs is begun. */
  turned(value: Json | undefined, to: Variant, untitled: string): Members {
    const begun = this.#begunAs(to, untitled);
    if (!isMembers(value)) return begun;
    const kept = this.members(to.form, value).filter((each) => each.name in value && fits(each.form, value[each.name]));
    return { ...begun, ...Object.fromEntries(kept.map((each) => [each.name, this.#known(each.form, value[each.name] ?? null)])) };
  }

  /** What a form knows of a value: for the rest it has no field in which anybody could take it away. */
  #known(form: Form, value: Json): Json {
    const own = this.own(form);
    if (own.kind === "list" && Array.isArray(value)) return value.map((item) => this.#known(own.items, item));
    if (own.kind !== "object" || !isMembers(value)) return value;
    const members = own.members.filter((each) => each.name in value);
    return Object.fromEntries(members.map((each) => [each.name, this.#known(each.form, value[each.name] ?? null)]));
  }

  /** The value with its members in the order of the form: for people who read the text. */
  ordered(form: Form, value: Json): Json {
    const own = this.own(form);
    if (own.kind === "list" && Array.isArray(value)) return value.map((item) => this.ordered(own.items, item));
    if (!isMembers(value) || (own.kind !== "object" && own.kind !== "variants")) return value;
    const members = this.members(own, value);
    const names = [...members.map((each) => each.name)];
    const fixed = Object.keys(value).filter((name) => !names.includes(name));
    const written = [...fixed, ...names.filter((name) => name in value)];
    const forms = new Map(members.map((each) => [each.name, each.form]));
    return Object.fromEntries(
      written.map((name) => {
        const inner = forms.get(name);
        const item = value[name] ?? null;
        return [name, inner ? this.ordered(inner, item) : item];
      }),
    );
  }
}

/** A member that means one choice in one variant and something else in another does not come along. */
function fits(form: Form, value: Json | undefined): boolean {
  if (form.kind === "choice") return form.options.some((each) => each.value === value);
  if (form.kind === "list") return Array.isArray(value);
  if (form.kind === "object" || form.kind === "map" || form.kind === "title") return isMembers(value);
  return true;
}

/** Which of the variants a value is. */
export function variantOf(variants: Variant[], value: Json | undefined): Variant | undefined {
  if (!isMembers(value)) return undefined;
  return variants.find((variant) =>
    variant.told_by.every((name) => {
      const wanted = variant.fixed[name];
      if (wanted === undefined) return name in value;
      return value[name] === wanted || (!(name in value) && variant.implied.includes(name));
    }),
  );
}

/** Whether a member is shown: it has a meaning here, or somebody has stated it. */
export function isShown(member: Member, document: Json, place: Place): boolean {
  if (!member.when || at(document, [...place, member.name]) !== undefined) return true;
  const { above, member: other, words } = member.when;
  return words.includes(shown(at(document, [...(above ? place.slice(0, -2) : place), other])));
}

/** What was typed as it is written into the document; undefined takes the member away. Numbers stay exact: text, unless whole. */
export function written(form: Form, typed: string): Json | undefined {
  if (form.kind === "text") return typed.trim() === "" ? undefined : typed.trim();
  const text = halfWidth(typed);
  if (text === "") return undefined;
  if (form.kind === "number" && /^-?\d{1,9}$/.test(text)) return Number(text);
  if (form.kind === "whole" && /^-?\d{1,15}$/.test(text)) return Number(text);
  if (form.kind === "identifier" || form.kind === "date") return typed.trim();
  return text;
}

/** A value as it is shown in a field. */
export function shown(value: Json | undefined): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
