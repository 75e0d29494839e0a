// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/rowmodel.h"
#include "core/models/targetstatus.h"

namespace pilothouse {

/// A target's row; equal when nothing that is shown changed.
struct TargetRow {
    TargetStatus status;
    bool operator==(const TargetRow &other) const;
};

/// All targets as a table: state, name, origin, user and host, devices, protection, age.
class TargetModel : public RowModel<TargetRow> {
public:
    enum TargetColumn { State, Name, Origin, Address, Devices, Guard, Seen };
    explicit TargetModel(std::function<qint64()> clock, QObject *parent = nullptr);

    void apply(const QList<TargetStatus> &statuses);
    void setText(const QString &words); ///< all words must match name, origin, address or state

protected:
    QVariant extra(const TargetRow &row, int column, int role) const override;
};

/// "open", "protected", "read-only": for people.
QString protectionWord(Protection protection);

} // namespace pilothouse
