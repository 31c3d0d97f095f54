from django.conf import settings
from django.db import migrations, models
from django.db.models.deletion import SET_NULL


class Migration(migrations.Migration):

    dependencies = [
        ('order', '0022_line_unit_order_cancel_reason_order_collection_on_and_more'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='order',
            name='handed_over_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='handed over at'),
        ),
        migrations.AddField(
            model_name='order',
            name='handed_over_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='handed over by'),
        ),
        migrations.AddField(
            model_name='order',
            name='missed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='not collected'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['pickup_point', 'collection_on'], name='orders_of_a_pickup_day'),
        ),
    ]
