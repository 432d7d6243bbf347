/**
 * The fields of a classic form page, as they stand in an inline panel elsewhere on the screen. A
 * field that was never saved has no name yet and goes by the prefix of its inputs, such as
 * "form_fields-3"; the server knows both.
 */
window.salesforceLeads.InlineFields = class InlineFields {
  /**
   * @param {string} relation - the inline panel's, such as "form_fields"
   * @param {Object<string, string>} names - of the saved fields, by id
   * @param {Object<string, string>} types - Wagtail's field types -> ours, where they differ
   */
  constructor(relation, names, types) {
    this.list = document.getElementById(`id_${relation}-FORMS`);
    this.names = names;
    this.types = types;
  }

  /** Input prefixes, in the order on the page. */
  get all() {
    const selects = Array.from(this.list.querySelectorAll('[name$="-field_type"]'));
    return selects
      .map(({ name }) => name.replace(/-field_type$/, ""))
      .filter((prefix) => !this.value(prefix, "DELETE"))
      .sort((one, other) => this.value(one, "ORDER") - this.value(other, "ORDER"));
  }

  describe(prefix) {
    const type = this.value(prefix, "field_type");
    return {
      key: this.key(prefix),
      type: this.types[type] ?? type,
      label: this.value(prefix, "label").trim(),
      required: this.part(prefix, "required")?.checked ?? false,
      choices: this.choices(this.value(prefix, "choices")),
    };
  }

  key(prefix) {
    return this.names[this.value(prefix, "id")] ?? prefix;
  }

  choicesInput(prefix) {
    return this.part(prefix, "choices");
  }

  choicesText(values) {
    return values.map(({ value }) => value).join("\n");
  }

  /** As Wagtail reads them: one a line, or between commas where there is one line only. */
  choices(text) {
    const parts = text.split(text.includes("\n") ? "\n" : ",");
    const values = parts.map((part) => part.trim().replace(/,$/, "").trim()).filter(Boolean);
    return values.map((value) => ({ value, label: value }));
  }

  value(prefix, name) {
    return this.part(prefix, name)?.value ?? "";
  }

  part(prefix, name) {
    return this.list.querySelector(`[name="${prefix}-${name}"]`);
  }
};
