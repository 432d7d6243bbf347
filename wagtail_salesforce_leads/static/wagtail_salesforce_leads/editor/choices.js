/** Choices as an editor types them: one a line, `label` or `label | value`, `\|` for a bar. */
window.salesforceLeads.choices = {
  /** @returns {{value: string, label: string}[]} */
  parse(text) {
    return text
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean)
      .map((line) => {
        const [first, ...rest] = line.split(/(?<!\\)\|/);
        const label = this.unescape(first.trim());
        const value = this.unescape(rest.join("|").trim());
        return { value: value || label, label: label || value };
      });
  },

  /** The lines for choices, the reverse of `parse`. */
  format(choices) {
    return choices
      .map(({ value, label }) =>
        value === label ? this.escape(label) : `${this.escape(label)} | ${this.escape(value)}`,
      )
      .join("\n");
  },

  /** Values that only one side has, the field's first. */
  differences(fieldChoices, propertyChoices) {
    const ours = fieldChoices.map((choice) => choice.value);
    const theirs = propertyChoices.map((choice) => choice.value);
    return {
      unknown: ours.filter((value) => !theirs.includes(value)),
      missing: theirs.filter((value) => !ours.includes(value)),
    };
  },

  escape(text) {
    return text.replace(/\|/g, "\\|");
  },

  unescape(text) {
    return text.replace(/\\\|/g, "|");
  },
};
