from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("policies", "0009_departure_words_apart")]

    operations = [migrations.RemoveField(model_name="departurestep", name="note")]
