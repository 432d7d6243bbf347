(() => {
  const { choices, make, say } = window.salesforceLeads;

  const TICKS = ["checkbox", "consent"];
  /** Choices that a note lists. */
  const LISTED = 5;

  const note = (text, kind) =>
    make("p", { className: `wsl-mapping__note wsl-mapping__note--${kind}`, textContent: text });

  const button = (text, pressed) => {
    const element = make("button", {
      type: "button",
      className: "button button-small button-secondary",
      textContent: text,
    });
    element.addEventListener("click", pressed);
    return element;
  };

  const inversion = (row, words, change) => {
    const checkbox = make("input", { type: "checkbox", checked: row.inverted });
    checkbox.addEventListener("change", () => change({ inverted: checkbox.checked }));
    return make("label", { className: "wsl-mapping__note" }, checkbox, words.inverted);
  };

  const listed = (values, words) => {
    const names = values.slice(0, LISTED).map((value) => say(words.quoted, { value }));
    return names.join(words.comma) + (values.length > LISTED ? words.more : "");
  };

  /** How a field's choices differ from the property's, and the button that ends it. */
  const comparison = (property, field, words, take) => {
    const { unknown, missing } = choices.differences(field.choices, property.choices);
    const values = [...unknown, ...missing];
    if (!values.length) return [];
    if (!field.choices.length) return [button(words.takeChoices, take)];
    const text = say(words.differ, { count: values.length, values: listed(values, words) });
    const kind = property.restricted && unknown.length ? "error" : "warning";
    return [note(text, kind), button(words.takeChoices, take)];
  };

  /**
   * What an editor should know about a row, below its select.
   *
   * @param {object} row
   * @param {object|undefined} property - of the org, where it has it
   * @param {object|undefined} field - of the form, where the row is a field's
   * @param {{words: object, takeChoices: function}} table
   * @param {function} change - changes the row
   * @returns {Element[]}
   */
  window.salesforceLeads.mappingNotes = (row, property, field, { words, takeChoices }, change) => {
    const notes = (row.errors ?? []).map((text) => note(text, "error"));
    if (!property || !field) return notes;
    const isTick = TICKS.includes(field.type);
    if (property.required && !field.required && !isTick) notes.push(note(words.optional, "warning"));
    if (property.type === "checkbox" && isTick) notes.push(inversion(row, words, change));
    if (property.choices.length && words.choiceTypes.includes(field.type)) {
      const take = () => takeChoices(field.key, property.choices);
      notes.push(...comparison(property, field, words, take));
    }
    return notes;
  };

  /** The properties that Salesforce requires, or that every lead should have, and nothing fills. */
  window.salesforceLeads.unfilled = (properties, taken, words) =>
    properties
      .filter(({ name, required }) => (required || name === "Email") && !taken.has(name))
      .map(({ label, required }) => say(required ? words.unfilled : words.noEmail, { name: label }));
})();
