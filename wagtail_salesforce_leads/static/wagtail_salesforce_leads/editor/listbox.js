/**
 * The list of options below a combobox, after the ARIA authoring practices: the focus stays in the
 * input, which names the active option.
 */
window.salesforceLeads.Listbox = class Listbox {
  constructor(input, list) {
    this.input = input;
    this.list = list;
    this.active = -1;
  }

  get isOpen() {
    return !this.list.hidden;
  }

  /** @param {{text: string, note: string}[]} items */
  show(items) {
    this.list.replaceChildren(...items.map((item, index) => this.option(item, index)));
    this.toggle(items.length > 0);
    this.activate(-1);
  }

  option({ text, note }, index) {
    const { make } = window.salesforceLeads;
    const option = make("li", { id: `${this.list.id}-${index}` }, text);
    option.setAttribute("role", "option");
    if (note) option.append(make("span", { className: "wsl-listbox__note", textContent: note }));
    return option;
  }

  move(step) {
    const { length } = this.list.children;
    const start = this.active < 0 && step < 0 ? 0 : this.active;
    if (length) this.activate((start + step + length) % length);
  }

  activate(index) {
    this.active = index;
    Array.from(this.list.children).forEach((option, position) => {
      option.setAttribute("aria-selected", String(position === index));
      if (position === index) option.scrollIntoView({ block: "nearest" });
    });
    const id = index < 0 ? "" : this.list.children[index].id;
    this.input.setAttribute("aria-activedescendant", id);
  }

  indexOf(element) {
    return Array.from(this.list.children).indexOf(element.closest("li"));
  }

  toggle(isOpen) {
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) this.input.setAttribute("aria-activedescendant", "");
  }
};
