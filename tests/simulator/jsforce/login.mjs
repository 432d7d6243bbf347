// jsforce against the simulator, unmodified: login by OAuth with PKCE, then what an integration does.
// Reads a JSON line {loginUrl, clientId, clientSecret, campaignId} on standard input, asks for the
// callback address by printing the authorize address, and prints what it saw as one line of JSON.
import { createInterface } from "node:readline";

import jsforce from "jsforce";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const readLine = async () => (await lines.next()).value;
const print = (data) => console.log(JSON.stringify(data));

const options = JSON.parse(await readLine());
const oauth2 = new jsforce.OAuth2({
  loginUrl: options.loginUrl,
  clientId: options.clientId,
  clientSecret: options.clientSecret,
  redirectUri: "https://127.0.0.1:9/callback",
  useVerifier: true,
});

print({ authorize: oauth2.getAuthorizationUrl({ scope: "api refresh_token id" }) });
const callback = new URL(await readLine());

const refreshed = [];
const connection = new jsforce.Connection({ oauth2, version: "66.0" });
connection.on("refresh", (token) => refreshed.push(token));
const user = await connection.authorize(callback.searchParams.get("code"));

const lead = { LastName: "Yamada", Company: "Acme" };
const allowSave = { headers: { "Sforce-Duplicate-Rule-Header": "allowSave=true" } };
const seen = { user, instanceUrl: connection.instanceUrl };

seen.identity = (await connection.identity()).username;
seen.fields = (await connection.sobject("Lead").describe()).fields.length;

const campaigns = [];
await new Promise((resolve, reject) =>
  connection
    .query("SELECT Id, Name FROM Campaign")
    .on("record", (record) => campaigns.push(record.Id))
    .on("end", resolve)
    .on("error", reject)
    .run({ autoFetch: true, maxFetch: 10000 }),
);
seen.campaigns = new Set(campaigns).size;

seen.created = await connection.sobject("Lead").create(lead, allowSave);
seen.updated = await connection.sobject("Lead").update({ Id: seen.created.id, Title: "Boss" });
seen.read = (await connection.sobject("Lead").retrieve(seen.created.id)).Title;

const upsert = () =>
  connection
    .sobject("Lead")
    .upsert({ ...lead, Wagtail_Submission_Id__c: "a-b" }, "Wagtail_Submission_Id__c");
seen.upserts = [await upsert(), await upsert()].map((result) => result.success);

const many = Array.from({ length: 250 }, (_, index) => ({ ...lead, Title: `${index}` }));
const results = await connection
  .sobject("Lead")
  .create(many, { ...allowSave, allowRecursive: true });
seen.collection = results.filter((result) => result.success).length;

const composite = await connection.request({
  method: "POST",
  url: "/services/data/v66.0/composite",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({
    compositeRequest: [
      { method: "POST", url: "/services/data/v66.0/sobjects/Lead", referenceId: "lead", body: lead },
      {
        method: "POST",
        url: "/services/data/v66.0/sobjects/CampaignMember",
        referenceId: "member",
        body: { LeadId: "@{lead.id}", CampaignId: options.campaignId },
      },
    ],
  }),
});
seen.composite = composite.compositeResponse.map((part) => part.httpStatusCode);

seen.error = await connection
  .sobject("Lead")
  .create({ LastName: "x" })
  .catch((error) => error.errorCode);

print({ ready: true });
await readLine();
await connection.query("SELECT Id FROM Lead LIMIT 1");
seen.refreshed = refreshed.length;
print({ seen });
process.exit(0);
