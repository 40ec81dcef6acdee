from django.db import migrations


def words_apart(apps, schema_editor):
    """The words of each step in a row of their own, and when each declaration ended."""
    Declaration = apps.get_model("policies", "Declaration")
    DeclarationStep = apps.get_model("policies", "DeclarationStep")
    DeclarationNote = apps.get_model("policies", "DeclarationNote")
    steps = DeclarationStep.objects.exclude(note="").order_by("pk")
    notes = [DeclarationNote(step_id=step.pk, text=step.note) for step in steps.iterator()]
    DeclarationNote.objects.bulk_create(notes, batch_size=500)
    ends = DeclarationStep.objects.filter(did="ended").order_by("-pk").values_list("declaration", "at")
    for declaration, at in ends.iterator():  # the first end is written last, and stays
        Declaration.objects.filter(pk=declaration, state="ended").update(ended_at=at)


class Migration(migrations.Migration):

    dependencies = [("policies", "0005_declaration_retention")]

    operations = [migrations.RunPython(words_apart, migrations.RunPython.noop)]
