// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/common/card.h"

class QTableView;

namespace pilothouse {

class GpuTestModel;
class GpuTestService;
class TextLabel;

/// The last test of one GPU beside its baseline and the card's datasheet.
class DeviceTestCard : public Card {
    Q_OBJECT

public:
    /// `tests` may be null: then nothing is remembered.
    explicit DeviceTestCard(GpuTestService *tests, QWidget *parent = nullptr);
    void showDevice(const QString &uuid);

private:
    void reload();

    GpuTestService *m_tests;
    QString m_uuid;
    TextLabel *m_words;
    GpuTestModel *m_model;
    QTableView *m_table;
};

} // namespace pilothouse
