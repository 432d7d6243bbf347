(() => {
  const { say, make, suggest, unfilled, MappingRow, MappingRows } = window.salesforceLeads;

  /**
   * The property mapping as a table in step with the form's fields: one row a field, then constants
   * and context. What the table cannot offer, such as a property that is gone, stays as it is.
   *
   * @example
   * <div data-controller="wsl-mapping" data-wsl-mapping-words-value="{…}">
   *   <input type="hidden" name="…" value="[]" data-wsl-mapping-target="value">
   *   <p data-wsl-mapping-target="asOf"></p>
   *   <ul data-wsl-mapping-target="needs"></ul>
   *   <table>
   *     <tbody data-wsl-mapping-target="fields"></tbody>
   *     <tbody data-wsl-mapping-target="others"></tbody>
   *   </table>
   *   <button type="button" data-wsl-mapping-target="add" data-action="wsl-mapping#add">Add</button>
   * </div>
   */
  class MappingController extends window.StimulusModule.Controller {
    static targets = ["value", "asOf", "needs", "fields", "others", "add"];

    static values = { words: Object, errors: Object };

    initialize() {
      this.root = this.element.closest('[data-controller~="wsl-form"]');
      this.mapping = new MappingRows(this.valueTarget);
      this.properties = [];
      this.views = new Map();
      this.table = {
        words: this.wordsValue,
        changed: () => this.changed(),
        removed: (row) => this.remove(row),
        takeChoices: (key, values) => this.form.setChoices(key, values),
      };
      this.listeners = {
        "wsl-form:fields": (event) => this.followFields(event.detail.fields),
        "wsl-integration:schema": (event) => this.followSchema(event.detail.schema),
        "wsl-integration:source": () => this.drawNeeds(),
      };
    }

    connect() {
      Object.entries(this.listeners).forEach((entry) => this.root.addEventListener(...entry));
      this.form?.announce();
    }

    disconnect() {
      Object.entries(this.listeners).forEach((entry) => this.root.removeEventListener(...entry));
    }

    get form() {
      return this.application.getControllerForElementAndIdentifier(this.root, "wsl-form");
    }

    /** What publishing said of single rows, by their place in what was sent. */
    errorsValueChanged(errors) {
      this.mapping.rows.forEach((row, index) => {
        row.errors = errors[index] ?? [];
      });
      if (this.mapping.fields.length) this.draw();
    }

    followFields(fields) {
      if (this.mapping.follow(fields)) this.mapping.store();
      this.draw();
    }

    followSchema({ properties, message, asOf }) {
      this.properties = properties;
      this.asOfTarget.textContent = [asOf, message].filter(Boolean).join(" · ");
      this.draw();
    }

    /** Fills what is obvious, and touches nothing that is set. */
    suggest() {
      const { taken } = this.mapping;
      const free = this.properties.filter(({ name, refused }) => !refused && !taken.has(name));
      const found = Object.entries(suggest(this.mapping.openFields, free));
      found.forEach(([key, property]) => {
        this.mapping.ofField(key)[0].property = property;
      });
      this.changed();
      this.asOfTarget.textContent = say(this.wordsValue.suggested, { count: found.length });
    }

    add() {
      this.mapping.add("constant");
      this.changed();
      this.othersTarget.lastElementChild.querySelector("select").focus();
    }

    remove(row) {
      this.mapping.remove(row);
      this.changed();
      this.addTarget.focus();
    }

    changed() {
      this.mapping.store();
      this.said?.remove();
      this.draw();
    }

    draw() {
      this.place(this.fieldsTarget, this.mapping.ofFields);
      this.place(this.othersTarget, this.mapping.others);
      this.drawNeeds();
    }

    place(body, rows) {
      const elements = rows.map((row) => this.drawn(row));
      const { children } = body;
      const isSame = elements.length === children.length;
      if (isSame && elements.every((element, index) => element === children[index])) return;
      body.replaceChildren(...elements);
    }

    drawn(row) {
      if (!this.views.has(row)) this.views.set(row, new MappingRow(row, this.table));
      this.views.get(row).show({
        field: this.mapping.fieldOf(row),
        all: this.properties,
        isKnown: this.properties.length > 0,
        taken: this.mapping.taken,
      });
      return this.views.get(row).element;
    }

    /** What publishing said of the whole table. It holds until somebody works on the table. */
    get said() {
      return this.element.closest("[data-field]")?.querySelector(".error-message");
    }

    /** What Salesforce requires and nothing fills; the lead source has a select of its own. */
    drawNeeds() {
      const source = this.root.querySelector('[data-wsl-integration-target="source"]');
      const { taken } = this.mapping;
      if (source.value) taken.add("LeadSource");
      const needed = unfilled(this.properties, taken, this.wordsValue);
      const words = needed.filter((text) => !this.said?.textContent.includes(text));
      if (words.join() === this.needs) return;
      this.needs = words.join();
      this.needsTarget.replaceChildren(...words.map((text) => make("li", { textContent: text })));
    }
  }

  window.wagtail.app.register("wsl-mapping", MappingController);
})();
