// The form of a rule: fields for what is usual, and the rule itself as JSON for everything else.

import { control, inWorld } from "../api.js";
import { h, toast } from "../dom.js";

const KINDS = {
  reply: ["Answer something else", { reply: { status: 200, body: {} } }],
  status: ["Refuse with a status", { fault: { status: 503, message: "maintenance", headers: { "Retry-After": "2" } } }],
  patch: ["Change the real answer", { patch: { body: {} } }],
  delay: ["Answer later", { delay: { median: "800ms", p99: "3s" } }],
  drip: ["Answer in small pieces", { fault: { drip: "10s" } }],
  limit: ["Limit the rate", { fault: { rate_limit: { limit: 5, per: "1m" } } }],
  truncated: ["Cut the body off", { fault: { body: "truncated" } }],
  garbage: ["Send a body that is no JSON", { fault: { body: "garbage" } }],
  reset: ["Break the connection", { fault: { connection: "reset" } }],
  hold: ["Hold it until it is released", { hold: "60s" }],
};

/** A form for a new rule; `given` fills in operation, as and the answer of exchange `n`. `done` is called at the end. */
export function ruleForm(world, given, done) {
  const input = (more) => h("input", { autocomplete: "off", oninput: () => write(), ...more });
  const id = input({ placeholder: "made from its number" });
  const operation = input({ list: "operation-ids", value: given.operation ?? "*", required: true, spellcheck: "false" });
  const ids = h("datalist", { id: "operation-ids" });
  const as = h("select", { onchange: () => write() }, h("option", { value: "" }, "everybody"));
  const times = input({ type: "number", min: 1, placeholder: "always" });
  const every = input({ type: "number", min: 1, placeholder: "each one" });
  const kind = h("select", { onchange: () => write() }, Object.entries(KINDS).map(([name, [label]]) => h("option", { value: name }, label)));
  kind.value = given.n ? "reply" : "status";
  let answer = {};
  const text = h("textarea", { rows: 10, spellcheck: "false", "aria-describedby": "rule-problem", oninput: () => complain("") });
  const problem = h("p", { class: "problem", id: "rule-problem", role: "alert", hidden: true });

  const complain = (message) => {
    problem.textContent = message;
    problem.hidden = !message;
    text.toggleAttribute("aria-invalid", false);
    if (message) text.setAttribute("aria-invalid", "true");
  };
  const write = () => {
    const does = structuredClone(KINDS[kind.value][1]);
    if (kind.value === "reply") does.reply = { ...does.reply, ...answer };
    const rule = {
      ...(id.value && { id: id.value }),
      operation: operation.value || "*",
      ...(as.value && { when: { as: as.value } }),
      ...(times.value && { times: Number(times.value) }),
      ...(every.value && { every: Number(every.value) }),
      ...does,
    };
    text.value = JSON.stringify(rule, null, 2);
    complain("");
  };
  const submit = async (event) => {
    event.preventDefault();
    let rule;
    try {
      rule = JSON.parse(text.value);
    } catch (error) {
      return complain(`is not JSON: ${error.message}`);
    }
    try {
      await control.post(inWorld(world, "rules"), rule);
      toast("The rule applies from now on");
      done();
    } catch (error) {
      complain(error.isMissing ? "This server takes rules from scenario files only; update it to make them here." : error.message);
    }
  };
  Promise.all([fill(world, ids, as, given.as), given.n && answerOf(world, given.n)]).then(([, found]) => {
    answer = found || {};
    write();
  });
  write();
  const field = (label, control, hint) => h("label", { class: "field" }, h("span", {}, label), control, hint && h("span", { class: "hint" }, hint));
  return h("form", { class: "stack", onsubmit: submit },
    h("div", { class: "form-grid" },
      field("Operation", operation, "an operationId, or * for all"), field("As", as), field("What it does", kind), field("Name", id), field("At most so many times", times), field("Only every", every)),
    ids, field("The rule", text, "As in a scenario file. Change it here for everything that has no field."), problem,
    h("div", { class: "line" }, h("button", { class: "primary" }, "Make the rule"), h("button", { type: "button", onclick: done }, "Cancel")));
}

/** What exchange `n` answered, as a reply. */
async function answerOf(world, n) {
  const { response } = await control.get(inWorld(world, "journal", n)).catch(() => ({ response: {} }));
  return response.status ? { status: response.status, body: response.body } : {};
}

async function fill(world, ids, as, chosen) {
  const nothing = { operations: [], people: [] };
  const [{ operations }, { people }] = await Promise.all([control.get(inWorld(world, "operations")).catch(() => nothing), control.get(inWorld(world, "people")).catch(() => nothing)]);
  ids.append(...operations.map((one) => h("option", { value: one.operation })));
  const known = people.filter((one) => one.token);
  as.append(...known.map((one) => h("option", { value: one.token }, one.name)));
  as.value = known.find((one) => one.alias === chosen || one.token === chosen)?.token ?? "";
}
