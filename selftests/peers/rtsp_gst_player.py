# SPDX-License-Identifier: GPL-2.0-only
"""An RTSP client made of GStreamer's rtspsrc: takes H.264 and AAC by UDP, until
SIGINT or the end, and writes them as they come.

rtsp_gst_player.py URL VIDEO AUDIO [WORD...]

	pause=N,M	N seconds after the first media it pauses, for M seconds
	PROPERTY=VALUE	of rtspsrc: gst-inspect-1.0 rtspsrc tells them

VIDEO and AUDIO are names of files; two, because a muxer would wait for the one
stream when the other has come.

gst-launch won't do. Each stream's pad appears in a thread of its own, and for any pad
gst-launch tries all links that are still to be made. Two threads that do so at the
same time undo one another's ("Delayed linking failed", "not-linked").
"""

import signal
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GLib, Gst  # noqa: E402

# What takes a stream is called as SDP calls its media.
PIPELINE = """
    rtspsrc name=source protocols=udp
    rtph264depay name=video ! h264parse !
        video/x-h264,stream-format=byte-stream !
        filesink name=video_file buffer-mode=unbuffered sync=false async=false
    rtpmp4gdepay name=audio ! aacparse ! audio/mpeg,stream-format=adts !
        filesink name=audio_file buffer-mode=unbuffered sync=false async=false"""


GOODBYE_S = 5	# for what is on its way to be written


# Python makes a class of GStreamer's when it is used first, which two threads must not
# do at the same time: "'Caps' object has no attribute 'get_structure'".
LINKING = threading.Lock()


def link(_source, pad, pipeline):
    with LINKING:
        link_alone(pad, pipeline)


def link_alone(pad, pipeline):
    caps = pad.get_current_caps() or pad.query_caps(None)
    media = caps.get_structure(0).get_string("media")
    chain = pipeline.get_by_name(media)
    if chain is None:
        print("nobody takes", media, flush=True)
        return
    print(media, pad.link(chain.get_static_pad("sink")).value_nick, flush=True)


class Player:
    def __init__(self, url, video, audio, *words):
        self.status = 0
        self.loop = GLib.MainLoop()
        self.pipeline = Gst.parse_launch(PIPELINE)
        self.pipeline.get_by_name("video_file").set_property("location", video)
        self.pipeline.get_by_name("audio_file").set_property("location", audio)
        source = self.pipeline.get_by_name("source")
        source.set_property("location", url)
        self.pauses = []
        for name, value in (w.split("=", 1) for w in words):
            if name == "pause":
                self.pauses = [int(n) for n in value.split(",")]
            else:
                Gst.util_set_object_arg(source, name, value)
        source.connect("pad-added", link, self.pipeline)
        if self.pauses:
            sink = self.pipeline.get_by_name("video_file").get_static_pad("sink")
            sink.add_probe(Gst.PadProbeType.BUFFER, self.first_came)
        bus = self.pipeline.get_bus()
        bus.add_signal_watch()
        bus.connect("message", self.hear)
        GLib.unix_signal_add(GLib.PRIORITY_HIGH, signal.SIGINT, self.say_goodbye)

    def hear(self, _bus, message):
        if message.type == Gst.MessageType.PROGRESS:
            step, what, text = message.parse_progress()
            print(what, text, flush=True)
            if (step, what) == (Gst.ProgressType.COMPLETE, "open"):
                self.pipeline.set_state(Gst.State.PLAYING)
        elif message.type == Gst.MessageType.WARNING:
            print(*message.parse_warning(), flush=True)
        elif message.type == Gst.MessageType.ERROR:
            print(*message.parse_error(), flush=True)
            self.status = 1
            self.loop.quit()
        elif message.type == Gst.MessageType.EOS:
            self.loop.quit()

    def first_came(self, _pad, _info):
        GLib.timeout_add_seconds(self.pauses[0], self.pause)
        return Gst.PadProbeReturn.REMOVE

    def pause(self):
        self.pipeline.set_state(Gst.State.PAUSED)
        print("paused", flush=True)
        GLib.timeout_add_seconds(self.pauses[1], self.play_on)
        return GLib.SOURCE_REMOVE

    def play_on(self):
        print("plays on", flush=True)
        self.pipeline.set_state(Gst.State.PLAYING)
        return GLib.SOURCE_REMOVE

    def say_goodbye(self):
        self.pipeline.send_event(Gst.Event.new_eos())
        GLib.timeout_add_seconds(GOODBYE_S, self.loop.quit)
        return GLib.SOURCE_REMOVE

    def play(self):
        self.pipeline.set_state(Gst.State.PAUSED)
        self.loop.run()
        self.pipeline.set_state(Gst.State.NULL)
        return self.status


Gst.init(None)
sys.exit(Player(*sys.argv[1:]).play())
