from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("policies", "0006_declaration_words_apart")]

    operations = [migrations.RemoveField(model_name="declarationstep", name="note")]
