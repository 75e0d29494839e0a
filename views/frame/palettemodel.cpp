// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/palettemodel.h"

namespace pilothouse {

void PaletteModel::setEntries(QList<PaletteEntry> entries)
{
    m_entries = std::move(entries);
    QList<QString> texts;
    texts.reserve(m_entries.size());
    for (const auto &entry : std::as_const(m_entries))
        texts << (entry.also.isEmpty() ? entry.title : entry.title + u' ' + entry.also);
    m_index.setTexts(texts);
    search({});
}

void PaletteModel::search(const QString &text)
{
    static const QString prefixes = QStringLiteral(">@#/:");
    const QChar kind = text.isEmpty() || !prefixes.contains(text[0]) ? QChar() : text[0];
    beginResetModel();
    if (kind.isNull())
        m_matches = m_index.best(text, 200);
    else
        m_matches = m_index.best(kind == u'/' ? QString() : text.mid(1), 200,
            [this, kind](int entry) { return m_entries[entry].kind == kind; });
    endResetModel();
}

const PaletteEntry &PaletteModel::entry(int row) const
{
    return m_entries[m_matches[std::size_t(row)].entry];
}

int PaletteModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_matches.size());
}

QVariant PaletteModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto &one = entry(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return one.title;
    case Qt::ToolTipRole:
        return one.refused;
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1, %2").arg(
            one.title, one.refused.isEmpty() ? one.detail : one.refused);
    default:
        return {};
    }
}

} // namespace pilothouse
