// Outbox: the mails that would have been sent, as the person who gets them would see them.

import { control, inWorld } from "../api.js";
import { copyButton, empty, failed, h } from "../dom.js";
import { listen, paced } from "../live.js";
import { go, here } from "../route.js";

const PAUSE = 200;
const moment = (text) => (text ? new Date(text).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "Europe/Berlin" }) : "");

class Outbox extends HTMLElement {
  #search = h("input", { type: "search", placeholder: "Find a mail", "aria-label": "Find a mail", oninput: () => this.#show() });
  #list = h("virtual-list", {});
  #nothing = h("div", { class: "pane-body", hidden: true });
  #detail = h("div", { class: "pane-body" });
  #panes = h("div", { class: "panes" });
  #mails = [];
  #stop = () => {};

  connectedCallback() {
    this.#list.setup((mail) => this.#row(mail), (mail) => mail.id, "Mails, the newest first");
    this.#panes.append(
      h("section", { class: "pane", "aria-label": "Mails" }, h("div", { class: "pane-head" }, h("h1", {}, "Outbox"), h("label", { class: "search" }, this.#search, h("kbd", {}, "/"))), this.#list, this.#nothing),
      h("section", { class: "pane", "aria-label": "Mail" }, h("a", { class: "button back", href: here("outbox") }, "← Outbox"), this.#detail));
    this.append(this.#panes);
    this.#stop = listen(["entries", "reset"], paced(this, PAUSE, () => this.#read()));
  }

  disconnectedCallback() {
    this.#stop();
  }

  show({ world, parts }) {
    Object.assign(this, { world, id: parts[0] ?? "" });
    this.#panes.dataset.level = this.id ? 1 : 0;
    this.#open();
    this.#read();
  }

  move(step) {
    const mail = this.#list.beside(step);
    this.#list.choose(mail?.id);
    if (mail) go(here("outbox", [mail.id]));
  }

  async #read() {
    try {
      const text = JSON.stringify(this.#mails);
      this.#mails = (await control.get(inWorld(this.world, "outbox"))).mails.reverse();
      if (JSON.stringify(this.#mails) !== text) this.#open();
      this.#show();
    } catch (error) {
      this.#list.hidden = true;
      this.#nothing.hidden = false;
      this.#nothing.replaceChildren(failed(error, () => this.#read()));
    }
  }

  #show() {
    const wanted = this.#search.value.trim().toLowerCase();
    const found = this.#mails.filter((mail) => [mail.to, mail.subject, mail.template].some((text) => String(text ?? "").toLowerCase().includes(wanted)));
    this.#list.hidden = !found.length;
    this.#nothing.hidden = found.length > 0;
    if (!found.length) this.#nothing.replaceChildren(this.#mails.length ? empty("Nothing found", "No mail has this address, subject or template.") : empty("No mails yet", "An invitation, a registration or a forgotten password puts one here. Nothing is ever sent."));
    this.#list.show(found);
    this.#list.choose(this.id);
  }

  #row(mail) {
    return h("div", {}, h("a", { href: here("outbox", [mail.id]) },
      h("span", { class: "row-one" }, h("span", { class: "cut", title: mail.subject }, mail.subject || "No subject")),
      h("span", { class: "row-two" }, h("span", { class: "cut" }, mail.to), h("span", {}, moment(mail.created_at)))));
  }

  #open() {
    const mail = this.#mails.find((one) => one.id === this.id);
    const nothing = this.id && this.#mails.length ? empty("No such mail", "It is from before a reset, or belongs to another world.") : empty("Choose a mail", "Its links and codes can be clicked and copied.");
    this.#detail.replaceChildren(mail ? letter(mail) : nothing);
  }
}

/** A mail as its reader sees it. One that is markup is shown in a frame that runs nothing. */
function letter(mail) {
  const markup = mail.html ?? (/<[a-z][\s\S]*>/i.test(mail.body ?? "") ? mail.body : "");
  const text = markup ? "" : (mail.text ?? mail.body ?? "");
  const frame = markup && h("iframe", { title: mail.subject, sandbox: "allow-popups allow-popups-to-escape-sandbox", srcdoc: `<base target="_blank">${markup}` });
  return h("article", { class: "letter" },
    h("header", { class: "stack tight" }, h("h1", { class: "any" }, mail.subject || "No subject"),
      h("dl", { class: "facts" }, [["To", mail.to], ["At", moment(mail.created_at)], ["Template", mail.template], ["Valid until", moment(mail.expires_at)]].filter(([, value]) => value).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]))),
    text && h("p", { class: "any" }, text), frame,
    (mail.codes ?? []).map((code) => h("div", { class: "stack tight" }, h("h2", { class: "minor" }, "Code"), h("p", { class: "line" }, h("span", { class: "secret" }, code), copyButton(code, "code", "Copy code")))),
    (mail.links ?? []).map((link) => h("div", { class: "stack tight" }, h("h2", { class: "minor" }, "Link"), h("p", { class: "any" }, h("a", { href: safe(link), target: "_blank", rel: "noopener noreferrer" }, link)), h("p", {}, copyButton(link, "link", "Copy link")))),
    !text && !frame && !(mail.links ?? []).length && !(mail.codes ?? []).length && h("p", { class: "soft" }, "This mail has neither a link nor a code."));
}

/** Only addresses of the web are links: data may hold any text. */
const safe = (link) => (/^https?:\/\//i.test(link) ? link : undefined);

customElements.define("console-outbox", Outbox);
