"""Signs of life of what runs in the background."""

from __future__ import annotations

from django.db import models

from .primary import PrimaryModel


class Heartbeat(PrimaryModel):
    """When a background job last ran, by its name; also its lock against running twice at once."""

    name = models.CharField(max_length=60, unique=True)
    beat_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name} at {self.beat_at}"
