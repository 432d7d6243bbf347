from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_salesforce_leads.salesforce.hosts import (
    HostRefused,
    ids_from_identity,
    instance_origin,
    login_origin,
    query_path,
    record_url,
)
from wagtail_salesforce_leads.salesforce.ids import RecordIdRefused

LEAD = "00Q5g00000AbCdEEAV"
SIMULATOR = "http://127.0.0.1:8900"

INSTANCES = [
    "https://acme.my.salesforce.com",
    "https://acme--uat.sandbox.my.salesforce.com",
    "https://broth-scorpio-4351-dev-ed.scratch.my.salesforce.com",
    "https://acme-dev-ed.develop.my.salesforce.com",
    "https://na44.salesforce.com",
    "https://cs42.salesforce.com",
]
LOGINS = [
    "https://login.salesforce.com",
    "https://test.salesforce.com",
    "https://acme.my.salesforce.com",
]
HOSTILE = [
    "",
    "https://",
    "acme.my.salesforce.com",
    "http://acme.my.salesforce.com",
    "//acme.my.salesforce.com",
    "javascript://acme.my.salesforce.com",
    "https://user@acme.my.salesforce.com",
    "https://user:pass@acme.my.salesforce.com",
    "https://acme.my.salesforce.com@evil.example",
    "https://acme.my.salesforce.com:443",
    "https://acme.my.salesforce.com:8443",
    "https://acme.my.salesforce.com.",
    "https://acme.my.salesforce.com.evil.example",
    "https://evilmy.salesforce.com",
    "https://my.salesforce.com",
    "https://acme.my-salesforce.com",
    "https://acmemy.salesforce.com",
    "https://acme.my.salesforce.com/path",
    "https://acme.my.salesforce.com//",
    "https://acme.my.salesforce.com?x=1",
    "https://acme.my.salesforce.com#x",
    "https://acme.my.salesforce.com\n",
    "https://acme.my.salesforce.com\n/",
    "https://acme.my.salesforce.com\r\nHost: evil.example",
    "https://ac\tme.my.salesforce.com",
    " https://acme.my.salesforce.com",
    "https:\\\\acme.my.salesforce.com",
    "https://acme.my.salesforce.com\\@evil.example",
    "https://evil.example\\.my.salesforce.com",
    "https://evil.example/.my.salesforce.com",
    "https://evil.example#.my.salesforce.com",
    "https://.my.salesforce.com",
    "https://-acme.my.salesforce.com",
    "https://a..b.my.salesforce.com",
    "https://acme.my.salesforce.mil",
    "https://acme.my.sfcrmproducts.cn",
    "https://acme.my-salesforce.com",
    "https://acme.force.com",
    "https://acme.my.site.com",
    "https://na٤٤.salesforce.com",
    "https://ａcme.my.salesforce.com",
    "https://acme.my。salesforce。com",
    "https://аcme.my.salesforce.com",
    "https://\u212aacme.my.salesforce.com",
    "https://127.0.0.1",
    "https://169.254.169.254",
    "https://https://acme.my.salesforce.com",
    "https://" + "a." * 2000 + "my.salesforce.com",
    "https://" + "a" * 5000 + ".my.salesforce.com",
]


@pytest.mark.parametrize("url", INSTANCES)
def test_instance_of_salesforce_is_accepted(url):
    assert instance_origin(url) == url
    assert instance_origin(url + "/") == url
    assert instance_origin(url.upper()) == url


@pytest.mark.parametrize("url", LOGINS)
def test_login_host_of_salesforce_is_accepted(url):
    assert login_origin(url) == url


@pytest.mark.parametrize("url", LOGINS[:2])
def test_login_host_is_no_instance(url):
    with pytest.raises(HostRefused):
        instance_origin(url)


@pytest.mark.parametrize("url", HOSTILE)
@pytest.mark.parametrize("rule", [login_origin, instance_origin])
def test_hostile_address_is_refused(rule, url):
    with pytest.raises(HostRefused) as caught:
        rule(url)
    assert "evil" not in str(caught.value)


@given(st.text() | st.text(alphabet="acmey.sforl/:@?#\\\n%https-").map("https://".__add__))
def test_accepted_address_is_salesforce_for_every_parser(url):
    try:
        origin = instance_origin(url)
    except HostRefused:
        return
    parts = urlsplit(origin)
    assert parts.scheme == "https"
    assert parts.netloc == parts.hostname
    assert parts.hostname.endswith(".salesforce.com")


@given(st.sampled_from(INSTANCES), st.text(min_size=1, max_size=3), st.integers(0, 60))
def test_address_with_something_put_in_stays_at_salesforce_or_is_refused(url, text, place):
    tampered = url[:place] + text + url[place:]
    try:
        host = urlsplit(instance_origin(tampered)).netloc
    except HostRefused:
        return
    assert host.endswith(".salesforce.com")
    assert "@" not in host
    assert ":" not in host


def test_org_in_another_cloud_is_taken_where_the_site_names_it():
    other = "https://acme.my.salesforce.mil"
    assert instance_origin(other, [other]) == login_origin(other, [other]) == other
    with pytest.raises(HostRefused):
        instance_origin("https://beta.my.salesforce.mil", [other])


@pytest.mark.parametrize(
    "near",
    ["http://127.0.0.1:8901", "https://127.0.0.1:8900", "http://127.0.0.1:89000",
     "http://127.0.0.1", "http://127.0.0.1:8900/x", "http://u@127.0.0.1:8900", "http://localhost:8900"],
)  # fmt: skip
def test_extra_origin_is_taken_exactly(near):
    assert login_origin(SIMULATOR + "/", [SIMULATOR]) == SIMULATOR
    assert instance_origin(SIMULATOR, [SIMULATOR]) == SIMULATOR
    with pytest.raises(HostRefused):
        instance_origin(near, [SIMULATOR])


@pytest.mark.parametrize(
    "path",
    [
        "/services/data/v67.0/query/01gRO0000016PIAYA2-500",
        "/services/data/v66.0/queryAll/0r8xx3d2-2000",
    ],
)
def test_next_page_of_a_query_is_accepted(path):
    assert query_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "https://evil.example/services/data/v67.0/query/01g",
        "//evil.example/services/data/v67.0/query/01g",
        "@evil.example/services/data/v67.0/query/01g",
        ":8443/services/data/v67.0/query/01g",
        ".evil.example/services/data/v67.0/query/01g",
        "/services/data/v67.0/query/../sobjects/User",
        "/services/data/v67.0/query/01g/../../limits",
        "/services/data/v67.0/query/01g?q=SELECT",
        "/services/data/v67.0/query/01g#x",
        "/services/data/v67.0/query/01g\n",
        "/services/data/v67.0/query/%2e%2e",
        "/services/data/v67.0/query/",
        "/services/data/v67.0/sobjects/Lead/00Q",
        "/services/data/v٦٧.0/query/01g",
        "/services/apexrest/query/01g",
    ],
)
def test_anything_but_a_next_page_is_refused(path):
    with pytest.raises(HostRefused):
        query_path(path)


@given(st.text(alphabet="/.@:?#\\%\nvquery0123services-", max_size=60))
def test_accepted_next_page_stays_on_its_host(path):
    base = "https://acme.my.salesforce.com"
    try:
        joined = urljoin(base, query_path(path))
    except HostRefused:
        return
    assert joined == base + path


def test_record_url_is_made_of_checked_parts():
    expected = f"https://acme.my.salesforce.com/{LEAD}"
    assert record_url("https://acme.my.salesforce.com/", LEAD) == expected
    assert record_url(SIMULATOR, LEAD, [SIMULATOR]) == f"{SIMULATOR}/{LEAD}"


@pytest.mark.parametrize(
    "record_id", ["", "//evil.example/x", "00Q/../x", LEAD + "\n", "００Q" * 5]
)
def test_record_url_of_no_id_is_refused(record_id):
    with pytest.raises(RecordIdRefused):
        record_url("https://acme.my.salesforce.com", record_id)


def test_identity_gives_long_ids():
    url = "https://login.salesforce.com/id/00Dx0000000BV7z/005x00000012Q9P"
    assert ids_from_identity(url) == ("00Dx0000000BV7zEAG", "005x00000012Q9PAAU")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://login.salesforce.com/id/00Dx0000000BV7z",
        "https://login.salesforce.com/id/005x00000012Q9P/00Dx0000000BV7z",
        "https://login.salesforce.com/id/00Dx0000000BV7z/005x00000012Q9P/x",
        "https://login.salesforce.com/x/id/00Dx0000000BV7z/005x00000012Q9P",
        "https://login.salesforce.com/id/00Dx0000000BV7z/005x00000012Q9P\n",
    ],
)
def test_identity_of_another_shape_is_refused(url):
    with pytest.raises(HostRefused):
        ids_from_identity(url)
