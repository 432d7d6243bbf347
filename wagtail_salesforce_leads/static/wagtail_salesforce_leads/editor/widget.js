(() => {
  /**
   * A widget whose template holds one named input, and an element marked `data-wsl-control` that
   * people use. A select keeps a value for which it has no option (yet).
   *
   * @example
   * <div>
   *   <select name="__NAME__" id="__ID__" data-wsl-control></select>
   * </div>
   */
  class BoundEditorWidget {
    constructor(element, name) {
      this.element = element;
      this.input = element.querySelector(`[name="${name}"]`);
      this.control = element.querySelector("[data-wsl-control]") || this.input;
      this.idForLabel = this.control.id;
    }

    getValue() {
      return this.input.value;
    }

    getState() {
      return this.input.value;
    }

    setState(state) {
      const value = state ?? "";
      const options = Array.from(this.input.options || []);
      if (this.input.options && !options.some((option) => option.value === value)) {
        this.input.add(new Option(value, value));
      }
      this.input.value = value;
    }

    setInvalid(invalid) {
      if (invalid) this.control.setAttribute("aria-invalid", "true");
      else this.control.removeAttribute("aria-invalid");
    }

    getTextLabel() {
      return this.input.selectedOptions?.[0].text ?? this.control.value;
    }

    focus() {
      this.control.focus();
    }

    setCapabilityOptions() {}
  }

  class EditorWidget {
    constructor(html) {
      this.html = html;
    }

    render(placeholder, name, id, initialState, parentCapabilities, options = {}) {
      const template = document.createElement("template");
      template.innerHTML = this.html.replace(/__NAME__/g, name).replace(/__ID__/g, id).trim();
      const element = template.content.firstElementChild;
      placeholder.replaceWith(element);
      const widget = new BoundEditorWidget(element, name);
      Object.entries(options.attributes || {}).forEach(([attribute, value]) => {
        widget.control.setAttribute(attribute, value);
      });
      widget.setState(initialState);
      return widget;
    }
  }

  window.telepath.register("wagtail_salesforce_leads.widgets.EditorWidget", EditorWidget);
})();
