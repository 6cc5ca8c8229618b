from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("releases", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="release",
            name="fingerprint",
            field=models.CharField(help_text="SHA-256 of all that it says but its version.", max_length=64),
        ),
    ]
