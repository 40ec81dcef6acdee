from django.db import migrations

ENDS = ("agreed", "noted", "not_agreed", "withdrawn")


def words_apart(apps, schema_editor):
    """The words of each step in a row of their own, and when each departure was settled."""
    Departure = apps.get_model("policies", "Departure")
    DepartureStep = apps.get_model("policies", "DepartureStep")
    DepartureNote = apps.get_model("policies", "DepartureNote")
    steps = DepartureStep.objects.exclude(note="").order_by("pk")
    notes = [DepartureNote(step_id=step.pk, text=step.note) for step in steps.iterator()]
    DepartureNote.objects.bulk_create(notes, batch_size=500)
    ends = DepartureStep.objects.filter(did__in=ENDS).order_by("-pk").values_list("departure", "at")
    for departure, at in ends.iterator():  # the first end is written last, and stays
        Departure.objects.filter(pk=departure, state__in=ENDS).update(ended_at=at)


class Migration(migrations.Migration):

    dependencies = [("policies", "0008_departure_retention")]

    operations = [migrations.RunPython(words_apart, migrations.RunPython.noop)]
