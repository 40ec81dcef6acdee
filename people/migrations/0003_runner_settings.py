"""What an approver declared of whoever runs an account is now checked, reading and training apart."""

from django.db import migrations


def split(apps, schema_editor):
    """Each school's own answer holds for both."""
    setting = apps.get_model("people", "ProfileSetting")
    for row in setting.objects.filter(key="runner_declaration"):
        setting.objects.get_or_create(
            profile_id=row.profile_id, key="runner_training", defaults={"value": row.value}
        )
    setting.objects.filter(key="runner_declaration").update(key="runner_reads")


class Migration(migrations.Migration):
    dependencies = [("people", "0002_user_by_name")]
    operations = [migrations.RunPython(split, migrations.RunPython.noop)]
