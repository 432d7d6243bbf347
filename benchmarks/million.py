"""The report and the queries of delivery at 1,000 and at 1,000,000 submissions, in one run.

    python -m benchmarks.million [--explain]

On SQLite, or on the PostgreSQL or MariaDB of this machine that DATABASE_URL names. Prints queries
and milliseconds of processor, the database's too, of each at both sizes (of the quickest of some
rounds), and what of it is more than half as slow again: what other work the machine has counts
little. What needs a person, or is under way, is as many at both sizes: it does not grow with the
history behind it.
"""

from __future__ import annotations

import functools
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.site.settings")

import django

django.setup()

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.core.management.color import no_style
from django.db import connection
from django.test import Client
from django.test.utils import (
    CaptureQueriesContext,
    setup_databases,
    setup_test_environment,
    teardown_databases,
)
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission

from tests.submitting import live
from wagtail_salesforce_leads.delivery import claims, outbox, status
from wagtail_salesforce_leads.delivery.upkeep import sweeping
from wagtail_salesforce_leads.models import Delivery, DeliveryAttempt, LeadSubmission
from wagtail_salesforce_leads.panels.home import lines_for
from wagtail_salesforce_leads.reports.paging import BoundedPaginator

SIZES = (1_000, 1_000_000)
ROUNDS = 15
#: Milliseconds after which no more rounds begin.
PATIENCE = 3_000
#: Times as slow at a million, to be reached.
MOST = 1.5
#: Milliseconds that are noise.
NOISE = 5
#: How many of the newest are in each state other than "in Salesforce".
OPEN = {"failed": 40, "held": 30, "waiting": 10, "unknown": 10, "due": 10}

State = Delivery.State
DIALECTS = {
    "sqlite": {
        "uuid": "lower(hex(randomblob(16)))",
        "ago": "datetime('now', '-' || (i * 20) || ' seconds')",
        "lead_id": "printf('00Q5g%010dAAA', i)",
    },
    "postgresql": {
        "uuid": "gen_random_uuid()",
        "ago": "now() - i * interval '20 seconds'",
        "lead_id": "'00Q5g' || lpad(i::text, 10, '0') || 'AAA'",
    },
    "mysql": {
        "uuid": "uuid()",
        "ago": "utc_timestamp(6) - interval (i * 20) second",
        "lead_id": "'00Q5g' || lpad(i, 10, '0') || 'AAA'",
    },
}
#: What a server is told at the start: one process serves us, so that its time can be told; MariaDB
#: takes the standard's || and as many rows of a recursion as are asked for.
OPTIONS = {
    "postgresql": {"options": "-c max_parallel_workers_per_gather=0"},
    "mysql": {
        "init_command": "SET sql_mode = CONCAT(@@sql_mode, ',PIPES_AS_CONCAT'), "
        "max_recursive_iterations = 4000000000"
    },
}
#: As its own upkeep leaves a table that has been there for a while. SQLite has none.
UPKEEP = {
    "postgresql": "VACUUM ANALYZE {tables}",
    "mysql": "ANALYZE TABLE {tables}",
}


class History:
    """Submissions of the past, each a copy of one real one, made by the database itself."""

    def __init__(self) -> None:
        self.made = 0
        self.sql = DIALECTS[connection.vendor]
        self.page = live.make_page()
        self.version = live.publish(
            self.page,
            org=live.make_org(instance_url="https://acme.my.salesforce.com"),
            sync=True,
            campaign_id="7015g000000AAAAEA4",
            campaign_name="Spring fair",
            member_status="Registered",
        )
        self.submission = LeadSubmission.objects.create(
            form=self.version.form,
            version=self.version,
            site=self.version.form.site,
            submitted_at=timezone.now(),
            answers=live.ANSWERS,
            who="Lee ann@example.com",
            form_title="Contact",
            page_title=self.page.title,
            source_model=self.page._meta.label_lower,
            source_id=str(self.page.pk),
        )
        lead = {"LastName": "Lee", "Email": "ann@example.com"}
        self.delivery = outbox.enqueue(self.submission, self.version, lead)
        settled = {"state": State.DONE, "settled_at": timezone.now(), "attempts": 1}
        Delivery.objects.filter(pk=self.delivery.pk).update(**settled)
        self.attempt = DeliveryAttempt.objects.create(
            delivery=self.delivery, claim_token=self.delivery.external_id, started_at=timezone.now()
        )

    def grow_to(self, count: int) -> None:
        uuid, ago = self.sql["uuid"], self.sql["ago"]
        first = self.submission.pk
        who = "'Visitor ' || i || ' v' || i || '@example.jp'"
        moved = {"id": f"{first} + i", "uuid": uuid, "submitted_at": ago, "who": who}
        self._copy(self.submission, count, moved)
        moved = {
            "id": f"{self.delivery.pk} + i",
            "submission_id": f"{first} + i",
            "external_id": uuid,
            "created_at": ago,
            "due_at": ago,
            "settled_at": ago,
            "lead_id": self.sql["lead_id"],
        }
        self._copy(self.delivery, count, moved)
        moved = {
            "id": f"{self.attempt.pk} + i",
            "delivery_id": f"{self.delivery.pk} + i",
            "claim_token": uuid,
            "started_at": ago,
        }
        self._copy(self.attempt, count, moved)
        self._open()
        self.made = count
        models = [LeadSubmission, Delivery, DeliveryAttempt]
        tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), models):
                cursor.execute(statement)
            if connection.vendor in UPKEEP:
                cursor.execute(UPKEEP[connection.vendor].format(tables=tables))

    def _copy(self, row, count: int, changed: dict[str, str]) -> None:
        columns = [field.column for field in row._meta.concrete_fields]
        table = connection.ops.quote_name(row._meta.db_table)
        values = ", ".join(changed.get(name, f"t.{name}") for name in columns)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) "
                f"WITH RECURSIVE n(i) AS (SELECT {self.made + 1} UNION ALL "
                f"SELECT i + 1 FROM n WHERE i < {count}) "
                f"SELECT {values} FROM n, {table} t WHERE t.id = {row.pk}"
            )

    def _open(self) -> None:
        """The same few are open, however long the history behind them is."""
        copies = Delivery.objects.exclude(pk=self.delivery.pk).order_by("-created_at")
        newest = iter(copies.values_list("pk", flat=True)[:100])
        for state, count in OPEN.items():
            pks = [next(newest) for _number in range(count)]
            cause = {"failed": "STRING_TOO_LONG", "held": "reconnect"}.get(state, "")
            Delivery.objects.filter(pk__in=pks).update(state=state, cause=cause, lead_id=None)


def editor_of(page) -> Client:
    """Somebody who may change one page, and so sees what came from it."""
    group = Group.objects.create(name="Editors of one page")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    permission = Permission.objects.get(codename="change_page")
    GroupPagePermission.objects.create(group=group, page=page, permission=permission)
    user = get_user_model().objects.create_user("editor", "e@example.com", "x")
    user.groups.add(group)
    return signed_in(user)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def subjects(history: History) -> dict[str, Callable[[], object]]:
    admin = get_user_model().objects.create_superuser("admin", "a@example.com", "x")
    boss, editor = signed_in(admin), editor_of(history.page)
    org = history.version.org
    listing = reverse("wagtail_salesforce_leads_reports:index")
    setting = ["wagtail_salesforce_leads", "salesforcesettings", org.site_id]

    def get(client: Client, address: str, query: str = "") -> Callable[[], None]:
        def act() -> None:
            cache.clear()
            response = client.get(address + query)
            if response.status_code != 200:
                raise SystemExit(f"{address}{query}: {response.status_code}")

        return act

    def deep() -> None:
        get(boss, listing, f"?p={min(history.made, BoundedPaginator.most) // 50}")()

    day = timezone.localdate().isoformat()
    return {
        "report, first page": get(boss, listing),
        "report, its last page": deep,
        "report, an editor of one page": get(editor, listing),
        "search: nobody, an editor": get(editor, listing, "?q=nobody-at-all"),
        "filter: needs you": get(boss, listing, "?result=failed"),
        "filter: in Salesforce": get(boss, listing, "?result=done"),
        "filter: not sent": get(boss, listing, "?result=none"),
        "filter: cause": get(boss, listing, "?cause=STRING_TOO_LONG"),
        "filter: form": get(boss, listing, f"?form={history.version.form_id}"),
        "filter: page": get(boss, listing, "?page=Landing"),
        "filter: account": get(boss, listing, f"?account={org.pk}"),
        "filter: campaign": get(boss, listing, "?campaign=Spring"),
        "filter: today": get(boss, listing, f"?submitted_at_from={day}"),
        "search: one": get(boss, listing, "?q=v777%40example.jp"),
        "search: many": get(boss, listing, "?q=Visitor"),
        "search: nobody": get(boss, listing, "?q=nobody-at-all"),
        "one submission": get(boss, f"{listing}{history.submission.pk}/"),
        "admin home's lines": lambda: lines_for(admin),
        "cards of the orgs": get(boss, reverse("wagtailsettings:edit", args=setting)),
        "sweep": sweeping.sweep,
        "salesforce_status": status.read,
        "claim of what is due": lambda: claimed(org),
        "what is to be looked up": lambda: list(Delivery.objects.for_org(org).to_look_up()[:200]),
    }


def claimed(org) -> None:
    claim = claims.claim_due(org, 200)
    claims.give_back(claim.token, claim.deliveries)


def measured(act: Callable[[], object]) -> tuple[int, float]:
    """Queries, and milliseconds."""
    act()
    with CaptureQueriesContext(connection) as captured:
        act()
    queries = len(captured)  # the next request empties the log
    times = []
    while len(times) < ROUNDS and sum(times) < PATIENCE:
        started = spent()
        act()
        times.append((spent() - started) * 1000)
    return queries, min(times)


def spent() -> float:
    """Seconds of a processor, ours and those of the server's process or thread that serves us."""
    if connection.vendor == "sqlite":
        return time.process_time()
    server = Path(f"/proc/{server_task()}/schedstat")
    return time.process_time() + int(server.read_text().split()[0]) / 1e9


@functools.cache
def server_task() -> int:
    """The id Linux knows it by: of PostgreSQL's process, of MariaDB's thread."""
    if connection.vendor == "postgresql":
        return connection.connection.info.backend_pid
    with connection.cursor() as cursor:
        cursor.execute("SELECT tid FROM information_schema.processlist WHERE id = connection_id()")
        return cursor.fetchone()[0]


def table(found: dict[str, list[tuple[int, float]]]) -> list[str]:
    lines = [f"| {connection.vendor} | queries | ms at {SIZES[0]:,} | ms at {SIZES[1]:,} | × |"]
    lines.append("|---|---|---|---|---|")
    for name, (small, big) in found.items():
        queries = str(small[0]) if small[0] == big[0] else f"{small[0]} → {big[0]}"
        ratio = f"{big[1] / small[1]:.2f}"
        lines.append(f"| {name} | {queries} | {small[1]:.1f} | {big[1]:.1f} | {ratio} |")
    return lines


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def holds(small: tuple[int, float], big: tuple[int, float]) -> bool:
    return small[0] == big[0] and big[1] <= max(small[1] * MOST, small[1] + NOISE)


def explain(acts: dict[str, Callable[[], object]]) -> None:
    for name, act in acts.items():
        with CaptureQueriesContext(connection) as captured:
            act()
        for query in captured.captured_queries:
            if not query["sql"].startswith("SELECT") or float(query["time"]) < 0.02:
                continue
            prefix = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
            with connection.cursor() as cursor:
                cursor.execute(prefix + query["sql"].replace("%", "%%"))
                plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
            print(f"\n# {name}: {query['time']} s\n{query['sql'][:2500]}\n{plan}")


def main() -> int:
    setup_test_environment()
    connection.settings_dict["OPTIONS"].update(OPTIONS.get(connection.vendor, {}))
    old = setup_databases(verbosity=0, interactive=False)
    try:
        history = History()
        acts = subjects(history)
        found: dict[str, list[tuple[int, float]]] = {name: [] for name in acts}
        for size in SIZES:
            say(f"{size:>9,} submissions …")
            history.grow_to(size)
            for name, act in acts.items():
                found[name].append(measured(act))
                say(f"{size:>9,}  {name}: {found[name][-1]}")
        print("\n".join(table(found)))
        slow = [name for name, sizes in found.items() if not holds(*sizes)]
        print(f"\nSlower than {MOST}×, or more queries: {', '.join(slow) or 'none'}")
        if "--explain" in sys.argv:
            explain(acts)
    finally:
        teardown_databases(old, verbosity=0)
    return bool(slow)


if __name__ == "__main__":
    sys.exit(main())
