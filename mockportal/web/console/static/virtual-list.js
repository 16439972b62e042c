// <virtual-list>: draws only the rows that are in sight, however many there are.

const SPARE = 6;

class VirtualList extends HTMLElement {
  #items = [];
  #draw = () => document.createElement("div");
  #keyOf = (item) => item;
  #rows = new Map();
  #inner = document.createElement("div");
  #sizes = new ResizeObserver(() => this.#render());
  chosen = null;

  connectedCallback() {
    this.#inner.className = "virtual-inner";
    this.#inner.setAttribute("role", "list");
    this.append(this.#inner);
    this.addEventListener("scroll", () => this.#render(), { passive: true });
    this.#sizes.observe(this);
  }

  disconnectedCallback() {
    this.#sizes.disconnect();
  }

  /** draw(item) makes the row, keyOf(item) tells rows apart. */
  setup(draw, keyOf, label) {
    this.#draw = draw;
    this.#keyOf = keyOf;
    this.#inner.setAttribute("aria-label", label);
  }

  get items() {
    return this.#items;
  }

  /** New items; `added` of them stand above those that were there, which stay where they are in sight. */
  show(items, added = 0) {
    const isAway = this.scrollTop > 0;
    this.#items = items;
    this.#inner.style.height = `${items.length * this.#height}px`;
    if (isAway && added) this.scrollTop += added * this.#height;
    this.#render();
  }

  /** Draws every row again. */
  redraw() {
    this.#rows.forEach((row) => row.remove());
    this.#rows.clear();
    this.#render();
  }

  choose(key, isMoved = true) {
    this.chosen = key;
    const number = this.#items.findIndex((item) => this.#keyOf(item) === key);
    if (number >= 0 && isMoved) this.#reveal(number);
    this.#render();
  }

  /** The item `step` below the chosen one. */
  beside(step) {
    const now = this.#items.findIndex((item) => this.#keyOf(item) === this.chosen);
    return this.#items[now < 0 ? 0 : Math.min(Math.max(now + step, 0), this.#items.length - 1)];
  }

  get #height() {
    return parseFloat(getComputedStyle(this).getPropertyValue("--row")) || 60;
  }

  #reveal(number) {
    const top = number * this.#height;
    if (top < this.scrollTop) this.scrollTop = top;
    else if (top + this.#height > this.scrollTop + this.clientHeight) this.scrollTop = top + this.#height - this.clientHeight;
  }

  #render() {
    const height = this.#height;
    const first = Math.max(0, Math.floor(this.scrollTop / height) - SPARE);
    const shown = this.#items.slice(first, Math.ceil((this.scrollTop + this.clientHeight) / height) + SPARE);
    const gone = new Map(this.#rows);
    shown.forEach((item, offset) => {
      const key = this.#keyOf(item);
      gone.delete(key);
      let row = this.#rows.get(key);
      if (!row) {
        row = this.#draw(item);
        row.setAttribute("role", "listitem");
        row.classList.add("virtual-row");
        this.#rows.set(key, row);
        this.#inner.append(row);
      }
      row.style.transform = `translateY(${(first + offset) * height}px)`;
      row.classList.toggle("is-chosen", key === this.chosen);
      const link = row.firstElementChild;
      if (key === this.chosen) link?.setAttribute("aria-current", "true");
      else link?.removeAttribute("aria-current");
      row.setAttribute("aria-setsize", this.#items.length);
      row.setAttribute("aria-posinset", first + offset + 1);
    });
    gone.forEach((row, key) => {
      row.remove();
      this.#rows.delete(key);
    });
  }
}

customElements.define("virtual-list", VirtualList);
