(() => {
  const { icon, make, say, mappingNotes, PropertySelect } = window.salesforceLeads;

  const CONSTANT = "constant";

  /**
   * One row of the property mapping: what is sent, to which property, and what to know about it.
   * Draws itself anew only where something differs, so that the focus stays.
   */
  class MappingRow {
    /** @param {{words: object, changed: function, removed: function, takeChoices: function}} table */
    constructor(row, table) {
      this.row = row;
      this.table = table;
      this.properties = new PropertySelect(table.words, (name) => this.change({ property: name }));
      this.notes = make("div", { className: "wsl-mapping__notes" });
      this.first = make("th", { scope: "row" });
      this.property = make("div", { className: "wsl-mapping__property" }, this.properties.element);
      this.element = make("tr", {}, this.first, make("td", {}, this.property, this.notes));
      if (row.source === "field") this.drawField();
      else this.drawSource();
      this.drawRemove();
    }

    change(values) {
      Object.assign(this.row, values, { errors: [] });
      this.table.changed();
    }

    drawField() {
      this.label = make("span", { className: "wsl-mapping__label" });
      this.type = make("span", { className: "wsl-mapping__type" });
      this.first.append(this.label, this.type);
    }

    drawSource() {
      const { words } = this.table;
      const { source, value } = this.row;
      const isConstant = source === CONSTANT;
      this.source = make("select", { ariaLabel: words.source });
      this.source.append(new Option(words.constant, CONSTANT));
      this.source.append(...Object.entries(words.contexts).map(([name, text]) => new Option(text, name)));
      if (!isConstant && !words.contexts[value]) {
        this.source.append(new Option(say(words.missing, { name: value }), value));
      }
      this.source.value = isConstant ? CONSTANT : value;
      this.constant = make("input", { type: "text", ariaLabel: words.constantValue });
      this.constant.value = isConstant ? value : "";
      this.source.addEventListener("change", () => this.sourceChosen());
      this.constant.addEventListener("input", () => this.change({ value: this.constant.value }));
      this.first.append(this.source, this.constant);
    }

    /** As Wagtail's own button that deletes a block. */
    drawRemove() {
      this.remove = make(
        "button",
        {
          type: "button",
          className: "button button--icon text-replace white wsl-mapping__remove",
          title: this.table.words.remove,
        },
        icon("bin"),
      );
      this.remove.addEventListener("click", () => this.table.removed(this.row));
      this.property.append(this.remove);
    }

    sourceChosen() {
      const isConstant = this.source.value === CONSTANT;
      this.change({
        source: isConstant ? CONSTANT : "context",
        value: isConstant ? this.constant.value : this.source.value,
      });
    }

    /** @param {{field: object|undefined, all: object[], taken: Set<string>, isKnown: boolean}} state */
    show(state) {
      const properties = state.all.filter((property) => this.fits(property, state.field));
      this.properties.show(this.row.property, { ...state, properties });
      this.remove.hidden = Boolean(state.field);
      if (this.constant) this.constant.hidden = this.row.source !== CONSTANT;
      if (this.label) this.showField(state.field);
      this.properties.element.ariaLabel = say(this.table.words.propertyFor, { name: this.name });
      const property = state.all.find(({ name }) => name === this.row.property);
      this.showNotes({ ...state, property });
    }

    get name() {
      if (this.label) return this.label.textContent;
      return this.row.source === CONSTANT ? this.row.value : this.source.selectedOptions[0]?.text;
    }

    /** Constants and context count as field types of their own; a field that is gone fits all. */
    fits({ fields }, field) {
      const type = field?.type ?? this.row.source;
      return type === "field" || fields.includes(type);
    }

    showField(field) {
      const { words } = this.table;
      this.label.textContent = field ? field.label || words.noLabel : words.missingField;
      this.type.textContent = field ? words.types[field.type] ?? field.type : "";
      this.label.classList.toggle("wsl-mapping__label--required", Boolean(field?.required));
    }

    showNotes(state) {
      const notes = mappingNotes(this.row, state, this.table, (values) => this.change(values));
      const shown = [state.property?.name, ...notes.map((note) => note.textContent)].join("\n");
      if (shown === this.shownNotes) return;
      this.shownNotes = shown;
      this.notes.replaceChildren(...notes);
    }
  }

  window.salesforceLeads.MappingRow = MappingRow;
})();
