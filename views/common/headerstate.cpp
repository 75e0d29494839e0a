// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/common/headerstate.h"

#include <QHeaderView>
#include <QSettings>
#include <QTimer>

namespace pilothouse {

static QString &stateFile()
{
    static QString file;
    return file;
}

void setHeaderStateFile(const QString &file)
{
    stateFile() = file;
}

void keepHeaderState(QHeaderView *header, const QString &name)
{
    const QString file = stateFile();
    if (file.isEmpty())
        return;
    const QString state = QStringLiteral("tables/") + name,
                  columns = state + QStringLiteral("-columns");
    const QSettings settings(file, QSettings::IniFormat);
    if (settings.value(columns).toInt() == header->count()) {
        const QByteArray before = header->saveState();
        if (!header->restoreState(settings.value(state).toByteArray()))
            header->restoreState(before);
    }
    auto *soon = new QTimer(header); // dragging a width says so many times
    soon->setSingleShot(true);
    soon->setInterval(500);
    const auto save = [header, file, state, columns] {
        QSettings kept(file, QSettings::IniFormat);
        kept.setValue(state, header->saveState());
        kept.setValue(columns, header->count());
    };
    QObject::connect(soon, &QTimer::timeout, header, save);
    const auto changed = [soon] { soon->start(); };
    QObject::connect(header, &QHeaderView::sectionResized, soon, changed);
    QObject::connect(header, &QHeaderView::sectionMoved, soon, changed);
    QObject::connect(header, &QHeaderView::sortIndicatorChanged, soon, changed);
}

} // namespace pilothouse
