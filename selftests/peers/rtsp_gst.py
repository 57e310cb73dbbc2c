# SPDX-License-Identifier: GPL-2.0-only
"""An RTSP server made of gst-rtsp-server: plays each clip from its beginning to
whoever comes, IPv4 and IPv6.

rtsp_gst.py PORT DIR WORD...

	NAME		DIR/NAME.mp4 at rtsp://ADDRESS:PORT/NAME
	auth=WAY	a password is asked for: digest, basic
	over=tcp	media go in the connection itself, or not at all
	at=ADDRESS	only there
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

USER, PASSWORD = "viewer", "secret"	# as peers/rtsp_server.sh has them

PIPELINE = """(
    filesrc location="%s/%s.mp4" ! qtdemux name=d
    d.video_0 ! queue ! h264parse !
        rtph264pay name=pay0 pt=96 config-interval=1
    d.audio_0 ! queue ! aacparse ! rtpmp4gpay name=pay1 pt=97 )"""


def ask_for_password(server, way):
    token = GstRtspServer.RTSPToken()
    token.set_string(GstRtspServer.RTSP_TOKEN_MEDIA_FACTORY_ROLE, USER)
    auth = GstRtspServer.RTSPAuth()
    if way == "digest":
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        auth.add_digest(USER, PASSWORD, token)
    else:
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(USER, PASSWORD), token)
    server.set_auth(auth)


def permissions():
    allowed = GstRtspServer.RTSPPermissions()
    allowed.add_role(USER)
    for what in "access", "construct":
        allowed.add_permission_for_role(USER, "media.factory." + what, True)
    return allowed


def main(port, where, *words):
    opt = dict(w.split("=", 1) for w in words if "=" in w)
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address(opt.get("at", "::"))
    server.set_service(port)
    if "auth" in opt:
        ask_for_password(server, opt["auth"])
    for name in (w for w in words if "=" not in w):
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(PIPELINE % (where, name))
        if "auth" in opt:
            factory.set_permissions(permissions())
        if opt.get("over") == "tcp":
            factory.set_protocols(GstRtsp.RTSPLowerTrans.TCP)
        server.get_mount_points().add_factory("/" + name, factory)
    server.attach(None)
    GLib.MainLoop().run()


main(*sys.argv[1:])
