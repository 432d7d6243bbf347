(() => {
  const { ask, say, Listbox } = window.salesforceLeads;

  /** Milliseconds without a key before the server is asked. */
  const PATIENCE = 250;

  /**
   * Searches campaigns on the server, since an org has thousands. The chosen one is stored with its
   * name, so that it can be shown while Salesforce is away.
   *
   * @fires wsl-campaign:chosen
   *
   * @example
   * <div data-controller="wsl-campaign" data-wsl-campaign-url-value="/admin/…/campaigns/"
   *      data-wsl-campaign-words-value="{…}">
   *   <input type="hidden" name="…" value='{"id": "701…", "name": "Spring fair"}'
   *          data-wsl-campaign-target="value">
   *   <input type="text" role="combobox" data-wsl-campaign-target="search">
   *   <button type="button" data-wsl-campaign-target="clear">…</button>
   *   <ul role="listbox" id="…" data-wsl-campaign-target="list" hidden></ul>
   *   <p role="status" data-wsl-campaign-target="note"></p>
   * </div>
   */
  class CampaignController extends window.StimulusModule.Controller {
    static targets = ["value", "search", "clear", "list", "note"];

    static values = { url: String, words: Object };

    initialize() {
      this.campaigns = [];
      /** Whether something was typed that the list does not show yet. */
      this.isBehind = false;
      this.told = (event) => this.showState(event.detail);
    }

    connect() {
      this.listbox = new Listbox(this.searchTarget, this.listTarget);
      this.integration = this.element.closest('[data-controller~="wsl-integration"]');
      this.integration.addEventListener("wsl-integration:campaign", this.told);
      this.showChosen();
    }

    disconnect() {
      this.close();
      this.integration.removeEventListener("wsl-integration:campaign", this.told);
    }

    get chosen() {
      return this.valueTarget.value ? JSON.parse(this.valueTarget.value) : null;
    }

    showChosen() {
      this.searchTarget.value = this.chosen?.name ?? "";
      this.clearTarget.hidden = !this.chosen;
    }

    /** What the org says of the chosen campaign: gone, not active any more, or nothing special. */
    showState({ campaign, message }) {
      let note = message || "";
      if (!note && this.chosen && campaign === null) note = say(this.wordsValue.missing, this.chosen);
      if (!note && this.chosen && campaign?.isActive === false) note = this.wordsValue.inactive;
      this.noteTarget.textContent = note;
      this.noteTarget.classList.toggle("wsl-note--error", Boolean(note) && !message);
    }

    /** On focus: the first campaigns, so that a short list needs no typing. */
    open() {
      this.searchTarget.select();
      this.search("");
    }

    type() {
      this.isBehind = true;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.search(this.searchTarget.value), PATIENCE);
    }

    /** `step`: where to go in the list once it is there. */
    async search(term, step = 0) {
      clearTimeout(this.timer);
      this.request?.abort();
      this.request = new AbortController();
      const { signal } = this.request;
      const org = this.integration.querySelector('[data-wsl-integration-target="account"]').value;
      try {
        const answer = org ? await ask(this.urlValue, { org, q: term }, { signal }) : null;
        this.showFound(answer);
        if (step) this.listbox.move(step);
      } catch (error) {
        if (!signal.aborted) this.noteTarget.textContent = error.message || this.wordsValue.unreachable;
      }
    }

    showFound(answer) {
      if (document.activeElement !== this.searchTarget) return;
      this.isBehind = false;
      this.campaigns = answer?.campaigns ?? [];
      this.listbox.show(this.campaigns.map(({ name, dates }) => ({ text: name, note: dates })));
      this.noteTarget.textContent = this.summary(answer);
      this.noteTarget.classList.remove("wsl-note--error");
    }

    summary(answer) {
      const { noAccount, none, found, foundMore } = this.wordsValue;
      if (!answer) return noAccount;
      const { length: count } = answer.campaigns;
      return count ? say(answer.more ? foundMore : found, { count }) : none;
    }

    /** Nobody walks or chooses in a list of what was typed before. */
    press(event) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && this.listbox.isOpen && !this.isBehind) this.listbox.move(step);
      else if (step) this.search(this.searchTarget.value, step);
      else if (event.key === "Enter" && this.isBehind) this.search(this.searchTarget.value);
      else if (event.key === "Enter") this.choose(this.listbox.active);
      else if (event.key === "Escape" && this.listbox.isOpen) this.close();
      else return;
      event.preventDefault();
    }

    /** On mousedown, before the search field loses the focus, which closes the list. */
    point(event) {
      event.preventDefault();
      this.choose(this.listbox.indexOf(event.target));
    }

    choose(index) {
      const campaign = this.campaigns[index];
      if (!campaign || !this.listbox.isOpen) return;
      this.store(JSON.stringify({ id: campaign.id, name: campaign.name }));
    }

    clear() {
      this.store("");
      this.searchTarget.focus();
    }

    store(value) {
      this.valueTarget.value = value;
      this.close();
      this.dispatch("chosen");
    }

    /** What was typed and not chosen is no campaign: the chosen one stands again. */
    close() {
      clearTimeout(this.timer);
      this.request?.abort();
      this.isBehind = false;
      this.listbox.toggle(false);
      this.showChosen();
    }
  }

  window.wagtail.app.register("wsl-campaign", CampaignController);
})();
