"""A draw for each episode that was there before draws were."""

import hashlib

from django.db import migrations


def fill(apps, schema_editor):
    for episode in apps.get_model("episodes", "Episode").objects.only("pk", "source_sha256").iterator():
        digest = hashlib.sha256(f"draw {episode.source_sha256}".encode()).digest()
        episode.draw = int.from_bytes(digest[:6], "big") / 2**48
        episode.save(update_fields=["draw"])


class Migration(migrations.Migration):
    dependencies = [("episodes", "0004_queue")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
