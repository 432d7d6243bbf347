"""The process: one listening socket an org, pages, endpoints, and what is printed at the start."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import ssl
from contextlib import suppress

from aiohttp import web

from . import certificates, control, snapshot
from .console.routes import routes as console_routes
from .exchange import PORTS, WORLD
from .gateway import serve
from .oauth import views
from .options import Options
from .pages import STATIC
from .rest import gate
from .world import CLIENT_ID, CLIENT_SECRET, World

MAX_LINE = 200_000
MAX_REQUEST = 60 * 1024 * 1024
SAVE_SECONDS = 3.0


async def rest(request: web.Request) -> web.StreamResponse:
    return await serve(request, gate.answer)


def make_app(world: World, ports: list[int]) -> web.Application:
    app = web.Application(client_max_size=MAX_REQUEST, middlewares=[control.explain_errors])
    app[WORLD] = world
    app[PORTS] = ports
    app.router.add_route("*", "/services/data{tail:.*}", rest)
    app.router.add_static("/static", STATIC)
    app.add_routes([*views.routes(), *control.routes(), *console_routes()])
    return app


def listen(options: Options) -> list[socket.socket]:
    """A socket an org, on consecutive ports; any free ones for port 0."""
    return [
        socket.create_server((options.host, options.port + index if options.port else 0))
        for index in range(options.orgs)
    ]


def make_world(options: Options, ports: list[int]) -> World:
    scheme = "https" if options.tls else "http"
    here = [f"{scheme}://{options.host}:{port}" for port in ports]
    announced = [*options.instance_urls, *here[len(options.instance_urls) :]]
    return World(options, announced, here[0])


def greeting(world: World, ca_file: str | None) -> dict:
    """The first line of output."""
    return {
        "login_url": world.login_url,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "redirect_uris": "any on this machine",
        "instances": [
            {
                "org": org.index,
                "id": org.id,
                "name": org.name,
                "url": org.instance_url,
                "my_domain": org.domain,
                "local_app": {
                    "client_id": f"3MVG9.simulator.org{org.index}",
                    "client_secret": f"simulator-secret-org{org.index}",
                },
            }
            for org in world.orgs
        ],
        "users": [
            {"name": user.username, "password": user.password, "org": org.index, "may": user.note}
            for org in world.orgs
            for user in org.users.values()
        ],
        "control_url": f"{world.login_url}/control/",
        "console_url": f"{world.login_url}/",
        "ca_file": ca_file,
    }


async def run(options: Options) -> None:
    """Serve until SIGINT or SIGTERM."""
    sockets = listen(options)
    ports = [each.getsockname()[1] for each in sockets]
    world = make_world(options, ports)
    keeper = snapshot.Keeper(world, options.state_file)
    keeper.restore()
    context, ca_file = tls(options, world) if options.tls else (None, None)
    runner = web.AppRunner(
        make_app(world, ports),
        access_log=None,
        max_line_size=MAX_LINE,
        max_field_size=MAX_LINE,
        shutdown_timeout=0.2,
    )
    await runner.setup()
    for each in sockets:
        await web.SockSite(runner, each, ssl_context=context).start()
    print(json.dumps(greeting(world, ca_file)), flush=True)  # noqa: T201
    await until_stopped(keeper)
    await runner.cleanup()
    keeper.save()


def tls(options: Options, world: World) -> tuple[ssl.SSLContext, str]:
    names = [options.host, "localhost", "login.salesforce.com", "test.salesforce.com"]
    return certificates.make([*names, *(org.domain for org in world.orgs)])


async def until_stopped(keeper: snapshot.Keeper) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    while not stop.is_set():
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(stop.wait(), SAVE_SECONDS)
        keeper.save_if_changed()
