"""Whose work each verdict is about, for verdicts given before that was kept."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    annotations = apps.get_model("annotation", "Annotation")
    author = annotations.objects.filter(pk=OuterRef("annotation_id")).values("annotator_id")
    apps.get_model("review", "Verdict").objects.filter(author=None).update(author_id=Subquery(author))


class Migration(migrations.Migration):
    dependencies = [("review", "0002_opinions")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
