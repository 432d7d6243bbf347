(() => {
  const { FieldBlock, FieldBlockDefinition } = window.wagtailStreamField.blocks;

  /** A short random name; a letter first, so that it can be an HTML name everywhere. */
  const newKey = () => {
    const bytes = Array.from(window.crypto.getRandomValues(new Uint8Array(6)));
    return `f${bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  };

  /** A value that a form remembers and no editor sees: its label is hidden with it. */
  class HiddenBlock extends FieldBlock {
    constructor(...args) {
      super(...args);
      this.element.parentElement.hidden = true;
    }

    getTextLabel() {
      return null;
    }

    focus() {}
  }

  /** A field's key: made when the field is added or duplicated, and kept from then on. */
  class KeyBlock extends HiddenBlock {
    constructor(definition, placeholder, prefix, state, ...rest) {
      super(definition, placeholder, prefix, state || newKey(), ...rest);
    }

    getDuplicatedState() {
      return newKey();
    }
  }

  class HiddenBlockDefinition extends FieldBlockDefinition {
    render(...args) {
      return new HiddenBlock(this, ...args);
    }
  }

  class KeyBlockDefinition extends FieldBlockDefinition {
    render(...args) {
      return new KeyBlock(this, ...args);
    }
  }

  window.telepath.register("wagtail_salesforce_leads.blocks.HiddenBlock", HiddenBlockDefinition);
  window.telepath.register("wagtail_salesforce_leads.blocks.KeyBlock", KeyBlockDefinition);
})();
