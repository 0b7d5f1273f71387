"""Real mail servers here: one that takes, refuses or breaks off as a test wants, and one with a mailbox."""

import asyncio
import imaplib
import ipaddress
import ssl
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.e2e.waiting import until
from tests.process import free_port

HOST = "127.0.0.1"
USER, PASSWORD = "hop", "mật khẩu"
Step = Callable[[], str]


@dataclass
class Post:
    """What the server says at each step, and what it took; «» breaks the connection."""

    answers: dict[str, str] = field(default_factory=dict)
    taken: list[Envelope] = field(default_factory=list)
    secure: list[bool] = field(default_factory=list)
    port: int = 0

    async def handle_MAIL(  # noqa: N802 - the name that aiosmtpd looks for
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self._said(server, "MAIL")

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self._said(server, "RCPT")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        said = self._said(server, "DATA")
        if said == "stall":
            await asyncio.sleep(30)
        if said.startswith("250"):
            self.taken.append(envelope)
            self.secure.append(session.ssl is not None)
        return said

    def _said(self, server: SMTP, step: str) -> str:
        said = self.answers.get(step, "250 OK")
        if not said and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return said


def _authenticates(
    _server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: object
) -> AuthResult:
    right = isinstance(given, LoginPassword) and (given.login, given.password) == (
        USER.encode(), PASSWORD.encode()
    )  # fmt: skip
    return AuthResult(success=right)


@asynccontextmanager
async def post_office(post: Post, tls: ssl.SSLContext | None = None) -> AsyncIterator[Post]:
    def speak() -> SMTP:
        return SMTP(
            post,
            hostname="bo.vn",
            tls_context=tls,
            require_starttls=tls is not None,
            authenticator=_authenticates if tls else None,
            auth_required=tls is not None,
            enable_SMTPUTF8=True,
        )

    server = await asyncio.get_running_loop().create_server(speak, HOST, 0)
    post.port = server.sockets[0].getsockname()[1]
    try:
        yield post
    finally:
        server.close()


@dataclass(frozen=True)
class Papers:
    """The server's certificate, and the trust of a client in it."""

    server: ssl.SSLContext
    client: ssl.SSLContext
    cert: Path
    key: Path


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    folder = tmp_path_factory.mktemp("papers")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    begins = datetime(2020, 1, 1, tzinfo=UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address(HOST))]
    cert = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(private)
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    client = ssl.create_default_context(cafile=str(folder / "cert.pem"))
    return Papers(server, client, folder / "cert.pem", folder / "key.pem")


@dataclass(frozen=True)
class MailboxServer:
    """A mailbox in which four old letters lie already."""

    port: int
    trust: ssl.SSLContext | None

    def deliver(self, *letters: bytes) -> None:
        box = imaplib.IMAP4(HOST, self.port)
        if self.trust:
            box.starttls(self.trust)
        box.authenticate("PLAIN", lambda _: f"\0{USER}\0{PASSWORD}".encode())
        for letter in letters:
            box.append("INBOX", "", "", letter)
        box.logout()


@asynccontextmanager
async def mailbox_server(papers: Papers | None = None) -> AsyncIterator[MailboxServer]:
    port = free_port()
    secure = ("--cert", str(papers.cert), "--key", str(papers.key)) if papers else ("--no-tls",)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from pymap.main import main; main()", "--host", HOST, "--port", str(port)),
        *(*secure, "dict", "--demo-data", "--demo-user", USER, "--demo-password", PASSWORD),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await until(lambda: _listens(port))
        yield MailboxServer(port, papers.client if papers else None)
    finally:
        process.terminate()
        await process.wait()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True
