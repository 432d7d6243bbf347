(() => {
  const { say, make, unfilled, MappingRow, MappingRows } = window.salesforceLeads;

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
        "wsl-integration:reading": () => {
          this.isRead = false;
        },
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
      this.isRead = true;
      this.asOfTarget.textContent = [asOf, message].filter(Boolean).join(" · ");
      this.draw();
      if (this.isAwaited) this.suggest();
    }

    /** As soon as the properties are there. Where they cannot be read, it is said why already. */
    suggest() {
      const { noAccount, suggestLater } = this.wordsValue;
      const hasAccount = Boolean(this.chosenIn("account"));
      this.isAwaited = hasAccount && !this.isRead;
      if (!hasAccount) this.asOfTarget.textContent = noAccount;
      else if (this.isAwaited) this.asOfTarget.textContent = suggestLater;
      else if (this.properties.length) this.fillObvious();
    }

    fillObvious() {
      const count = this.mapping.suggest(this.properties);
      this.changed();
      this.asOfTarget.textContent = say(this.wordsValue.suggested, { count });
    }

    /** What a select of the integration holds. */
    chosenIn(target) {
      return this.root.querySelector(`[data-wsl-integration-target="${target}"]`).value;
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
      const { taken } = this.mapping;
      if (this.chosenIn("source")) taken.add("LeadSource");
      const needed = unfilled(this.properties, taken, this.wordsValue);
      const words = needed.filter((text) => !this.said?.textContent.includes(text));
      if (words.join() === this.needs) return;
      this.needs = words.join();
      this.needsTarget.replaceChildren(...words.map((text) => make("li", { textContent: text })));
    }
  }

  window.wagtail.app.register("wsl-mapping", MappingController);
})();
