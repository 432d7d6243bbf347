(() => {
  const { StructBlock, StructBlockDefinition } = window.wagtailStreamField.blocks;

  /** A duplicated form keeps its fields' keys, so its mapping still holds, and gets its own key. */
  class LeadFormBlock extends StructBlock {
    getDuplicatedState() {
      const state = super.getDuplicatedState();
      const originals = this.childBlocks.fields.getState();
      state.fields.forEach((field, index) => {
        field.value.key = originals[index].value.key;
      });
      return { ...state, form_key: "" };
    }
  }

  class LeadFormBlockDefinition extends StructBlockDefinition {
    /**
     * StructBlock asks `child instanceof this.blockDef.constructor` to learn whether a child draws
     * its own heading; asked of a subclass, it would give each nested StructBlock a second label.
     */
    static [Symbol.hasInstance](other) {
      return other instanceof StructBlockDefinition;
    }

    render(...args) {
      return new LeadFormBlock(this, ...args);
    }
  }

  window.telepath.register(
    "wagtail_salesforce_leads.blocks.LeadFormBlock",
    LeadFormBlockDefinition,
  );
})();
