/**
 * The rows of a mapping, kept as JSON in an input. A form field without a stored row has one here,
 * with no property, for the table to show; it is stored once it has one.
 */
window.salesforceLeads.MappingRows = class MappingRows {
  constructor(input) {
    this.input = input;
    this.fields = [];
    this.rows = JSON.parse(input.value || "[]");
  }

  /** Only after a person changed something: the input tells Wagtail that there is work to save. */
  store() {
    const stored = this.rows.filter((row) => row.source !== "field" || row.property);
    const plain = stored.map(({ source, value, property, inverted }) => ({
      source,
      value,
      property,
      inverted,
    }));
    this.input.value = JSON.stringify(plain);
  }

  /**
   * A field that an editor deleted takes its rows along; a field that never was here is kept.
   *
   * @returns {boolean} whether rows went
   */
  follow(fields) {
    const keys = fields.map(({ key }) => key);
    const gone = this.fields.map(({ key }) => key).filter((key) => !keys.includes(key));
    const kept = this.rows.filter((row) => row.source !== "field" || !gone.includes(row.value));
    const isLess = kept.length < this.rows.length;
    this.forgetErrors(fields);
    this.fields = fields;
    this.rows = kept;
    keys.filter((key) => !this.ofField(key).length).forEach((key) => this.add("field", key));
    return isLess;
  }

  /** What publishing said of a row holds until somebody works on its field. */
  forgetErrors(fields) {
    fields.forEach((field) => {
      const before = this.fields.find(({ key }) => key === field.key);
      if (!before || JSON.stringify(before) === JSON.stringify(field)) return;
      this.ofField(field.key).forEach((row) => {
        row.errors = [];
      });
    });
  }

  add(source, value = "") {
    this.rows.push({ source, value, property: "", inverted: false });
  }

  remove(row) {
    this.rows = this.rows.filter((other) => other !== row);
  }

  ofField(key) {
    return this.rows.filter((row) => row.source === "field" && row.value === key);
  }

  /** In the order of the form's fields. */
  get ofFields() {
    return this.fields.flatMap(({ key }) => this.ofField(key));
  }

  /** Constants, context, and rows whose field is gone. */
  get others() {
    const { ofFields } = this;
    return this.rows.filter((row) => !ofFields.includes(row));
  }

  fieldOf(row) {
    return this.fields.find(({ key }) => row.source === "field" && key === row.value);
  }

  /** The fields that fill nothing yet. */
  get openFields() {
    return this.fields.filter(({ key }) => !this.ofField(key).some((row) => row.property));
  }

  /** Fills what is obvious, and touches nothing that is set. Returns how many were filled. */
  suggest(properties) {
    const { taken } = this;
    const free = properties.filter(({ name, refused }) => !refused && !taken.has(name));
    const found = Object.entries(window.salesforceLeads.suggest(this.openFields, free));
    found.forEach(([key, property]) => {
      this.ofField(key)[0].property = property;
    });
    return found.length;
  }

  /** The names of the properties that are filled. */
  get taken() {
    return new Set(this.rows.map((row) => row.property).filter(Boolean));
  }
};
