"""Public activity about the school beside its own accounts, in a monitoring report (RAV-1.06)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_clocks")]

    operations = [
        migrations.AddField(
            model_name="monitoringreport",
            name="elsewhere",
            field=models.TextField(
                blank=True, default="", verbose_name="what is said of the school elsewhere in public"
            ),
        ),
    ]
