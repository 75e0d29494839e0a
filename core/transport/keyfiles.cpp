// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/keyfiles.h"

#include <QDateTime>
#include <QFileInfo>
#include <QHash>

#include <libssh/libssh.h>
#include <mutex>

namespace pilothouse {

namespace {

struct Remembered {
    qint64 size = 0;
    QDateTime changed;
    KeyFile file;
};
std::mutex mutex;
QHash<QString, Remembered> remembered; // guarded by mutex

std::shared_ptr<ssh_key_struct> owned(ssh_key key)
{
    return {key, [](ssh_key gone) { ssh_key_free(gone); }};
}

QByteArray blobOf(const ssh_key_struct *key)
{
    char *text = nullptr;
    if (ssh_pki_export_pubkey_base64(const_cast<ssh_key>(key), &text) != SSH_OK)
        return {};
    const QByteArray blob = QByteArray::fromBase64(text);
    ssh_string_free_char(text);
    return blob;
}

std::shared_ptr<ssh_key_struct> publicHalf(const QString &path)
{
    for (const QString &name : {path + QStringLiteral(".pub"), path}) {
        ssh_key key = nullptr;
        // OpenSSH's own format has the public half in clear in the private file too.
        if (QFileInfo::exists(name)
            && ssh_pki_import_pubkey_file(name.toUtf8().constData(), &key) == SSH_OK)
            return owned(key);
    }
    return {};
}

KeyFile readNow(const QString &path, const Secret &passphrase)
{
    KeyFile file;
    file.publicKey = publicHalf(path);
    if (file.publicKey)
        file.publicBlob = blobOf(file.publicKey.get());
    bool asked = false;
    const auto ask = [](const char *, char *, size_t, int, int, void *asked) {
        *static_cast<bool *>(asked) = true;
        return -1;
    };
    ssh_key key = nullptr;
    const QByteArray secret = passphrase.reveal();
    const bool given = !passphrase.isEmpty();
    const int rc = ssh_pki_import_privkey_file(path.toUtf8().constData(),
        given ? secret.constData() : nullptr, given ? nullptr : +ask, &asked, &key);
    if (rc == SSH_OK) {
        file.state = KeyFile::State::Ready;
        file.key = owned(key);
        if (file.publicBlob.isEmpty()) {
            ssh_key half = nullptr;
            if (ssh_pki_export_privkey_to_pubkey(key, &half) == SSH_OK) {
                file.publicKey = owned(half);
                file.publicBlob = blobOf(half);
            }
        }
    } else if (asked) {
        file.state = KeyFile::State::Encrypted;
    } else {
        file.state = given ? KeyFile::State::WrongPassphrase : KeyFile::State::Unreadable;
    }
    return file;
}

std::optional<KeyFile> lookUp(const QString &path, const QFileInfo &info)
{
    const std::lock_guard lock(mutex);
    const auto found = remembered.constFind(path);
    if (found == remembered.cend() || found->size != info.size()
        || found->changed != info.lastModified())
        return std::nullopt;
    return found->file;
}

} // namespace

std::optional<KeyFile> rememberedKeyFile(const QString &path)
{
    return lookUp(path, QFileInfo(path));
}

KeyFile readKeyFile(const QString &path, const Secret &passphrase)
{
    const QFileInfo info(path);
    if (!info.exists() && !QFileInfo::exists(path + QStringLiteral(".pub")))
        return {};
    if (const auto known = lookUp(path, info))
        return *known;
    const KeyFile file = readNow(path, passphrase);
    if (file.state == KeyFile::State::Ready) {
        const std::lock_guard lock(mutex);
        Remembered entry;
        entry.size = info.size();
        entry.changed = info.lastModified();
        entry.file = file;
        remembered.insert(path, entry);
    }
    return file;
}

void forgetKeys()
{
    const std::lock_guard lock(mutex);
    remembered.clear();
}

} // namespace pilothouse
