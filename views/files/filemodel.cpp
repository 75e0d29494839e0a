// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/files/filemodel.h"

#include "core/base/units.h"
#include "views/theme/fonts.h"
#include "views/theme/icons.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QIcon>
#include <QLocale>

namespace pilothouse {

static QString label(const char *text)
{
    return QCoreApplication::translate("files", text);
}

QString fileName(const FileInfo &file)
{
    return file.path.section(QLatin1Char('/'), -1);
}

bool isHiddenFile(const FileInfo &file)
{
    return fileName(file).startsWith(QLatin1Char('.'));
}

QString modeText(quint32 mode)
{
    QString text;
    for (int bit = 8; bit >= 0; --bit)
        text += (mode >> bit) & 1U ? QLatin1Char("xwr"[bit % 3]) : QLatin1Char('-');
    return text;
}

QString folderAbove(const QString &path)
{
    const auto slash = path.lastIndexOf(QLatin1Char('/'));
    return slash <= 0 ? QStringLiteral("/") : path.left(slash);
}

static bool isFolder(const FileInfo &file)
{
    return file.kind == QLatin1String("folder");
}

static QString kindText(const FileInfo &file)
{
    if (!file.error.isEmpty())
        return file.error;
    if (isFolder(file))
        return label("folder");
    if (file.kind == QLatin1String("link"))
        return label("link to %1").arg(file.linkTarget);
    if (file.kind == QLatin1String("file"))
        return label("file");
    return file.kind.isEmpty() ? label("gone meanwhile") : label("special file");
}

FileModel::FileModel(std::function<qint64()> clock, QObject *parent)
    : FileModel(std::move(clock), std::make_shared<bool>(false), parent)
{
}

FileModel::FileModel(
    std::function<qint64()> clock, std::shared_ptr<bool> descending, QObject *parent)
    : RowModel<FileInfo>(
        {
            {"name", label("Name"),
                [descending](const FileInfo &file) {
                    const bool first = isFolder(file) != *descending;
                    return QVariant((first ? u'0' : u'1') + fileName(file));
                },
                &fileName},
            {"size", label("Size"),
                [](const FileInfo &file) {
                    return file.kind == QLatin1String("file") ? QVariant(file.size) : QVariant();
                },
                [](const FileInfo &file) {
                    return file.kind == QLatin1String("file")
                        ? formatBytes(double(file.size), false)
                        : QStringLiteral("–");
                },
                true},
            {"modified", label("Modified"),
                [](const FileInfo &file) {
                    return file.modifiedNs == 0 ? QVariant() : QVariant(file.modifiedNs);
                },
                [clock](const FileInfo &file) {
                    if (file.modifiedNs == 0)
                        return QStringLiteral("–");
                    const auto age = clock() - file.modifiedNs / 1'000'000;
                    return label("%1 ago").arg(
                        formatAge(std::chrono::milliseconds(std::max<qint64>(0, age))));
                },
                true},
            {"kind", label("Kind"), [](const FileInfo &file) { return QVariant(kindText(file)); },
                {}},
            {"mode", label("Mode"), [](const FileInfo &file) { return QVariant(file.mode); },
                [](const FileInfo &file) { return modeText(file.mode); }, false, true},
        },
        [](const FileInfo &file) { return file.path; }, parent)
    , m_descending(std::move(descending))
{
}

void FileModel::setShown(const QString &words, bool hidden)
{
    const QStringList all = words.simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    setFilter([all, hidden](const FileInfo &file) {
        const QString name = fileName(file);
        return (hidden || !isHiddenFile(file))
            && std::all_of(all.begin(), all.end(),
                [&](const QString &word) { return name.contains(word, Qt::CaseInsensitive); });
    });
}

void FileModel::sort(int column, Qt::SortOrder order)
{
    *m_descending = column == Name && order == Qt::DescendingOrder;
    RowModel<FileInfo>::sort(column, order);
}

QVariant FileModel::extra(const FileInfo &file, int column, int role) const
{
    if (column == Name && role == Qt::DecorationRole)
        return icon(isFolder(file) ? QStringLiteral("folder") : QStringLiteral("file"),
            isFolder(file) ? Token::Accent : Token::Text3);
    if (role == Qt::FontRole && column == Mode)
        return monoFont();
    if (role == Qt::ToolTipRole && column == Name)
        return file.path;
    if (role == Qt::ToolTipRole && column == Modified && file.modifiedNs != 0)
        return QLocale().toString(
            QDateTime::fromMSecsSinceEpoch(file.modifiedNs / 1'000'000), QLocale::LongFormat);
    if (role == Qt::ToolTipRole && column == Size)
        return file.kind == QLatin1String("file")
            ? label("%1 bytes").arg(QLocale().toString(file.size))
            : label("The size of what is in a folder is not added up.");
    return {};
}

} // namespace pilothouse
