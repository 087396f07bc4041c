"""The pages of the demo's chat and mailbox, which no other application has."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from telemetry.received import Received
from web.http.answers import HTML
from web.http.site import Site


def demo_pages(site: Site, received: Received) -> APIRouter:
    """`/demo/chat` and `/demo/mail`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/demo/chat")
    def chat(request: Request) -> Response:
        said = [
            (one, [line for line in one.text.splitlines() if line != one.title])
            for one in received.said()
        ]
        body = site.render("demo_chat.html", said=said, mail_count=len(list(received.mails())))
        return site.answers.by_content(request, body, HTML)

    @router.get("/demo/mail")
    def mail(request: Request) -> Response:
        body = site.render("demo_mail.html", mails=list(received.mails()))
        return site.answers.by_content(request, body, HTML)

    return router
