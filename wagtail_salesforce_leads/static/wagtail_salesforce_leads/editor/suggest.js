(() => {
  /** Names under which forms ask for a Lead's standard properties, in English and Japanese. */
  const NAMES = {
    Company: ["company", "company name", "organisation", "organization", "会社", "会社名", "御社名", "貴社名", "企業名", "法人名", "勤務先", "組織名", "団体名"],
    LastName: ["last name", "family name", "surname", "姓", "名字", "苗字", "氏", "お名前(姓)", "氏名(姓)"],
    FirstName: ["first name", "given name", "名", "お名前(名)", "氏名(名)"],
    Salutation: ["salutation", "敬称"],
    Title: ["title", "job title", "position", "役職", "肩書", "肩書き", "職位"],
    Email: ["email", "e-mail", "mail", "email address", "e-mail address", "メール", "メールアドレス", "eメール", "電子メール"],
    Phone: ["phone", "telephone", "tel", "phone number", "telephone number", "電話", "電話番号", "お電話番号", "連絡先電話番号"],
    MobilePhone: ["mobile", "mobile phone", "cell phone", "携帯", "携帯電話", "携帯電話番号", "携帯番号"],
    Fax: ["fax", "fax number", "ファックス", "fax番号"],
    Website: ["website", "web site", "url", "homepage", "ホームページ", "ウェブサイト", "webサイト", "サイトurl"],
    Industry: ["industry", "業種", "業界"],
    NumberOfEmployees: ["number of employees", "employees", "company size", "従業員数", "社員数"],
    AnnualRevenue: ["annual revenue", "revenue", "年間売上", "売上高", "年商"],
    Country: ["country", "国", "国名"],
    PostalCode: ["postal code", "postcode", "zip", "zip code", "郵便番号"],
    State: ["state", "province", "prefecture", "都道府県"],
    City: ["city", "town", "市区町村", "市区郡", "市町村"],
    Street: ["street", "address", "street address", "住所", "番地", "町名・番地", "所在地", "ご住所"],
    Description: ["description", "message", "comment", "comments", "question", "enquiry", "inquiry", "備考", "ご質問", "お問い合わせ内容", "お問合せ内容", "内容", "ご要望", "メッセージ", "質問", "コメント"],
  };

  /** One name for the whole person goes to the property that Salesforce requires. */
  const WHOLE_NAMES = ["name", "full name", "your name", "氏名", "お名前", "名前", "ご氏名"];

  /** Where a type alone says enough. */
  const TYPES = { email: "Email", phone: "Phone", url: "Website" };

  /** Letters as people compare them: width, case, spaces and punctuation do not count. */
  const plain = (text) =>
    text.normalize("NFKC").toLowerCase().replace(/[\s_\-・()（）*:：/]/g, "");

  const namesOf = (property) =>
    new Set([property.name.replace(/__c$/, ""), property.label, ...(NAMES[property.name] ?? [])].map(plain));

  /**
   * Obvious matches for fields that are not mapped, each property once.
   *
   * @param {{key, type, label}[]} fields - those without a property
   * @param {{name, label, fields: string[]}[]} properties - those that nothing fills
   * @returns {Object<string, string>} field key → property name
   */
  window.salesforceLeads.suggest = (fields, properties) => {
    const found = {};
    const free = new Map(properties.map((property) => [property.name, property]));
    const take = (field, property) => {
      if (!property || found[field.key] || !property.fields.includes(field.type)) return;
      found[field.key] = property.name;
      free.delete(property.name);
    };
    const named = (names) => (field) => names.map(plain).includes(plain(field.label));
    fields.forEach((field) => {
      const label = plain(field.label);
      take(field, label && [...free.values()].find((property) => namesOf(property).has(label)));
    });
    fields.filter(named(WHOLE_NAMES)).forEach((field) => take(field, free.get("LastName")));
    fields.forEach((field) => take(field, free.get(TYPES[field.type])));
    return found;
  };
})();
