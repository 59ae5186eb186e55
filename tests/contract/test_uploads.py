"""Files that are not what they say, or that unpack into more than a machine has."""
import re
import struct
import time
import urllib.parse
import zlib

import pytest
from harness.client import Upload
from harness.lending import Borrower

UPLOAD = "/api/v1/documents/upload/"
GROWTH_KIB_MAX = 96 * 1024  # 64 MiB for the request, and what the allocator keeps
SECONDS_MAX = 5  # two of work, on a machine that is busy with other tests
PNG = b"\x89PNG\r\n\x1a\n"
GPS = b"-1.292066 36.821945 secret garden"


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, pixels=None, extra=b"", bits=8, color=0):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, 0))
    if pixels is None:
        pixels = (b"\x00" + b"\x80" * width) * height
    return PNG + header + extra + chunk(b"IDAT", zlib.compress(pixels, 9)) + chunk(b"IEND", b"")


def zeros(mebibytes):
    """That many MiB of zeros, compressed a thousandfold."""
    packer, piece = zlib.compressobj(9), bytes(1 << 20)
    return b"".join(packer.compress(piece) for _ in range(mebibytes)) + packer.flush()


def bomb(width, height, mebibytes):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return PNG + header + chunk(b"IDAT", zeros(mebibytes)) + chunk(b"IEND", b"")


def segment(marker, data):
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg(width=8, height=8, extra=b""):
    """A grey square: one quantisation table of ones, one-symbol Huffman tables, one block of zeros."""
    table = segment(0xDB, b"\x00" + b"\x01" * 64)
    frame = segment(0xC0, struct.pack(">BHHBBBB", 8, height, width, 1, 1, 0x11, 0))
    lengths = b"\x01" + b"\x00" * 15
    codes = segment(0xC4, b"\x00" + lengths + b"\x00") + segment(0xC4, b"\x10" + lengths + b"\x00")
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x3f"
    return b"\xff\xd8" + extra + table + frame + codes + scan + b"\xff\xd9"


def exif(text):
    """An EXIF block with a GPS directory that says where the picture was taken."""
    gps = struct.pack("<HHHII", 1, 0x001B, 2, len(text), 50) + struct.pack("<I", 0)  # GPSProcessingMethod
    directory = struct.pack("<HHHII", 1, 0x8825, 4, 1, 26) + struct.pack("<I", 0)
    return b"II*\x00" + struct.pack("<I", 8) + directory + gps.ljust(24, b"\x00") + text


def pdf(catalog):
    tail = b" >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
    return b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog " + catalog + tail


SCRIPT = b"<script>alert(document.domain)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>"
REFUSED = {
    "pixel_flood.png": lambda: png(100_000, 100_000, b"\x00" * 100),
    "pixel_overflow.png": lambda: png(0x7FFFFFFF, 0x7FFFFFFF, b"\x00" * 100),
    "no_pixels.png": lambda: png(0, 0, b""),
    "pixel_flood.jpg": lambda: jpeg(65_500, 65_500),
    "tall.png": lambda: png(1, 2_000_000_000, b"\x00" * 100),
    "svg.png": lambda: SVG,
    "picture.svg": lambda: b'<?xml version="1.0"?>' + SVG,
    "page.png": lambda: b"<!DOCTYPE html>" + SCRIPT,
    "page.pdf": lambda: b"<html>%PDF-1.4 " + SCRIPT,
    "script.pdf": lambda: pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"),
    "escaped_script.pdf": lambda: pdf(b"/OpenAction << /S /J#61vaScript /J#53 (app.alert(1)) >>"),
    "launch.pdf": lambda: pdf(b"/OpenAction << /S /Launch /F (cmd.exe) >>"),
    "carrier.pdf": lambda: pdf(b"/Names << /EmbeddedFiles << /Names [(a) 2 0 R] >> >>"),
    "cut.pdf": lambda: pdf(b"")[:-7],
    "empty.png": lambda: b"",
    "magic_alone.png": lambda: PNG,
    "cut.png": lambda: png(20, 20)[:-30],
    "wrong_checksum.png": lambda: png(20, 20)[:29] + b"\x00\x00\x00\x00" + png(20, 20)[33:],
    "program.png": lambda: b"\x7fELF" + bytes(200),
    "archive.pdf": lambda: b"PK\x03\x04" + bytes(200),
    "gif.png": lambda: b"GIF89a" + bytes(100),
    "five_mebibytes.png": lambda: png(20, 20) + bytes(5 << 20),
    "eleven_mebibytes.pdf": lambda: pdf(b"")[:-6] + b" " * (11 << 20) + b"%%EOF\n",
}
# A decoder may take these or refuse them, but not choke on them.
BOMBS = {
    "inflating_data.png": lambda: bomb(20, 20, 300),
    "inflating_text.png": lambda: png(20, 20, extra=chunk(b"zTXt", b"Comment\x00\x00" + zeros(300))),
    "inflating_profile.png": lambda: png(20, 20, extra=chunk(b"iCCP", b"icc\x00\x00" + zeros(300))),
    "large_picture.png": lambda: bomb(20_000, 20_000, 400),
    "many_chunks.png": lambda: png(20, 20, extra=chunk(b"tEXt", b"a\x00b") * 200_000),
}


@pytest.fixture(scope="module")
def somebody(server):
    return Borrower(server, "uploader")


def send(somebody, name, content, media_type=None):
    guessed = {"png": "image/png", "jpg": "image/jpeg", "pdf": "application/pdf", "svg": "image/svg+xml"}
    upload = Upload(name, content, media_type or guessed[name.rsplit(".", 1)[1]])
    start = time.monotonic()
    answer = somebody.client.multipart(UPLOAD, {"document_type": "PAYSLIP", "file": upload})
    assert time.monotonic() - start < SECONDS_MAX, f"{name} took {time.monotonic() - start:.1f} s"
    return answer


def memory(server, name):
    text = open(f"/proc/{server.process.pid}/status").read()
    return int(re.search(rf"{name}:\s+(\d+)", text)[1])


class Growth:
    """How far the server's memory rises at most inside the block."""

    def __init__(self, server):
        self.server = server

    def __enter__(self):
        open(f"/proc/{self.server.process.pid}/clear_refs", "w").write("5")  # forgets the old peak
        self.before = memory(self.server, "VmRSS")
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            grown = memory(self.server, "VmHWM") - self.before
            assert grown < GROWTH_KIB_MAX, f"{grown} KiB more than before"


def documents_of(somebody):
    return somebody.client.get("/api/v1/documents/").expect(200)["data"]["pagination"]["total_items"]


@pytest.mark.parametrize("name", REFUSED)
def test_files_that_are_refused(server, somebody, name):
    before = documents_of(somebody)
    with Growth(server):
        answer = send(somebody, name, REFUSED[name]())
    assert answer.status in (413, 415, 422), (answer.status, answer.text[:300])
    assert documents_of(somebody) == before


@pytest.mark.parametrize("name", BOMBS)
def test_files_that_unpack_into_too_much(server, somebody, name):
    content = BOMBS[name]()
    with Growth(server):
        answer = send(somebody, name, content)
    assert answer.status in (201, 413, 422), (answer.status, answer.text[:300])


def download(somebody, answer):
    return somebody.client.get(answer.expect(201)["data"]["download_url"]).expect(200)


def test_a_picture_that_is_a_page_as_well_loses_the_page(somebody):
    comment = segment(0xFE, SCRIPT)
    for name, content in (
        ("polyglot.jpg", jpeg(extra=comment)),
        ("tail.jpg", jpeg() + SCRIPT),
        ("polyglot.png", png(20, 20, extra=chunk(b"tEXt", b"Comment\x00" + SCRIPT))),
        ("tail.png", png(20, 20) + SCRIPT),
    ):
        answer = send(somebody, name, content)
        if answer.status != 201:
            assert answer.status == 422, (name, answer.text)
            continue
        kept = download(somebody, answer)
        assert b"<script" not in kept.body, name
        assert kept.header("X-Content-Type-Options") == "nosniff"
        assert kept.header("Content-Disposition", "").startswith("attachment")
        assert kept.header("Content-Type") in ("image/jpeg", "image/png")


def test_where_a_picture_was_taken_is_not_kept(somebody):
    block = exif(GPS)
    pictures = {
        "holiday.jpg": jpeg(extra=segment(0xE1, b"Exif\x00\x00" + block)),
        "holiday.png": png(20, 20, extra=chunk(b"eXIf", block)),
        "described.jpg": jpeg(extra=segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + GPS)),
        "described.png": png(20, 20, extra=chunk(b"iTXt", b"XML:com.adobe.xmp\x00\x00\x00\x00\x00" + GPS)),
    }
    for name, content in pictures.items():
        assert GPS in content
        kept = download(somebody, send(somebody, name, content))
        assert GPS not in kept.body and b"Exif" not in kept.body and b"eXIf" not in kept.body, name


def test_what_the_sender_says_of_a_file_does_not_count(somebody):
    answer = send(somebody, "picture.pdf", png(20, 20), "text/html")
    if answer.status == 201:
        assert download(somebody, answer).header("Content-Type") == "image/png"
    else:
        assert answer.status in (415, 422)


@pytest.mark.parametrize(
    "name",
    ["../../../../etc/cron.d/x.png", "/etc/passwd.png", "..\\..\\x.png", "a/b/c.png", "CON.png",
     ".htaccess.png", "x\u202egnp.exe.png", "a" * 2000 + ".png", "%2e%2e%2fx.png", "x;y=z.png",
     "\u0444\u0430\u0439\u043b.png"],
)
def test_names_of_files_lead_nowhere(server, somebody, name):
    answer = send(somebody, name, png(20, 20))
    if answer.status != 201:
        assert answer.status in (400, 422)
        return
    kept = download(somebody, answer)
    disposition = kept.header("Content-Disposition")
    assert "/" not in re.sub(r"filename\*=UTF-8''", "", disposition) and "\\" not in disposition
    stored = [path for path in server.data.rglob("*") if path.is_file() and path.suffix == ".png"]
    assert not stored, "files are kept under names of our own"


@pytest.mark.parametrize(
    "document_id",
    ["../../keyring", "..%2f..%2fkeyring", "%2e%2e/%2e%2e/keyring", "....//keyring", "..\\keyring", "%00",
     "/etc/passwd", "CON", "signing_keys.pem", "*", "' OR 1=1--", "a" * 5000],
)
def test_document_ids_lead_nowhere(somebody, document_id):
    for written in (document_id, urllib.parse.quote(document_id, safe="")):
        if " " in written or "*" == written == document_id:
            continue
        answer = somebody.client.get(f"/api/v1/documents/{written}/download/")
        assert answer.status in (400, 404), (written, answer.status)
        assert answer.is_json and answer["success"] is False


def test_a_form_of_100_000_parts(server, somebody):
    part = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    with Growth(server):
        start = time.monotonic()
        answer = somebody.client.post(UPLOAD, part * 100_000 + b"--b--\r\n", headers=headers)
        assert time.monotonic() - start < SECONDS_MAX
    assert answer.status in (400, 413, 422)


FORM = b'--b\r\nContent-Disposition: form-data; name="document_type"\r\n\r\nPAYSLIP\r\n'
FILE = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'


@pytest.mark.parametrize(
    "media_type, body",
    [
        ("multipart/form-data", FORM + b"--b--\r\n"),
        ("multipart/form-data; boundary=", FORM + b"--b--\r\n"),
        ("multipart/form-data; boundary=" + "b" * 5000, FORM + b"--b--\r\n"),
        ("multipart/form-data; boundary=b", b""),
        ("multipart/form-data; boundary=b", FORM),
        ("multipart/form-data; boundary=b", FORM + FILE + png(20, 20)),
        ("multipart/form-data; boundary=b", b"--b\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\nx\r\n--b--\r\n"),
        ("multipart/form-data; boundary=b", b"--b\r\n\r\nno name\r\n--b--\r\n"),
        ("multipart/form-data; boundary=b", FORM + b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n"
         b'Content-Disposition: form-data; name="file"\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--b--\r\n'),
        ("multipart/form-data; boundary=b", FORM + (FILE + png(20, 20) + b"\r\n") * 2 + b"--b--\r\n"),
    ],
    ids=["no_boundary", "empty_boundary", "long_boundary", "nothing", "no_end", "no_end_of_file",
         "long_header", "no_name", "nested", "two_files"],
)
def test_forms_that_are_none(somebody, media_type, body):
    answer = somebody.client.post(UPLOAD, body, headers={"Content-Type": media_type})
    assert answer.status in (400, 413, 415, 422), (answer.status, answer.text[:300])
