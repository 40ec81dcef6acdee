"""When each sweep is woken (Celery's beat). One entry a task, with a name of its own.

Reminders go out by day; `expires` is how long a message may wait, so that a worker that was down meets none twice.
"""

from celery.schedules import crontab

BEAT_SCHEDULE = {
    "send-notices": {"task": "core.tasks.send_notices", "schedule": 30.0, "options": {"expires": 60}},
    "anchor-audit": {"task": "core.tasks.anchor_audit", "schedule": 3600.0, "options": {"expires": 600}},
    "clear-kept-posts": {
        "task": "core.tasks.clear_kept_posts",
        "schedule": 3600.0,
        "options": {"expires": 600},
    },
    "chase-decisions": {
        "task": "approvals.tasks.chase_decisions",
        "schedule": 900.0,
        "options": {"expires": 600},
    },
    "network-openings": {
        "task": "approvals.tasks.network_openings",
        "schedule": 900.0,
        "options": {"expires": 600},
    },
    "mend-roads": {"task": "incidents.tasks.roads_mend", "schedule": 900.0, "options": {"expires": 600}},
    "concerns-widen": {
        "task": "incidents.tasks.concerns_widen",
        "schedule": 300.0,
        "options": {"expires": 250},
    },
    "comments-due": {"task": "incidents.tasks.comments_due", "schedule": 300.0, "options": {"expires": 250}},
    "concerns-due": {"task": "incidents.tasks.concerns_due", "schedule": 300.0, "options": {"expires": 250}},
    "bans-over": {"task": "incidents.tasks.bans_over", "schedule": 900.0, "options": {"expires": 600}},
    "review-measures": {
        "task": "approvals.tasks.review_measures",
        "schedule": 3600.0,
        "options": {"expires": 600},
    },
    "end-rights": {"task": "accounts.tasks.end_due_rights", "schedule": 900.0, "options": {"expires": 600}},
    # By day, so that nobody is written to at night; each run finds what is due and no more.
    "chase-readers": {
        "task": "policies.tasks.reading_chase",
        "schedule": crontab(minute=35, hour="7-17"),
        "options": {"expires": 1800},
    },
    "remind-reviews": {
        "task": "policies.tasks.reviews_remind",
        "schedule": crontab(minute=15, hour="7-17"),
        "options": {"expires": 1800},
    },
    "end-declarations": {
        "task": "policies.tasks.declarations_end",
        "schedule": crontab(minute=20, hour="7-17"),
        "options": {"expires": 1800},
    },
    "lead-declarations-on": {
        "task": "policies.tasks.declarations_lead_on",
        "schedule": crontab(minute=24, hour=7),
        "options": {"expires": 7200},
    },
    "erase-declarations": {
        "task": "policies.tasks.declarations_erase",
        "schedule": crontab(minute=26, hour=3),
        "options": {"expires": 7200},
    },
    "remind-name-uses": {
        "task": "policies.tasks.name_uses_remind",
        "schedule": crontab(minute=22, hour="7-17"),
        "options": {"expires": 1800},
    },
    "remind-rounds": {
        "task": "consent.tasks.remind_rounds",
        "schedule": crontab(minute=10, hour="8-17"),
        "options": {"expires": 1800},
    },
    "eighteenth-birthdays": {
        "task": "consent.tasks.eighteenth_birthdays",
        "schedule": crontab(minute=25, hour="7-17"),
        "options": {"expires": 1800},
    },
    "links-asked-for": {
        "task": "consent.tasks.send_links_asked_for",
        "schedule": 30.0,
        "options": {"expires": 60},
    },
    "consent-positions": {
        "task": "consent.tasks.work_out_positions",
        "schedule": crontab(minute=10, hour=3),
        "options": {"expires": 7200},
    },
    "work-out-training": {
        "task": "policies.tasks.training_work_out",
        "schedule": crontab(minute=30, hour=3),
        "options": {"expires": 7200},
    },
    "remind-of-training": {
        "task": "policies.tasks.training_remind",
        "schedule": crontab(minute=35, hour="7-17"),
        "options": {"expires": 1800},
    },
    "work-out-education": {
        "task": "policies.tasks.education_work_out",
        "schedule": crontab(minute=45, hour=3),
        "options": {"expires": 7200},
    },
    "remind-of-education": {
        "task": "policies.tasks.education_remind",
        "schedule": crontab(minute=40, hour="7-17"),
        "options": {"expires": 1800},
    },
    "erase-pupils": {
        "task": "consent.tasks.erase_former_pupils",
        "schedule": crontab(minute=20, hour=3),
        "options": {"expires": 7200},
    },
    "import-pupils": {"task": "consent.tasks.imports_work", "schedule": 15.0, "options": {"expires": 15}},
    "clear-imports": {"task": "consent.tasks.imports_clear", "schedule": 3600.0, "options": {"expires": 600}},
    "monitoring-actions": {
        "task": "accounts.tasks.monitoring_actions_due",
        "schedule": crontab(minute=35, hour="7-17"),
        "options": {"expires": 1800},
    },
    "remits-due": {
        "task": "policies.tasks.assurance_remits_due",
        "schedule": crontab(minute=50, hour=7),
        "options": {"expires": 7200},
    },
    "leavers": {"task": "people.tasks.process_leavers", "schedule": 900.0, "options": {"expires": 600}},
}
