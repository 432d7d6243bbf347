(() => {
  const { choices, make, say } = window.salesforceLeads;

  const TICKS = ["checkbox", "consent"];

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
    const names = values.slice(0, words.listed).map((value) => say(words.quoted, { value }));
    return names.join(words.comma) + (values.length > words.listed ? words.more : "");
  };

  /** How a field's choices differ from the property's, counted on each side. */
  const difference = (property, unknown, missing, words) => {
    const [count, fewer] = [unknown.length, missing.length];
    const values = { property: property.label, choices: listed(unknown, words), count, fewer };
    if (!count) return say(words.fewer, values);
    return say(fewer ? words.unknownAndFewer : words.unknown, values);
  };

  /** The difference, unless publishing has said it at the row, and the button that ends it. */
  const comparison = (row, property, field, words, take) => {
    const { unknown, missing } = choices.differences(field.choices, property.choices);
    if (!unknown.length && !missing.length) return [];
    const text = difference(property, unknown, missing, words);
    const isSaid = row.errors?.some((error) => error.startsWith(text));
    const kind = property.restricted && unknown.length ? "error" : "warning";
    const notes = field.choices.length && !isSaid ? [note(text, kind)] : [];
    return [...notes, button(words.takeChoices, take)];
  };

  /** Why nothing can be sent to the property that was chosen, as publishing says it. */
  const unusable = (row, { property, isKnown }, words) => {
    if (!property) return row.property && isKnown ? [say(words.gone, { property: row.property })] : [];
    const { label, controller } = property;
    return controller ? [say(words.dependent, { property: label, controller })] : [];
  };

  /**
   * What an editor should know about a row, below its select.
   *
   * @param {object} row
   * @param {{property: object|undefined, field: object|undefined, isKnown: boolean}} state - the
   *   org's property, where it has it; the form's field, where the row is a field's; whether the
   *   org is known
   * @param {{words: object, takeChoices: function}} table
   * @param {function} change - changes the row
   * @returns {Element[]}
   */
  window.salesforceLeads.mappingNotes = (row, state, { words, takeChoices }, change) => {
    const { property, field } = state;
    const errors = new Set([...(row.errors ?? []), ...unusable(row, state, words)]);
    const notes = Array.from(errors, (text) => note(text, "error"));
    if (!property || !field) return notes;
    const isTick = TICKS.includes(field.type);
    if (property.required && !field.required && !isTick) {
      notes.push(note(say(words.optional, { property: property.label }), "warning"));
    }
    if (property.type === "checkbox" && isTick) notes.push(inversion(row, words, change));
    const hasChoices = property.choices.length && words.choiceTypes.includes(field.type);
    if (hasChoices && !property.refused) {
      const take = () => takeChoices(field.key, property.choices);
      notes.push(...comparison(row, property, field, words, take));
    }
    return notes;
  };

  /** The properties that Salesforce requires, or that every lead should have, and nothing fills. */
  window.salesforceLeads.unfilled = (properties, taken, words) =>
    properties
      .filter(({ name, required }) => (required || name === "Email") && !taken.has(name))
      .map(({ label, required }) => say(required ? words.unfilled : words.noEmail, { property: label }));
})();
