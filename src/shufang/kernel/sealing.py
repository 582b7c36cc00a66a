"""Opening what was sealed to our public key: ECDH on P-256, HKDF-SHA-256, AES-256-GCM; what browsers can do by themselves.

    sealed = 0x01 | ephemeral public key (65 bytes, uncompressed point) | nonce (12 bytes) | ciphertext and tag
    key    = HKDF(ECDH(ephemeral, ours), salt = ephemeral key | our public key, info = "shufang sealed 1" | context)

The context (which kiosk) is also authenticated as additional data: a sealed text of one kiosk opens for no other.
js/kiosk/seal.js does the sealing.
"""

from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_VERSION = b"\x01"
_POINT, _NONCE = 65, 12
_INFO = b"shufang sealed 1"
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve's group (SEC 2, 2.4.2)."""


class SealedWrongError(ValueError):
    """These bytes were not sealed to this key, in this context, by this rule, or were changed since."""


def private_key(secret: bytes) -> ec.EllipticCurvePrivateKey:
    """Return the private key that belongs to 32 secret random bytes."""
    return ec.derive_private_key(int.from_bytes(secret, "big") % (_ORDER - 1) + 1, ec.SECP256R1())


def public_point(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Return the public key as an uncompressed point, 65 bytes."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def key_id(point: bytes) -> str:
    """Return a short name of a public key."""
    return sha256(point).hexdigest()[:16]


def unseal(sealed: bytes, key: ec.EllipticCurvePrivateKey, context: bytes) -> bytes:
    """Return what was sealed. SealedWrongError."""
    head = 1 + _POINT + _NONCE
    if sealed[:1] != _VERSION or len(sealed) < head + 16:
        raise SealedWrongError("not sealed by this rule")
    point, nonce = sealed[1 : 1 + _POINT], sealed[1 + _POINT : head]
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        return AESGCM(_shared_key(key, theirs, point, context)).decrypt(nonce, sealed[head:], context)
    except (ValueError, InvalidTag) as error:
        raise SealedWrongError("not sealed to this key, or changed since") from error


def seal(plain: bytes, point: bytes, context: bytes, nonce: bytes) -> bytes:
    """Seal as a kiosk does. `nonce`: 12 bytes; any will do, since each text has a key of its own."""
    ephemeral = ec.generate_private_key(ec.SECP256R1())
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    own = public_point(ephemeral)
    secret = _derived(ephemeral.exchange(ec.ECDH(), theirs), own, point, context)
    return _VERSION + own + nonce + AESGCM(secret).encrypt(nonce, plain, context)


def _shared_key(
    key: ec.EllipticCurvePrivateKey, theirs: ec.EllipticCurvePublicKey, point: bytes, context: bytes
) -> bytes:
    return _derived(key.exchange(ec.ECDH(), theirs), point, public_point(key), context)


def _derived(shared: bytes, ephemeral: bytes, ours: bytes, context: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=ephemeral + ours, info=_INFO + context).derive(shared)
