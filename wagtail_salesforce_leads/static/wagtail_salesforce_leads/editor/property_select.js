/**
 * A select of the Lead properties that fit one row: grouped, required ones starred, those that
 * another row fills and those that cannot be used disabled. What is chosen is always among them.
 */
window.salesforceLeads.PropertySelect = class PropertySelect {
  constructor(words, onChange) {
    this.words = words;
    this.element = document.createElement("select");
    this.element.addEventListener("change", () => onChange(this.element.value));
    this.shown = "";
  }

  /**
   * @param {string} chosen - a property name, or ""
   * @param {{properties: object[], all: object[], taken: Set<string>, isKnown: boolean}} offer -
   *   what fits, what the org has, what other rows fill, whether the org is known
   */
  show(chosen, offer) {
    const names = offer.properties.map(({ name }) => name);
    const signature = JSON.stringify([chosen, offer.isKnown, names]);
    const taken = [...offer.taken].join();
    if (signature !== this.shown) this.fill(chosen, offer);
    if (signature !== this.shown || taken !== this.taken) this.disable(chosen, offer);
    this.shown = signature;
    this.taken = taken;
  }

  fill(chosen, offer) {
    this.element.replaceChildren(
      new Option(this.words.notSent, ""),
      ...this.kept(chosen, offer),
      ...this.groups(offer),
    );
    this.element.value = chosen;
  }

  disable(chosen, { properties, taken }) {
    const refused = properties.filter((property) => property.refused).map(({ name }) => name);
    Array.from(this.element.options).forEach((option) => {
      const isTaken = taken.has(option.value) && option.value !== chosen;
      option.disabled = isTaken || refused.includes(option.value);
    });
  }

  /** The chosen property where it is not offered: gone, not fitting, or not known yet. */
  kept(chosen, { properties, all, isKnown }) {
    const { say } = window.salesforceLeads;
    if (!chosen || properties.some(({ name }) => name === chosen)) return [];
    const property = all.find(({ name }) => name === chosen);
    if (property) return [new Option(say(this.words.unfit, { name: property.label }), chosen)];
    const text = isKnown ? say(this.words.missing, { name: chosen }) : chosen;
    return [new Option(text, chosen)];
  }

  groups({ properties }) {
    const isCustom = ({ name }) => name.endsWith("__c");
    const groups = [
      [this.words.required, properties.filter(({ required }) => required)],
      [this.words.standard, properties.filter((one) => !one.required && !isCustom(one))],
      [this.words.custom, properties.filter((one) => !one.required && isCustom(one))],
    ];
    return groups.filter(([, members]) => members.length).map(([label, members]) => {
      const group = Object.assign(document.createElement("optgroup"), { label });
      group.append(...members.map((property) => this.option(property)));
      return group;
    });
  }

  option({ name, label, note, required, refused }) {
    return new Option(`${label}${required ? " *" : ""} – ${refused || note}`, name);
  }
};
