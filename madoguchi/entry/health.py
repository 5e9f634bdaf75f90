"""Is it alive, is it ready, and how is it: for whatever watches the machine (死活監視).

Nothing here is about anybody. Liveness asks nothing, so a slow database does not get the web
server killed; readiness asks the database; figures want a token, and without one do not exist.
"""

from __future__ import annotations

import hmac
import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from madoguchi.web.access import open_to_all

#: A worker tells that it lives every ten seconds; three times of silence are a death.
WORKER_SECONDS_MAX = 30
_JOBS = "SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1"
_OLDEST = """
SELECT extract(epoch FROM now() - min(e.at)) FROM procrastinate_jobs j
  JOIN procrastinate_events e ON e.job_id = j.id
 WHERE j.status = 'todo' AND e.type = 'deferred' AND (j.scheduled_at IS NULL OR j.scheduled_at < now())
"""
_WORKER = "SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers"
_SIZE = "SELECT pg_database_size(current_database()), (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database())"


@open_to_all(reason="says only that the process answers")
@require_safe
def live(_request: HttpRequest) -> HttpResponse:
    """Answer that this process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@open_to_all(reason="says only whether the database answers and its tables are the newest")
@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """Answer whether people may be sent here: 200, or 503 with what is missing."""
    found = {"database": False, "tables": False}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        found["database"] = True
        executor = MigrationExecutor(connection)
        older = executor.migration_plan(executor.loader.graph.leaf_nodes())
        found["tables"] = not older and not _newer(executor)
    except Error:
        pass  # said by what is still False
    return JsonResponse(found, status=200 if all(found.values()) else 503)


def _newer(executor: MigrationExecutor) -> bool:
    """Tell whether a later version has changed the tables: this program must not go on with them."""
    loader = executor.loader
    assert loader.disk_migrations is not None
    return any(one not in loader.disk_migrations and one[0] in loader.migrated_apps
               for one in loader.applied_migrations or ())  # fmt: skip


@open_to_all(reason="wants a token of its own, and does not exist without one")
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the figures of this town's server as Prometheus reads them."""
    token = settings.MADOGUCHI_METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    if not token or not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        raise Http404
    registry = CollectorRegistry()
    # Only ``collect`` is asked of it.
    registry.register(_Figures())
    return HttpResponse(generate_latest(registry), content_type="text/plain; version=0.0.4")


class _Figures:
    """Asked anew at each collection: no process keeps a count that another does not know."""

    def collect(self) -> Iterator[Metric]:
        yield from _database()
        yield from _disks()
        yield from _backup()


def _database() -> Iterator[Metric]:
    up = GaugeMetricFamily("madoguchi_database_up", "1 while the database answers")
    try:
        with connection.cursor() as cursor:
            cursor.execute(_JOBS)
            jobs = cursor.fetchall()
            cursor.execute(_OLDEST)
            (oldest,) = cursor.fetchone() or (None,)
            cursor.execute(_WORKER)
            (silent,) = cursor.fetchone() or (None,)
            cursor.execute(_SIZE)
            size, connections = cursor.fetchone() or (0, 0)
    except Error:
        up.add_metric([], 0)
        yield up
        return
    up.add_metric([], 1)
    yield up
    by_status = GaugeMetricFamily("madoguchi_jobs", "Jobs by status", labels=["status"])
    for status, number in jobs:
        by_status.add_metric([str(status)], number)
    yield by_status
    yield _gauge("madoguchi_oldest_job_seconds", "Age of the oldest job that waits", oldest or 0)
    alive = silent is not None and silent < WORKER_SECONDS_MAX
    yield _gauge("madoguchi_worker_up", "1 while a worker takes jobs", float(alive))
    yield _gauge("madoguchi_database_bytes", "Size of the database", size)
    yield _gauge("madoguchi_database_connections", "Open connections to it", connections)


def _disks() -> Iterator[Metric]:
    free = GaugeMetricFamily("madoguchi_disk_free_bytes", "Free space by folder", labels=["folder"])
    folders: dict[str, str] = {
        "home": str(settings.MADOGUCHI_HOME),
        "backup": settings.MADOGUCHI_BACKUP_TO,
    }
    for name, folder in folders.items():
        if folder and Path(folder).is_dir():
            free.add_metric([name], shutil.disk_usage(folder).free)
    yield free


def _backup() -> Iterator[Metric]:
    """What a watch must ring for: no place, an old log, a base that did not come back."""
    place = Path(settings.MADOGUCHI_BACKUP_TO) if settings.MADOGUCHI_BACKUP_TO else None
    there = place is not None and place.is_dir()
    yield _gauge(
        "madoguchi_backup_place_up", "1 while the place for backups is there", float(there)
    )
    if place is None or not there:
        return
    log = max((one.stat().st_mtime for one in place.glob("log/*.sealed")), default=None)
    if log is not None:
        yield _gauge("madoguchi_backup_log_age_seconds", "Age of the newest log", time.time() - log)
    reports = sorted(place.glob("reports/*.json"))
    if reports:
        intact = json.loads(reports[-1].read_text(encoding="utf-8")).get("intact") is True
        yield _gauge("madoguchi_backup_intact", "1 if the newest restore was equal", float(intact))
        age = time.time() - reports[-1].stat().st_mtime
        yield _gauge("madoguchi_backup_proved_age_seconds", "Age of the newest restore", age)


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=float(value))


urlpatterns = [
    path("health/live", live, name="live"),
    path("health/ready", ready, name="ready"),
    path("health/metrics", metrics, name="metrics"),
]
