"""Rows that decide something are read where they are written.

A site may route reads to a replica, which lags behind: a worker would not find what it has just
claimed, a visitor's form would be the one of before it was published. Nothing else in the package
looks at the router to choose where to read.
"""

from __future__ import annotations

from django.db import models, router


class PrimaryManager(models.Manager):
    """Reads the database that is written to, unless a caller names another with ``using``."""

    def get_queryset(self) -> models.QuerySet:
        database = self._db or router.db_for_write(self.model, **self._hints)
        return super().get_queryset().using(database)


class PrimaryModel(models.Model):
    """The base of every model of ours; a relation to one reads it by the same manager."""

    objects = PrimaryManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"


def on_primary(model: type[models.Model]) -> models.QuerySet:
    """The rows of a site's own model, as they were last written."""
    return model._base_manager.using(router.db_for_write(model))
