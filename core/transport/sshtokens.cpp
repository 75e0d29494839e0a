// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/sshtokens.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QSysInfo>

#include <array>
#include <pwd.h>
#include <unistd.h>
#include <vector>

namespace pilothouse {

namespace {

struct Account {
    QString name, home;
};

std::optional<Account> account(const QString &name)
{
    passwd entry{};
    passwd *found = nullptr;
    std::vector<char> buffer(16 * 1024);
    if (name.isEmpty())
        getpwuid_r(getuid(), &entry, buffer.data(), buffer.size(), &found);
    else
        getpwnam_r(name.toLocal8Bit().constData(), &entry, buffer.data(), buffer.size(), &found);
    if (!found)
        return std::nullopt;
    Account result;
    result.name = QString::fromLocal8Bit(found->pw_name);
    result.home = QFile::decodeName(found->pw_dir);
    return result;
}

QString localHost()
{
    std::array<char, 256> name{};
    gethostname(name.data(), name.size() - 1);
    return QString::fromLocal8Bit(name.data());
}

QString token(QChar letter, const ResolvedHost &host)
{
    switch (letter.unicode()) {
    case '%':
        return QStringLiteral("%");
    case 'd':
        return sshHome();
    case 'h':
        return host.hostName;
    case 'i':
        return QString::number(getuid());
    case 'k':
        return host.hostKeyAlias.isEmpty() ? host.alias : host.hostKeyAlias;
    case 'L':
        return localHost().section(QLatin1Char('.'), 0, 0);
    case 'l':
        return localHost();
    case 'n':
        return host.alias;
    case 'p':
        return QString::number(host.port);
    case 'r':
        return host.user;
    case 'u':
        return account({}).value_or(Account()).name;
    case 'C': {
        const QString all = localHost() + host.hostName + QString::number(host.port) + host.user;
        return QString::fromLatin1(
            QCryptographicHash::hash(all.toUtf8(), QCryptographicHash::Sha1).toHex());
    }
    default:
        return QLatin1Char('%') + QString(letter);
    }
}

QString withVariables(QString path)
{
    for (qsizetype start = 0; (start = path.indexOf(QLatin1String("${"), start)) >= 0;) {
        const auto end = path.indexOf(QLatin1Char('}'), start);
        if (end < 0)
            break;
        const QByteArray name = path.mid(start + 2, end - start - 2).toUtf8();
        if (!qEnvironmentVariableIsSet(name.constData())) {
            start = end;
            continue;
        }
        const QString value = qEnvironmentVariable(name.constData());
        path.replace(start, end - start + 1, value);
        start += value.size();
    }
    return path;
}

QString withHome(const QString &path)
{
    if (!path.startsWith(QLatin1Char('~')))
        return path;
    const QString user = path.mid(1).section(QLatin1Char('/'), 0, 0);
    const auto owner = account(user);
    if (user.isEmpty())
        return sshHome() + path.mid(1);
    return owner ? owner->home + path.mid(1 + user.size()) : path;
}

} // namespace

QString sshHome()
{
    // Asked for with each host; reads the whole list of accounts.
    static const QString home = [] {
        const auto self = account({});
        return self ? self->home : QDir::homePath();
    }();
    return home;
}

QString expandSshPath(const QString &path, const ResolvedHost &host)
{
    const QString text = withVariables(withHome(path));
    QString result;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] == QLatin1Char('%') && i + 1 < text.size())
            result += token(text[++i], host);
        else
            result += text[i];
    }
    return result;
}

} // namespace pilothouse
