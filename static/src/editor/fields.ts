// Fields for whatever the description of a form offers. Plain fields stay where they are while somebody types and tabs;
// only what changes the fields themselves (another variant, one more item) draws the form anew.
import { fill, h } from "../js/dom.ts";
import { at, isMembers, type Json, moved, type Place, pointer } from "./document.ts";
import { type Description, type Form, isShown, type Member, type Reference, shown, variantOf, written } from "./forms.ts";

export interface Desk {
  readonly words: Record<string, string>;
  readonly description: Description;
  readonly document: Json;
  value(place: Place): Json | undefined;
  /** Put a value (undefined: take it away). `redraw` names the field that has the focus in the form drawn anew. */
  change(place: Place, value: Json | undefined, redraw?: string): void;
  choices(to: Reference): { value: string; label: string }[];
}

export const fieldId = (place: Place): string => `at${pointer(place)}`;

/** The fields of an object's members; `left` are members that are edited elsewhere. */
export function memberFields(desk: Desk, members: Member[], place: Place, left: string[] = []): HTMLElement[] {
  const telling = new Set(members.flatMap((each) => (each.when && !each.when.above ? [each.when.member] : [])));
  return members
    .filter((each) => !left.includes(each.name) && isShown(each, desk.document, place))
    .map((each) => memberField(telling.has(each.name) ? redrawing(desk) : desk, each, [...place, each.name]));
}

/** The desk for a field that says which other fields have a meaning: after a change the form is drawn anew. */
function redrawing(desk: Desk): Desk {
  return {
    words: desk.words,
    description: desk.description,
    get document() {
      return desk.document;
    },
    value: (place) => desk.value(place),
    choices: (to) => desk.choices(to),
    change: (place, value, redraw) => desk.change(place, value, redraw ?? fieldId(place)),
  };
}

function memberField(desk: Desk, member: Member, place: Place): HTMLElement {
  const form = desk.description.own(member.form);
  if (isPlain(form)) return labelled(desk, member, form, place);
  if (desk.value(place) === undefined) return offer(desk, member, form, place);
  const head = h("legend", { class: "field-label" }, member.label);
  const drop = h(
    "button",
    { type: "button", class: "button button-quiet editor-drop", "data-focus": `drop${pointer(place)}`, click: () => desk.change(place, undefined, `offer${pointer(place)}`) },
    fill(desk.words.remove_named ?? "", { name: member.label }),
  );
  return h(
    "fieldset",
    { class: "editor-part", id: fieldId(place), tabindex: "-1" },
    head,
    hint(member, place),
    problem(place),
    ...inner(desk, form, place, member.label),
    member.required ? null : drop,
  );
}

function offer(desk: Desk, member: Member, form: Form, place: Place): HTMLElement {
  const begin = (): void => desk.change(place, desk.description.blank(form, desk.words.untitled ?? ""), fieldId(place));
  return h(
    "div",
    { class: "field editor-offer", id: fieldId(place), tabindex: "-1" },
    h("button", { type: "button", class: "button button-secondary", "data-focus": `offer${pointer(place)}`, click: begin }, fill(desk.words.add_named ?? "", { name: member.label })),
    hint(member, place),
    problem(place),
  );
}

const isPlain = (form: Form): boolean => !["object", "variants", "list", "map", "title"].includes(form.kind);

function inner(desk: Desk, form: Form, place: Place, name: string): HTMLElement[] {
  switch (form.kind) {
    case "object":
      return memberFields(desk, form.members, place);
    case "variants":
      return variantFields(desk, form, place, name);
    case "list":
      return [listFields(desk, form.items, form.least, form.most, place, name)];
    case "map":
      return [mapFields(desk, form.items, form.names, place, name)];
    case "title":
      return titleFields(desk, place);
    default:
      return [];
  }
}

/** The choice of the variant, and the fields of the chosen one. */
export function variantFields(desk: Desk, form: Form & { kind: "variants" }, place: Place, name: string, left: string[] = []): HTMLElement[] {
  const value = desk.value(place);
  const chosen = variantOf(form.variants, value);
  const id = `kind${pointer(place)}`;
  const select = h(
    "select",
    {
      class: "input",
      id,
      "data-focus": id,
      change: () => {
        const to = form.variants.find((each) => each.name === select.value);
        if (to) desk.change(place, desk.description.turned(desk.value(place), to, desk.words.untitled ?? ""), id);
      },
    },
    ...(chosen ? [] : [h("option", { value: "" }, "–")]),
    ...form.variants.map((each) => option(each.name, each.label, each === chosen)),
  );
  return [
    h("div", { class: "field" }, h("label", { class: "field-label", for: id }, fill(desk.words.kind_of ?? "", { name })), select),
    ...(chosen ? memberFields(desk, desk.description.members(chosen.form, value), place, left) : []),
  ];
}

function listFields(desk: Desk, items: Form, least: number, most: number, place: Place, name: string): HTMLElement {
  const list = desk.value(place);
  const values = Array.isArray(list) ? list : [];
  const own = desk.description.own(items);
  const add = (): void => desk.change([...place, values.length], desk.description.blank(own, desk.words.untitled ?? ""), firstOf(own, [...place, values.length]));
  return h(
    "div",
    { class: "editor-list" },
    ...values.map((_, index) => item(desk, own, values, index, least, place, name)),
    values.length < most
      ? h("button", { type: "button", class: "button button-secondary", "data-focus": `add${pointer(place)}`, click: add }, fill(desk.words.add_to ?? "", { name }))
      : null,
  );
}

const firstOf = (form: Form, place: Place): string => (form.kind === "variants" ? `kind${pointer(place)}` : fieldId(place));

function item(desk: Desk, form: Form, values: Json[], index: number, least: number, place: Place, name: string): HTMLElement {
  const here = [...place, index];
  const label = fill(desk.words.item ?? "", { name, number: index + 1 });
  const step = (to: number): void => desk.change(place, moved(values, index, to), `up${pointer([...place, to])}`);
  const button = (key: string, words: string, action: () => void, off: boolean): HTMLElement =>
    h("button", { type: "button", class: "button button-quiet", "data-focus": `${key}${pointer(here)}`, "aria-label": fill(words, { name: label }), disabled: off, click: action }, desk.words[`${key}_sign`] ?? "");
  const tools = h(
    "div",
    { class: "editor-item-tools" },
    button("up", desk.words.up_named ?? "", () => step(index - 1), index === 0),
    button("down", desk.words.down_named ?? "", () => step(index + 1), index === values.length - 1),
    button("drop", desk.words.remove_named ?? "", () => desk.change(place, values.filter((_, each) => each !== index), `add${pointer(place)}`), values.length <= least),
  );
  if (isPlain(form)) {
    return h("div", { class: "editor-item editor-item-plain" }, labelled(desk, { name: "", label, hint: "", required: true, form }, form, here), tools);
  }
  return h(
    "fieldset",
    { class: "editor-item", id: fieldId(here), tabindex: "-1" },
    h("legend", { class: "field-label" }, label),
    tools,
    problem(here),
    ...inner(desk, form, here, name),
  );
}

function mapFields(desk: Desk, items: Form, names: Form, place: Place, name: string): HTMLElement {
  const value = desk.value(place);
  const entries = isMembers(value) ? Object.entries(value) : [];
  const id = `new${pointer(place)}`;
  const key = names.kind === "reference" ? chooser(desk, names.to, id, "") : h("input", { class: "input", id, "data-focus": id, autocomplete: "off" });
  const add = (): void => {
    const named = key.value.trim();
    if (named && !entries.some(([each]) => each === named)) desk.change([...place, named], desk.description.blank(items, ""), fieldId([...place, named]));
  };
  return h(
    "div",
    { class: "editor-list" },
    ...entries.map(([each]) =>
      h(
        "div",
        { class: "editor-item editor-item-plain" },
        labelled(desk, { name: each, label: `${name}: ${nameOf(desk, names, each)}`, hint: "", required: true, form: items }, items, [...place, each]),
        h("div", { class: "editor-item-tools" },
          h("button", { type: "button", class: "button button-quiet", "aria-label": fill(desk.words.remove_named ?? "", { name: nameOf(desk, names, each) }), click: () => desk.change([...place, each], undefined, id) }, desk.words.drop_sign ?? "")),
      ),
    ),
    h("div", { class: "row editor-new" },
      h("div", { class: "field" }, h("label", { class: "field-label", for: id }, fill(desk.words.new_name ?? "", { name })), key),
      h("button", { type: "button", class: "button button-secondary", click: add }, fill(desk.words.add_to ?? "", { name }))),
  );
}

function nameOf(desk: Desk, names: Form, value: string): string {
  if (names.kind !== "reference") return value;
  return desk.choices(names.to).find((each) => each.value === value)?.label ?? value;
}

function titleFields(desk: Desk, place: Place): HTMLElement[] {
  return (["zh", "en"] as const).map((tongue) => {
    const form: Form = { kind: "text", most: 200 };
    const label = desk.words[`title_${tongue}`] ?? tongue;
    return labelled(desk, { name: tongue, label, hint: "", required: tongue === "zh", form }, form, [...place, tongue]);
  });
}

function labelled(desk: Desk, member: Member, form: Form, place: Place): HTMLElement {
  const id = fieldId(place);
  const control = controlOf(desk, member, form, place, id);
  const about = [member.hint ? `hint${pointer(place)}` : "", `problem${pointer(place)}`].filter(Boolean).join(" ");
  control.setAttribute("aria-describedby", about);
  control.dataset.focus = id;
  return h(
    "div",
    { class: "field" },
    h("label", { class: "field-label", for: id }, member.label, member.required && member.name ? h("span", { class: "required-mark", "aria-hidden": "true" }, " *") : null),
    hint(member, place),
    problem(place),
    control,
  );
}

function controlOf(desk: Desk, member: Member, form: Form, place: Place, id: string): HTMLElement {
  const value = desk.value(place);
  if (form.kind === "choice") return choice(desk, form.options, member.required, place, id, value);
  if (form.kind === "yes") {
    const options = [true, false].map((each) => ({ value: each as Json, label: desk.words[each ? "yes" : "no"] ?? "" }));
    return choice(desk, options, member.required, place, id, value);
  }
  if (form.kind === "reference") {
    const select = chooser(desk, form.to, id, shown(value), !member.required);
    select.addEventListener("change", () => desk.change(place, select.value === "" ? undefined : select.value));
    return select;
  }
  const type = form.kind === "date" ? "date" : "text";
  const mode = form.kind === "number" ? "decimal" : form.kind === "whole" ? "numeric" : "text";
  const isLong = form.kind === "text" && form.most > 1000;
  const input = isLong
    ? h("textarea", { class: "input", id, rows: "4" })
    : h("input", { class: "input", id, type, inputmode: mode, autocomplete: "off", spellcheck: "false" });
  input.value = shown(value);
  input.addEventListener("change", () => desk.change(place, written(form, input.value)));
  return input;
}

function choice(desk: Desk, options: { value: Json; label: string }[], required: boolean, place: Place, id: string, value: Json | undefined): HTMLElement {
  const known = options.findIndex((each) => each.value === value);
  const isForeign = value !== undefined && known < 0;
  const select = h(
    "select",
    { class: "input", id },
    ...(required && known >= 0 ? [] : [option("", value === undefined ? (desk.words.not_said ?? "") : shown(value), known < 0)]),
    ...options.map((each, index) => option(String(index), each.label, index === known)),
  );
  select.addEventListener("change", () => {
    if (select.value === "" && isForeign) return;
    desk.change(place, select.value === "" ? undefined : options[Number(select.value)]?.value);
  });
  return select;
}

/** A list of what an identifier may name; it is filled when somebody comes to it, because names may have changed meanwhile. */
function chooser(desk: Desk, to: Reference, id: string, value: string, mayBeEmpty = true): HTMLSelectElement {
  const select = h("select", { class: "input", id });
  const offerAll = (): void => {
    const now = select.value || value;
    const options = desk.choices(to);
    const missing = now && !options.some((each) => each.value === now) ? [option(now, now, true)] : [];
    const none = mayBeEmpty || !now ? [option("", desk.words.not_said ?? "", !now)] : [];
    select.replaceChildren(...none, ...missing, ...options.map((each) => option(each.value, each.label, each.value === now)));
  };
  offerAll();
  select.addEventListener("focus", offerAll);
  return select;
}

function option(value: string, label: string, selected: boolean): HTMLOptionElement {
  return h("option", { value, selected }, label);
}

function hint(member: Member, place: Place): HTMLElement | null {
  return member.hint ? h("p", { class: "field-hint", id: `hint${pointer(place)}` }, member.hint) : null;
}

function problem(place: Place): HTMLElement {
  return h("p", { class: "field-error", id: `problem${pointer(place)}`, "data-problem": pointer(place), hidden: true });
}

/** Every node, award, honour or scale that an identifier may name. */
export function named(document: Json, to: Reference, titleOf: (value: Json | undefined) => string): { value: string; label: string }[] {
  const list = (place: Place): Json[] => {
    const value = at(document, place);
    return Array.isArray(value) ? value : isMembers(value) ? [value] : [];
  };
  const awards = [...list(["awards", "awards"]), ...list(["awards", "merit"]), ...list(["awards", "medallion"])];
  const ofTeams = [...list(["teams", "awards", "awards"]), ...list(["teams", "awards", "merit"])];
  const known = { scale: list(["scales"]), award: awards, team_award: ofTeams, award_or_honour: [...awards, ...list(["honours"])] };
  const found = to === "node" ? [] : known[to];
  return found.filter(isMembers).map((each) => ({ value: shown(each.id), label: `${titleOf(each.title)} (${shown(each.id)})` }));
}
