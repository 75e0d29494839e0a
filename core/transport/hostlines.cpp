// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/hostlines.h"

#include "core/transport/sshconfig.h"
#include "core/transport/sshpattern.h"
#include "core/transport/sshtokens.h"

#include <QFile>
#include <QHash>

#include <sys/stat.h>

namespace pilothouse {

namespace {

constexpr int deepestInclude = 16; // OpenSSH's own limit

struct ParsedFile {
    struct timespec changed { };
    ino_t inode = 0;
    off_t size = -1;
    QList<ConfigLine> lines;
    bool broken = false; // a line that does not parse
    bool missing = false;
};

const ParsedFile &parsedFile(const QString &path, const ConfigSource &source)
{
    static QHash<QString, ParsedFile> table;
    struct stat info { };
    const bool there = ::stat(QFile::encodeName(path).constData(), &info) == 0;
    ParsedFile &file = table[path];
    if (there && file.size == info.st_size && file.inode == info.st_ino
        && file.changed.tv_sec == info.st_mtim.tv_sec
        && file.changed.tv_nsec == info.st_mtim.tv_nsec)
        return file;
    file = {};
    const auto text = source.read(path);
    if (!text) {
        file.missing = text.error().kind == ErrorKind::NotFound;
        file.broken = !file.missing;
        return file;
    }
    for (const QByteArray &line : text->split('\n')) {
        auto parsed = parseConfigLine(line);
        if (!parsed)
            file.broken = true;
        else if (!parsed->keyword.isEmpty())
            file.lines << std::move(*parsed);
    }
    file.changed = info.st_mtim;
    file.inode = info.st_ino;
    file.size = there ? info.st_size : -1;
    return file;
}

class Evaluation {
public:
    explicit Evaluation(const QByteArray &alias)
        : m_alias(alias)
        , m_source(configFiles())
    {
        m_source.home = sshHome();
    }
    HostLines take() { return std::move(m_result); }

    // Lines of a file that an inactive block includes are read by ssh, but none of them holds.
    void file(const QString &path, const QString &includeFolder, bool outerActive, int depth)
    {
        const ParsedFile &parsed = parsedFile(path, m_source);
        m_result.needsSsh = m_result.needsSsh || parsed.broken || depth > deepestInclude;
        if (m_result.needsSsh)
            return;
        bool active = outerActive;
        const QList<ConfigLine> lines = parsed.lines; // the table may move while Includes are read
        for (const ConfigLine &line : lines) {
            if (line.keyword == "host") {
                active = outerActive && matchHostLine(m_alias, line.words);
            } else if (line.keyword == "match") {
                const bool all = line.words.size() == 1 && line.words.first().toLower() == "all";
                m_result.needsSsh = m_result.needsSsh || !all;
                active = outerActive;
            } else if (line.keyword == "include") {
                for (const QByteArray &word : line.words)
                    include(word, includeFolder, active, depth);
            } else if (active) {
                m_result.lines << line;
            }
            if (m_result.needsSsh)
                return;
        }
    }

private:
    void include(const QByteArray &word, const QString &folder, bool active, int depth)
    {
        QString pattern = QString::fromUtf8(word);
        // Newer programs expand these in Include too.
        if (pattern.contains(QLatin1Char('%')) || pattern.contains(QLatin1Char('$'))) {
            m_result.needsSsh = true;
            return;
        }
        if (pattern.startsWith(QLatin1String("~/")))
            pattern.replace(0, 1, m_source.home);
        else if (!pattern.startsWith(QLatin1Char('/')) && !pattern.startsWith(QLatin1Char('~')))
            pattern.prepend(folder + QLatin1Char('/'));
        for (const QString &path : m_source.expand(pattern))
            file(path, folder, active, depth + 1);
    }

    const QByteArray m_alias;
    ConfigSource m_source;
    HostLines m_result;
};

} // namespace

QList<ConfigRoot> configRoots()
{
    const QString userFolder = sshHome() + QStringLiteral("/.ssh");
    if (const QString named = namedSshConfig(); !named.isEmpty())
        return {{named, userFolder}};
    return {{userFolder + QStringLiteral("/config"), userFolder},
        {QStringLiteral("/etc/ssh/ssh_config"), QStringLiteral("/etc/ssh")}};
}

HostLines hostLines(const QByteArray &alias, const QList<ConfigRoot> &roots)
{
    Evaluation evaluation(alias);
    for (const ConfigRoot &root : roots)
        evaluation.file(root.file, root.includeFolder, true, 0);
    return evaluation.take();
}

} // namespace pilothouse
