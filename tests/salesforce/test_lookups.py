from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from wagtail_salesforce_leads.salesforce.lookups import (
    lookup_by_creation_soql,
    lookup_by_submission_id_soql,
)

USER = "005x00000012Q9P"
TOKYO = timezone(timedelta(hours=9))


def test_submissions_are_looked_up_with_their_fate():
    assert lookup_by_submission_id_soql("Submission__c", ["a-1", "b'2"]) == (
        "SELECT Id, Submission__c, IsDeleted, IsConverted, ConvertedContactId, MasterRecordId"
        " FROM Lead WHERE Submission__c IN ('a-1','b\\'2')"
    )


def test_only_readable_fate_is_asked_for():
    soql = lookup_by_submission_id_soql("Submission__c", ["a"], ["IsDeleted"])
    assert soql.startswith("SELECT Id, Submission__c, IsDeleted FROM Lead")


def test_creations_are_looked_up_in_utc():
    since = datetime(2026, 11, 23, 9, 30, 1, 999, tzinfo=TOKYO)
    assert lookup_by_creation_soql(USER, since, ["LastName", "Email", "LastName"]) == (
        "SELECT Id, CreatedDate, LastName, Email FROM Lead WHERE CreatedById = '005x00000012Q9PAAU'"
        " AND CreatedDate >= 2026-11-23T00:30:01+00:00 ORDER BY CreatedDate"
    )


def test_creations_can_have_an_end():
    since = datetime(2026, 11, 23, tzinfo=timezone.utc)
    soql = lookup_by_creation_soql(USER, since, [], since + timedelta(hours=1))
    assert "AND CreatedDate <= 2026-11-23T01:00:00+00:00 ORDER BY" in soql


@pytest.mark.parametrize("name", ["", "A B", "Id FROM User--", "X__c,Y__c", "名前", "X\n"])
def test_field_that_is_no_api_name_is_refused(name):
    with pytest.raises(ValueError, match="API name"):
        lookup_by_submission_id_soql(name, ["a"])
    with pytest.raises(ValueError, match="API name"):
        lookup_by_creation_soql(USER, datetime.now(timezone.utc), [name])
