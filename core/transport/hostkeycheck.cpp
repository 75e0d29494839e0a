// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/hostkeycheck.h"

#include "core/base/offload.h"

#include <QCoreApplication>

namespace pilothouse {

QString knownHostsNameOf(const ResolvedHost &host)
{
    // As OpenSSH: an alias stands for itself, without the port.
    return host.hostKeyAlias.isEmpty() ? knownHostsName(host.hostName, host.port)
                                       : knownHostsName(host.hostKeyAlias, 22);
}

QStringList knownHostsFiles(const ResolvedHost &host)
{
    QStringList files = host.userKnownHosts + host.globalKnownHosts;
    files.removeAll(QStringLiteral("none"));
    return files;
}

// "ED25519", "ECDSA", "RSA", as ssh names them to people.
static QString keyName(const QString &type)
{
    if (type.startsWith(QLatin1String("ecdsa-")))
        return QStringLiteral("ECDSA");
    return (type.startsWith(QLatin1String("ssh-")) ? type.mid(4) : type).toUpper();
}

static QString shownKey(const HostKey &key)
{
    return keyName(key.type) + QLatin1Char(' ') + key.fingerprint();
}

static Error stopped(const KnownHostsAnswer &answer, const QString &name, const HostKey &key)
{
    const bool revoked = answer.verdict == HostKeyVerdict::Revoked;
    const QString where = QStringLiteral("%1:%2").arg(answer.file).arg(answer.line);
    const QString message = revoked
        ? QCoreApplication::translate("transport",
            "The key of %1 is revoked. Nothing was sent to it: no user name, no key, no password.")
        : QCoreApplication::translate("transport",
            "%1 shows a key that differs from the known one. Nothing was sent to it: no user "
            "name, no key, no password.");
    QString cause;
    if (answer.known)
        cause = QStringLiteral("known %1 (%2); ").arg(shownKey(*answer.known), where);
    cause += QStringLiteral("shown ") + shownKey(key);
    if (revoked)
        cause += QStringLiteral("; revoked in ") + where;
    return {ErrorKind::HostKey, QStringLiteral("host_key"), message.arg(name), cause,
        QCoreApplication::translate("transport",
            "Ask whoever runs the host, and compare the fingerprints by another way.")};
}

Task<Result<QString>> checkHostKey(
    Context context, std::shared_ptr<ResolvedHost> host, HostKey key, Prompter *prompter)
{
    const QString name = knownHostsNameOf(*host);
    auto looking = offload([files = knownHostsFiles(*host), name, key] {
        return lookUpHostKey(files, name, QString(), key);
    });
    const KnownHostsAnswer answer = co_await std::move(looking);
    QString line = shownKey(key);
    const QString others = answer.alsoKnownAs.isEmpty()
        ? QString()
        : QCoreApplication::translate("transport", ", also used by %1")
              .arg(answer.alsoKnownAs.mid(0, 3).join(QStringLiteral(", ")));
    if (answer.verdict == HostKeyVerdict::Changed || answer.verdict == HostKeyVerdict::Revoked)
        co_return fail(stopped(answer, name, key));
    if (answer.verdict == HostKeyVerdict::Known)
        co_return line + QCoreApplication::translate("transport", ", known") + others;

    const QString strict = host->strictHostKeyChecking;
    if (strict == QLatin1String("yes") || strict == QLatin1String("true"))
        co_return fail(Error{ErrorKind::HostKey, QStringLiteral("host_key"),
            QCoreApplication::translate(
                "transport", "The key of %1 is not known, and StrictHostKeyChecking is set to yes.")
                .arg(name),
            QStringLiteral("shown ") + line + others,
            QCoreApplication::translate(
                "transport", "Add the key to known_hosts after comparing its fingerprint.")});
    HostKeyAnswer decision = HostKeyAnswer::AcceptAndSave;
    const bool byItself = strict == QLatin1String("accept-new") || strict == QLatin1String("no")
        || strict == QLatin1String("off") || strict == QLatin1String("false");
    if (!byItself) {
        HostKeyQuestion question;
        question.host = name;
        question.type = keyName(key.type);
        question.fingerprint = key.fingerprint();
        question.alsoKnownAs = answer.alsoKnownAs;
        auto asking = prompter->askHostKey(context, std::move(question));
        const auto answered = co_await std::move(asking);
        if (!answered)
            co_return fail(answered.error());
        decision = *answered;
    }
    if (decision == HostKeyAnswer::Reject)
        co_return fail(Error{ErrorKind::HostKey, QStringLiteral("host_key"),
            QCoreApplication::translate("transport", "The key of %1 was not accepted.").arg(name),
            QStringLiteral("shown ") + shownKey(key),
            QCoreApplication::translate(
                "transport", "Compare the fingerprint with whoever runs the host, then retry.")});
    if (decision == HostKeyAnswer::AcceptOnce)
        co_return line + QCoreApplication::translate("transport", ", accepted once") + others;
    const QString file = host->userKnownHosts.value(0);
    if (file.isEmpty() || file == QLatin1String("none") || file == QLatin1String("/dev/null"))
        co_return line + QCoreApplication::translate("transport", ", new, kept nowhere") + others;
    auto saving = offload([file, name, key, hashed = host->hashKnownHosts] {
        return appendKnownHost(file, name, key, hashed);
    });
    const auto saved = co_await std::move(saving);
    if (!saved) // as OpenSSH: the connection is good, the next one asks again
        co_return line
            + QCoreApplication::translate("transport", ", new, could not be saved: %1")
                  .arg(saved.error().cause);
    co_return line + QCoreApplication::translate("transport", ", new, saved to %1").arg(file)
        + others;
}

} // namespace pilothouse
