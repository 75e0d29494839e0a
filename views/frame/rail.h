// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/pages/page.h"

class QButtonGroup;

namespace pilothouse {

/// The verbs, top to bottom; settings at the foot.
class Rail : public QWidget {
    Q_OBJECT

public:
    Rail(const QList<const RailPage *> &pages, QWidget *parent = nullptr);
    void setCurrent(const QString &id); ///< empty = none
    /// How many things wait on a page; 0 = none. `words` for screen readers: "3 open alerts".
    void setBadge(const QString &id, int count, const QString &words);

Q_SIGNALS:
    void chosen(const QString &id);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QButtonGroup *m_group;
};

} // namespace pilothouse
