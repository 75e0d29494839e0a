// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/prompter.h"

#include <QHash>

#include <memory>
#include <optional>

namespace pilothouse {

/// Remembers what was answered, for the life of the process and nowhere else, and sees to it that
/// a thing is asked once however many connections wait for it. Main thread.
/// Keys: passphraseKey(), passwordKey().
class SecretCache {
public:
    static SecretCache &instance();
    static QString passphraseKey(const QString &file);
    static QString passwordKey(const QString &user, const QString &host, quint16 port);

    std::optional<Secret> find(const QString &key) const;
    void keep(const QString &key, Secret secret);
    /// Drops `secret` when it is still the one remembered (another may have been asked since).
    void forget(const QString &key, const Secret &secret);
    void clear();

    /// The remembered secret, or one that is asked now. While a question with this key is open,
    /// others wait for its answer. A declined question is Cancelled for all who wait. The answer is
    /// remembered at once; forget() it when it proves wrong.
    Task<Result<Secret>> ask(
        Context context, Prompter *prompter, QString key, SecretQuestion question);

private:
    struct Open;
    QHash<QString, Secret> m_secrets;
    QHash<QString, std::shared_ptr<Open>> m_open;
};

} // namespace pilothouse
