(() => {
  const { choices } = window.salesforceLeads;

  /** The fields of a form block, as they stand in its stream on the page. */
  window.salesforceLeads.StreamFields = class StreamFields {
    constructor(form) {
      this.list = form.querySelector('[data-contentpath="fields"]');
    }

    /** A deleted field stays in the document, hidden. */
    get all() {
      return Array.from(this.list.querySelectorAll("[data-wsl-field-type]")).filter((field) => {
        const hidden = field.closest('[aria-hidden="true"]');
        return !hidden || !this.list.contains(hidden);
      });
    }

    describe(field) {
      return {
        key: this.key(field),
        type: field.dataset.wslFieldType,
        label: this.part(field, "label")?.value.trim() ?? "",
        required: this.part(field, "required")?.checked ?? false,
        default: this.part(field, "default")?.value ?? "",
        choices: choices.parse(this.part(field, "choices")?.value ?? ""),
      };
    }

    key(field) {
      return field.querySelector('[data-contentpath="key"] input').value;
    }

    choicesInput(field) {
      return this.part(field, "choices");
    }

    choicesText(values) {
      return choices.format(values);
    }

    part(field, name) {
      return field.querySelector(`[data-wsl-field="${name}"]`);
    }
  };
})();
