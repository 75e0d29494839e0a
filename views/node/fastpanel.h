// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/agentlink/agentclient.h"
#include "core/session/link.h"
#include "views/common/card.h"

#include <memory>

class QGridLayout;

namespace pilothouse {

class FastStrip;
class TextLabel;

/// The GPUs of a node ten times a second, as long as it is seen: what one value each second hides.
/// Nothing of it is stored.
class FastPanel : public Card {
    Q_OBJECT

public:
    explicit FastPanel(QWidget *parent = nullptr);
    ~FastPanel() override;

    /// Null: not connected. The same link again changes nothing.
    void setLink(std::shared_ptr<const Link> link);
    void setDevices(const QList<Device> &devices); ///< whole ones, in their order
    const QList<FastStrip *> &strips() const { return m_strips; }

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void follow();
    void take(qint64 wallNs, const QList<GpuInstant> &gpus);
    void say(const QString &sentence);

    std::shared_ptr<const Link> m_link;
    std::unique_ptr<AgentStream> m_stream;
    QList<Device> m_devices;
    QGridLayout *m_grid;
    QList<TextLabel *> m_names, m_values;
    QList<FastStrip *> m_strips;
    TextLabel *m_note;
};

} // namespace pilothouse
