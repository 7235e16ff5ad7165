"""Pages that say something went wrong, and the way on."""

from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path

from stage import urls as stage_urls
from stage.core.who.access import EVERY_ROLE, allow, public
from stage.core.who.policies import Conflict, NotAllowed
from tests.clients import client_of


@allow(*EVERY_ROLE, methods=("GET", "POST"))
def refusing(request):
    raise NotAllowed("Dit kan alleen de directeur.")


@public("for a test", methods=("GET", "POST"))
def clashing(request):
    raise Conflict("Fatima was net iets eerder.")


@public("for a test")
def breaking(request):
    raise RuntimeError("geheim detail")


@public("for a test", methods=("GET", "POST"))
def fine(request):
    return HttpResponse("goed")


class Wrong:
    urlpatterns = [
        path("fout/weigeren/", refusing, name="refusing"),
        path("fout/botsen/", clashing, name="clashing"),
        path("fout/stuk/", breaking, name="breaking"),
        path("fout/goed/", fine, name="fine"),
        *stage_urls.urlpatterns,
    ]
    handler400, handler403 = stage_urls.handler400, stage_urls.handler403
    handler404, handler500 = stage_urls.handler404, stage_urls.handler500


wrong_urls = override_settings(ROOT_URLCONF=Wrong)


@wrong_urls
def test_a_refusal_gives_its_reason(world):
    response = client_of(world.berk.teacher).get("/fout/weigeren/")
    assert response.status_code == 403
    assert "Dit kan alleen de directeur." in response.content.decode()


@wrong_urls
def test_being_second_says_what_is_so_and_the_way_back(world):
    client = Client(headers={"Referer": "http://testserver/rol/?a=1"})
    response = client.post("/fout/botsen/")
    page = response.content.decode()
    assert response.status_code == 409
    assert "Fatima was net iets eerder." in page
    assert 'href="/rol/?a=1"' in page
    away = Client(headers={"Referer": "https://boos.test/x"}).post("/fout/botsen/")
    assert "boos.test" not in away.content.decode()
    fragment = client.post("/fout/botsen/", headers={"HX-Request": "true"})
    assert fragment["HX-Retarget"] == "#notices"
    assert "Fatima was net iets eerder." in fragment.content.decode()
    assert "<html" not in fragment.content.decode()


@wrong_urls
def test_an_error_of_ours_tells_nothing(world):
    client = Client(raise_request_exception=False)
    response = client.get("/fout/stuk/")
    assert response.status_code == 500
    assert "geheim" not in response.content.decode()
    assert "Er ging iets mis bij ons" in response.content.decode()


@wrong_urls
def test_a_form_from_elsewhere_is_refused(world):
    response = Client(enforce_csrf_checks=True).post("/fout/goed/")
    assert response.status_code == 403
    assert "stond te lang open" in response.content.decode()


def test_an_unknown_page_is_a_404_in_our_look(db):
    response = Client().get("/bestaat-niet/")
    assert response.status_code == 404
    assert "Deze pagina is er niet" in response.content.decode()


def test_a_nul_in_an_address_or_a_field_answers_400(world):
    client = client_of(world.berk.coordinator)
    match = {"student": world.berk.students[0].public_id, "place": "\0"}
    for response in (
        client.get("/leerlingen/", {"q": "Aya\0"}),
        client.get("/leerlingen/AB%00CD/"),
        client.post("/stages/koppelen/maken/", match),
    ):
        assert response.status_code == 400
        assert "Dit kunnen we niet lezen" in response.content.decode()
