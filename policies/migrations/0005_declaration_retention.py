import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("policies", "0004_draft_edits_of_before"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="declaration",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="when it ended"),
        ),
        migrations.AddField(
            model_name="declaration",
            name="shut_at",
            field=models.DateTimeField(
                blank=True,
                help_text="from then on its declarer is shown no words, whether they are erased yet or not",
                null=True,
                verbose_name="when its time was over",
            ),
        ),
        migrations.AddField(
            model_name="declarationtext",
            name="erased_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="declaration",
            index=models.Index(fields=["school", "shut_at", "ended_at"], name="declaration_over"),
        ),
        migrations.CreateModel(
            name="DeclarationNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=1000)),
                (
                    "step",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="words",
                        to="policies.declarationstep",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DeclarationHold",
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
                    "declaration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="policies.declaration",
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
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None)),
                        fields=("declaration",),
                        name="declaration_held_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("lifted_at", None), ("lifted_by__isnull", False), _connector="OR"),
                        name="declaration_hold_lifted_by_somebody",
                    ),
                ],
            },
        ),
    ]
