// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSplitter>

namespace pilothouse {

/// Between map and table: a handle of one short bar, stronger under the pointer.
class FleetSplitter : public QSplitter {
    Q_OBJECT

public:
    explicit FleetSplitter(QWidget *parent = nullptr);

protected:
    QSplitterHandle *createHandle() override;
};

} // namespace pilothouse
