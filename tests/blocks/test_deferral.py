from __future__ import annotations

import copy
import threading

from wagtail_salesforce_leads.blocks.deferral import ThreadLocalDeferral


class Deferred(ThreadLocalDeferral):
    def __init__(self):
        self.is_deferred_validation = True


def seen_by_another_thread(block) -> bool:
    seen = []
    thread = threading.Thread(target=lambda: seen.append(block.is_deferred_validation))
    thread.start()
    thread.join()
    return seen[0]


def test_defer_in_one_thread_leaves_another_strict():
    block = Deferred()
    assert block.is_deferred_validation
    assert not seen_by_another_thread(block)


def test_copy_of_a_deferred_block_is_strict():
    assert not copy.deepcopy(Deferred()).is_deferred_validation


def test_new_request_is_strict_whatever_the_last_one_left(client, db):
    block = Deferred()
    client.get("/admin/login/")
    assert not block.is_deferred_validation
