(() => {
  const { StreamFields, InlineFields } = window.salesforceLeads;

  /**
   * Knows the fields of a form while they are added, renamed, moved and deleted.
   *
   * @fires wsl-form:fields - with `detail.fields`, on connecting and whenever they differ
   *
   * @example
   * <div data-controller="wsl-form">
   *   <div data-contentpath="fields">
   *     <div data-wsl-field-type="email">
   *       <div data-contentpath="key"><input value="f01"></div>
   *       <input data-wsl-field="label"> <input type="checkbox" data-wsl-field="required">
   *     </div>
   *   </div>
   *   …
   * </div>
   *
   * @example of a classic form page, whose fields are not inside
   * <div data-controller="wsl-form" data-wsl-form-relation-value="form_fields"
   *      data-wsl-form-names-value='{"12": "your_name"}'
   *      data-wsl-form-types-value='{"singleline": "single_line"}'>
   *   …
   * </div>
   */
  class FormController extends window.StimulusModule.Controller {
    static values = { relation: String, names: Object, types: Object };

    initialize() {
      this.announced = "";
      this.changed = () => this.announce({ always: false });
    }

    connect() {
      this.source = this.hasRelationValue
        ? new InlineFields(this.relationValue, this.namesValue, this.typesValue)
        : new StreamFields(this.element);
      const { list } = this.source;
      list.addEventListener("input", this.changed);
      list.addEventListener("change", this.changed);
      // Deleting and moving hide elements and set hidden inputs; no event tells.
      this.observer = new MutationObserver(this.changed);
      this.observer.observe(list, {
        childList: true,
        subtree: true,
        attributeFilter: ["aria-hidden", "class", "style", "value"],
      });
      this.announce();
    }

    disconnect() {
      const { list } = this.source;
      this.observer.disconnect();
      list.removeEventListener("input", this.changed);
      list.removeEventListener("change", this.changed);
    }

    /** Tells the fields to who listens; a listener that comes late may ask for it. */
    announce({ always = true } = {}) {
      const { fields } = this;
      const snapshot = JSON.stringify(fields);
      if (!always && snapshot === this.announced) return;
      this.announced = snapshot;
      this.dispatch("fields", { detail: { fields } });
    }

    /** @returns {{key, type, label, required, choices}[]} in their order on the page */
    get fields() {
      return this.source.all.map((field) => this.source.describe(field));
    }

    /** Puts a picklist's values in the place of a field's choices. */
    setChoices(key, values) {
      const { source } = this;
      const textarea = source.choicesInput(source.all.find((field) => source.key(field) === key));
      textarea.value = source.choicesText(values);
      textarea.dispatchEvent(new Event("input", { bubbles: true }));
      textarea.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  window.wagtail.app.register("wsl-form", FormController);
})();
