// Who is named elsewhere in the document is named there by the new identifier when it changes.
import { at, isMembers, type Json, type Members, type Place, put } from "./document.ts";
import type { Description, Reference } from "./forms.ts";

const NAMED_BY: { [section: string]: Reference[] } = {
  scheme: ["node"],
  awards: ["award", "award_or_honour"],
  honours: ["award_or_honour"],
  scales: ["scale"],
  "teams.awards": ["team_award"],
};

/** The changed document with every mention of the old identifier renewed; any other change passes as it is. */
export function renamed(description: Description, document: Json, before: Json, place: Place): Json {
  const references = NAMED_BY[place.slice(0, place[0] === "teams" ? 2 : 1).join(".")];
  const [old, name] = [at(before, place), at(document, place)];
  const isRename = place.at(-1) === "id" && references && typeof old === "string" && old && typeof name === "string" && name;
  if (!isRename) return document;
  let result = document;
  for (const { form, place: mention, value } of [...description.walk(description.document, document)]) {
    if (form.kind === "reference" && references.includes(form.to) && value === old) result = put(result, mention, name);
    if (form.kind === "map" && form.names.kind === "reference" && references.includes(form.names.to) && isMembers(value) && old in value) {
      result = put(result, mention, keyed(value, old, name));
    }
  }
  return result;
}

function keyed(members: Members, old: string, name: string): Members {
  return Object.fromEntries(Object.entries(members).map(([key, value]) => [key === old ? name : key, value]));
}
