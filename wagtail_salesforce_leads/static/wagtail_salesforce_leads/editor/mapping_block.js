(() => {
  const { FieldBlock, FieldBlockDefinition } = window.wagtailStreamField.blocks;

  /** Hands the errors of single rows to the table, which shows them there; the others are lines. */
  class PropertyMappingBlock extends FieldBlock {
    setError(error) {
      super.setError(error && { ...error, messages: [error.messages.join("\n")] });
      const table = this.element.querySelector('[data-controller~="wsl-mapping"]');
      table.dataset.wslMappingErrorsValue = JSON.stringify(error?.rowErrors ?? {});
    }
  }

  class PropertyMappingBlockDefinition extends FieldBlockDefinition {
    render(...args) {
      return new PropertyMappingBlock(this, ...args);
    }
  }

  window.telepath.register(
    "wagtail_salesforce_leads.blocks.PropertyMappingBlock",
    PropertyMappingBlockDefinition,
  );
})();
