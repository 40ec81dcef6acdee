import time, uuid
import pytest
from django.db import connection
from django.test import Client
from core.todo import for_user
from people.models import Membership, School, User
from policies.models import Acknowledgement
from policies.reading.tests.cases import *
from smgov.testing import *
from policies.reading.readers import members_who_read
pytestmark = pytest.mark.django_db
def test_q():
    trust = a_trust(); hub = a_school("Hub", trust=trust, kind="central")
    cora = a_person("Cora", Role.HEAD_OF_COMMS, trust)
    schools = [a_school(f"S{n}", trust=trust) for n in range(60)]
    users = User.objects.bulk_create([User(email=f"u{n}@x.example.org", full_name=f"U {n}", password="!") for n in range(4200)])
    today = timezone.localdate()
    Membership.objects.bulk_create([Membership(user=u, role="staff", school=schools[i % 60], starts=today) for i, u in enumerate(users)])
    docs = [a_document(hub, f"T{n}", for_trust=True) for n in range(3)] + [a_document(s, f"D{n}") for s in schools for n in range(2)]
    t=time.time()
    vs = [in_force(d, since=today - timedelta(days=30)) for d in docs]
    print("into force", time.time()-t)
    Acknowledgement.objects.bulk_create([Acknowledgement(version=v, user=u, school=hub, statement="x", sha256="x") for v in vs[:2] for u in users[::2]])
    for path in ("/", "/policies/reading/", "/policies/reading/documents/", f"/policies/reading/documents/{docs[0].uuid}/", f"/policies/reading/documents/{docs[0].uuid}/?show=schools", f"/policies/reading/documents/{docs[0].uuid}/export/"):
        c = Client(); c.force_login(cora); c.get(path)
        t=time.time(); r=c.get(path); print(path[:60], r.status_code, round(time.time()-t,3))
    c = Client(); c.force_login(users[0])
    for path in ("/", "/policies/reading/"):
        c.get(path); t=time.time(); c.get(path); print("staff", path, round(time.time()-t,3))
    t=time.time(); from policies.reading.services import chase_one
    Version.objects.filter(pk=vs[0].pk).update(chase_on=today); print("chase", chase_one(vs[0].pk), time.time()-t)
