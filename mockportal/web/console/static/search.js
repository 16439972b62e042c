// The words of a search in the journal: `status:4xx operation:getOrder as:anna -by:example free text`.

const FIELDS = {
  status: (entry, value) => (/^[1-5]xx$/.test(value) ? String(entry.status)[0] === value[0] : String(entry.status).startsWith(value)),
  operation: (entry, value) => (entry.operation ?? "").toLowerCase().includes(value),
  as: (entry, value) => (entry.as ?? "nobody").toLowerCase() === value,
  method: (entry, value) => (entry.method ?? "").toLowerCase() === value,
  by: (entry, value) => entry.answered_by === value,
  rule: (entry, value) => (entry.rule ?? "").toLowerCase().includes(value),
  path: (entry, value) => (entry.path ?? "").toLowerCase().includes(value),
  n: (entry, value) => String(entry.n) === value,
};
export const FIELD_NAMES = Object.keys(FIELDS);

const plain = (entry, value) => [entry.path, entry.operation, entry.as, entry.method, entry.rule].some((text) => text?.toLowerCase().includes(value));

/** A function that tells whether an entry fits; unknown fields are reported in `unknown`. */
export function searchOf(text) {
  const words = text.toLowerCase().match(/\S+/g) ?? [];
  const unknown = [];
  const tests = words.map((word) => {
    const isNot = word.startsWith("-") && word.length > 1;
    const [name, ...rest] = word.slice(isNot ? 1 : 0).split(":");
    const value = rest.join(":");
    if (rest.length && !(name in FIELDS) && !name.includes("/")) unknown.push(name);
    const test = name in FIELDS && rest.length ? (entry) => !value || FIELDS[name](entry, value) : (entry) => plain(entry, word.slice(isNot ? 1 : 0));
    return isNot ? (entry) => !test(entry) : test;
  });
  return { fits: (entry) => tests.every((test) => test(entry)), unknown, isAll: tests.length === 0 };
}
