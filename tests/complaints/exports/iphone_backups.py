"""Whole backups of an iPhone, encrypted or not, made here as Apple documents its keys: PBKDF2 (RFC 8018), AES key wrap (RFC 3394), AES-CBC."""

import hashlib
import plistlib
import sqlite3
import struct

MESSAGES = hashlib.sha1(b"HomeDomain-Library/SMS/sms.db").hexdigest()
LOG = hashlib.sha1(b"HomeDomain-Library/SMS/sms.db-wal").hexdigest()
PASSPHRASE = "écharpe bleue 12"
_CLASS = 4


def _aes(key, data, iv=None):
    from Crypto.Cipher import AES

    made = AES.new(key, AES.MODE_ECB) if iv is None else AES.new(key, AES.MODE_CBC, iv=iv)
    return made.encrypt(data)


def wrapped(key, plain):
    """RFC 3394, 2.2.1."""
    check, blocks = b"\xa6" * 8, [plain[at : at + 8] for at in range(0, len(plain), 8)]
    for turn in range(6):
        for number, block in enumerate(blocks, start=1):
            found = _aes(key, check + block)
            count = len(blocks) * turn + number
            check = bytes(one ^ other for one, other in zip(found[:8], struct.pack(">Q", count), strict=True))
            blocks[number - 1] = found[8:]
    return check + b"".join(blocks)


def locked(key, data):
    n = 16 - len(data) % 16
    return _aes(key, data + bytes([n]) * n, bytes(16))


def _part(tag, value):
    data = struct.pack(">L", value) if isinstance(value, int) else value
    return tag + struct.pack(">L", len(data)) + data


def keybag(passphrase, class_key, rounds=(1_000, 100)):
    salts = bytes(range(20)), bytes(range(20, 40))
    first = hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salts[0], rounds[0], 32)
    key = hashlib.pbkdf2_hmac("sha1", first, salts[1], rounds[1], 32)
    head = [(b"VERS", 5), (b"TYPE", 1), (b"UUID", b"u" * 16), (b"HMCK", b"h" * 40), (b"WRAP", 1), (b"SALT", salts[1]), (b"ITER", rounds[1]), (b"DPWT", 0), (b"DPIC", rounds[0]), (b"DPSL", salts[0])]  # fmt: skip
    # One class is not wrapped by the passphrase but by the telephone.
    classes = [
        (b"UUID", b"v" * 16), (b"CLAS", _CLASS), (b"WRAP", 2), (b"KTYP", 0), (b"WPKY", wrapped(key, class_key)),
        (b"UUID", b"w" * 16), (b"CLAS", 11), (b"WRAP", 1), (b"KTYP", 0), (b"WPKY", b"x" * 40),
    ]  # fmt: skip
    return b"".join(_part(*each) for each in head + classes)


def _about(size, key):
    root = {
        "Size": size,
        "ProtectionClass": _CLASS,
        "Mode": 33188,
        "LastModified": 1,
        "Birth": 1,
        "$class": plistlib.UID(3),
    }
    objects = ["$null", root]
    if key is not None:
        root["EncryptionKey"] = plistlib.UID(2)
        objects.append({"NS.data": key, "$class": plistlib.UID(3)})
    objects.append({"$classname": "MBFile"})
    made = {"$archiver": "NSKeyedArchiver", "$version": 100_000, "$top": {"root": plistlib.UID(1)}, "$objects": objects}
    return plistlib.dumps(made, fmt=plistlib.FMT_BINARY)


def backup(folder, messages, *, passphrase="", number="+212 6 12 34 56 78", flat=False, old_list=False, others=True, mode="delete", log=b""):  # fmt: skip
    """A backup in a folder, encrypted where a passphrase is given, with other files that nobody may open."""
    folder.mkdir(parents=True)
    class_key, file_key, list_key = (bytes([each]) * 32 for each in (1, 2, 3))
    made = sqlite3.connect(folder / "list")
    made.execute(f"pragma journal_mode={mode}")
    made.execute(
        "create table Files (fileID text primary key, domain text, relativePath text, flags integer, file blob)"
    )
    about = _about(len(messages), struct.pack("<l", _CLASS) + wrapped(class_key, file_key) if passphrase else None)
    made.execute("insert into Files values (?, 'HomeDomain', 'Library/SMS/sms.db', 1, ?)", (MESSAGES, about))
    if log:
        made.execute("insert into Files select ?, domain, relativePath || '-wal', flags, file from Files", (LOG,))
    made.commit()
    made.close()
    listed = (folder / "list").read_bytes()
    (folder / "list").unlink()
    keys = {"IsEncrypted": bool(passphrase), "Version": "10.0", "Lockdown": {}}
    if passphrase:
        keys["BackupKeyBag"] = keybag(passphrase, class_key)
        if not old_list:
            keys["ManifestKey"] = struct.pack("<l", _CLASS) + wrapped(class_key, list_key)
            listed = locked(list_key, listed)
        messages, log = locked(file_key, messages), locked(file_key, log) if log else b""
    (folder / "Manifest.plist").write_bytes(plistlib.dumps(keys, fmt=plistlib.FMT_BINARY))
    (folder / "Manifest.db").write_bytes(listed)
    (folder / "Status.plist").write_bytes(plistlib.dumps({"IsFullBackup": True}, fmt=plistlib.FMT_BINARY))
    (folder / "Info.plist").write_bytes(
        plistlib.dumps({"Device Name": "iPhone", **({"Phone Number": number} if number else {})})
    )
    place = folder / MESSAGES if flat else folder / MESSAGES[:2] / MESSAGES
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(messages)
    if log:
        place = folder / LOG if flat else folder / LOG[:2] / LOG
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(log)
    if others:
        for number_of_file in range(30):
            name = hashlib.sha1(str(number_of_file).encode()).hexdigest()
            (folder / name[:2]).mkdir(exist_ok=True)
            (folder / name[:2] / name).write_text("message,tel\nJe t'aime,0661000101\n")
    return folder
