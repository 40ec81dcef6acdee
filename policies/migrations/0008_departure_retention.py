import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("policies", "0007_declaration_step_without_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="departure",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="when it was answered or withdrawn"),
        ),
        migrations.AddField(
            model_name="departure",
            name="shut_at",
            field=models.DateTimeField(
                blank=True,
                help_text="from then on its teller is shown no words, whether they are erased yet or not",
                null=True,
                verbose_name="when its time was over",
            ),
        ),
        migrations.AddField(
            model_name="departure",
            name="erased_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="when its words were erased"),
        ),
        migrations.AlterField(
            model_name="departure",
            name="what",
            field=models.TextField(blank=True, verbose_name="what is or was done"),
        ),
        migrations.AlterField(
            model_name="departure",
            name="why",
            field=models.TextField(blank=True, verbose_name="why it is right"),
        ),
        migrations.AddIndex(
            model_name="departure",
            index=models.Index(fields=["school", "shut_at", "ended_at"], name="departure_over"),
        ),
        migrations.CreateModel(
            name="DepartureNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=1000)),
                (
                    "step",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="words",
                        to="policies.departurestep",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DepartureHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("until", models.DateField(verbose_name="last day")),
                ("reason", models.CharField(blank=True, max_length=1000)),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "departure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="policies.departure",
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "abstract": False,
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None)),
                        fields=("departure",),
                        name="departure_held_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("lifted_at", None), ("lifted_by__isnull", False), _connector="OR"),
                        name="departure_hold_lifted_by_somebody",
                    ),
                ],
            },
        ),
    ]
