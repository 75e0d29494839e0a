// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/palettemodel.h"

namespace pilothouse {

void PaletteModel::setEntries(QList<PaletteEntry> entries)
{
    m_entries = std::move(entries);
    m_kinds.clear();
    for (const QChar prefix : {QChar(), QChar(u'>'), QChar(u'@'), QChar(u'#'), QChar(u':')}) {
        Kind kind;
        kind.prefix = prefix;
        QList<QString> texts;
        for (int i = 0; i < m_entries.size(); ++i) {
            if (!prefix.isNull() && m_entries[i].kind != prefix)
                continue;
            kind.entries << i;
            texts << m_entries[i].title;
        }
        kind.index.setTexts(texts);
        m_kinds.push_back(std::move(kind));
    }
    search({});
}

void PaletteModel::search(const QString &text)
{
    beginResetModel();
    m_kind = &m_kinds.front();
    QString query = text;
    for (const auto &kind : m_kinds) {
        if (!kind.prefix.isNull() && text.startsWith(kind.prefix)) {
            m_kind = &kind;
            query = text.mid(1);
        }
    }
    m_matches = m_kind->index.best(query, 200);
    endResetModel();
}

const PaletteEntry &PaletteModel::entry(int row) const
{
    return m_entries[m_kind->entries[m_matches[std::size_t(row)].entry]];
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
