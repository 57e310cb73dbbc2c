# SPDX-License-Identifier: GPL-2.0-only
"""An RTSP server made of gst-rtsp-server: plays each clip from its beginning to
whoever comes, IPv4 and IPv6.

rtsp_gst.py PORT DIR NAME...	DIR/NAME.mp4 at rtsp://ADDRESS:PORT/NAME
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

PIPELINE = """(
    filesrc location="%s/%s.mp4" ! qtdemux name=d
    d.video_0 ! queue ! h264parse !
        rtph264pay name=pay0 pt=96 config-interval=1
    d.audio_0 ! queue ! aacparse ! rtpmp4gpay name=pay1 pt=97 )"""


def main(port, where, *names):
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("::")
    server.set_service(port)
    for name in names:
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(PIPELINE % (where, name))
        server.get_mount_points().add_factory("/" + name, factory)
    server.attach(None)
    GLib.MainLoop().run()


main(*sys.argv[1:])
