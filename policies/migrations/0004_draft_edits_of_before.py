from django.db import migrations


def edits_of_before(apps, schema_editor):
    """Who wrote a draft before edits were kept: as the log has it, and whoever the version names."""
    Version = apps.get_model("policies", "Version")
    DraftEdit = apps.get_model("policies", "DraftEdit")
    AuditEvent = apps.get_model("core", "AuditEvent")
    drafts = {
        row.pk: row for row in Version.objects.filter(state="draft").only("sha256", "made_by", "made_at")
    }
    events = AuditEvent.objects.filter(action="policies.draft_written", actor__isnull=False)
    edits, last = [], {}
    for event in events.order_by("number").iterator() if drafts else ():
        version = event.data.get("version")
        if version in drafts:
            sha256 = str(event.data.get("sha256", ""))[:64]
            edits.append(DraftEdit(version_id=version, sha256=sha256, by_id=event.actor_id, at=event.at))
            last[version] = event.actor_id
    for row in drafts.values():
        if last.get(row.pk) != row.made_by_id:
            edits.append(
                DraftEdit(version_id=row.pk, sha256=row.sha256, by_id=row.made_by_id, at=row.made_at)
            )
    DraftEdit.objects.bulk_create(edits, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_clocks"),
        ("policies", "0003_draft_edits"),
    ]

    operations = [
        migrations.RunPython(edits_of_before, migrations.RunPython.noop),
    ]
