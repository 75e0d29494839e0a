// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/common/card.h"
#include "views/common/errorbox.h"
#include "views/common/formrow.h"
#include "views/common/pageheader.h"
#include "views/common/textlabel.h"
#include "views/pages/page.h"
#include "views/theme/metrics.h"

#include <QCoroTask>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace pilothouse {

/// A host that no ssh_config names. Everything but the host may stay empty.
class AddHostPage : public QWidget {
    Q_OBJECT

public:
    explicit AddHostPage(const PageContext &context);

private:
    ActRequest request() const;
    void check();
    void add();
    PageContext m_context;
    QLineEdit *m_name, *m_host, *m_user, *m_key, *m_jump, *m_group;
    QSpinBox *m_port;
    TextLabel *m_preview;
    ErrorBox *m_error;
    QPushButton *m_add;
};

AddHostPage::AddHostPage(const PageContext &context)
    : m_context(context)
    , m_name(new QLineEdit)
    , m_host(new QLineEdit)
    , m_user(new QLineEdit)
    , m_key(new QLineEdit)
    , m_jump(new QLineEdit)
    , m_group(new QLineEdit)
    , m_port(new QSpinBox)
    , m_preview(new TextLabel({}, TextKind::Mono, Token::Text2))
    , m_error(new ErrorBox)
    , m_add(new QPushButton(tr("Add host")))
{
    auto *header = new PageHeader;
    header->setTitle(tr("Add host"));
    header->setFacts(tr("Nothing is contacted before you connect."));
    setButtonKind(m_add, ButtonKind::Primary);
    header->addAction(m_add);
    m_port->setRange(0, 65535);
    m_port->setSpecialValueText(tr("22, or what ssh_config says"));

    auto *card = new Card;
    card->body()->setSpacing(metrics::gap);
    const auto add = [card](const QString &name, QWidget *field, const QString &hint) {
        card->body()->addWidget(new FormRow(name, field, hint));
    };
    add(tr("Host"), m_host, tr("Name or address, as you would give it to ssh."));
    add(tr("Name"), m_name, tr("How it is called here. Empty: the host."));
    add(tr("User"), m_user, tr("Empty: what ssh_config says, or your own name."));
    add(tr("Port"), m_port, {});
    add(tr("Key file"), m_key, tr("Empty: the agent's keys and the usual files."));
    add(tr("Jump host"), m_jump, tr("Empty: directly. Several, in order, with commas."));
    add(tr("Group"), m_group, tr("A section of the inventory."));
    card->setFixedWidth(560);
    m_preview->setElide(Qt::ElideRight);
    m_error->hide();
    m_error->setFixedWidth(560);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(header);
    auto *content = new QVBoxLayout;
    content->setContentsMargins(metrics::margin, 16, metrics::margin, metrics::margin);
    content->setSpacing(metrics::gap);
    content->addWidget(card);
    content->addWidget(m_preview);
    content->addWidget(m_error);
    content->addStretch(1);
    column->addLayout(content, 1);
    for (auto *field : {m_name, m_host, m_user, m_key, m_jump, m_group}) {
        connect(field, &QLineEdit::textChanged, this, &AddHostPage::check);
        connect(field, &QLineEdit::returnPressed, m_add, &QPushButton::click);
    }
    connect(m_port, &QSpinBox::valueChanged, this, &AddHostPage::check);
    connect(m_add, &QPushButton::clicked, this, &AddHostPage::add);
    setFocusProxy(m_host);
    check();
}

ActRequest AddHostPage::request() const
{
    ActRequest request;
    const QString name = m_name->text().trimmed().isEmpty() ? m_host->text() : m_name->text();
    const std::pair<const char *, QString> texts[] = {{"name", name}, {"host", m_host->text()},
        {"user", m_user->text()}, {"identity_file", m_key->text()}, {"proxy_jump", m_jump->text()},
        {"group", m_group->text()}};
    for (const auto &[key, text] : texts)
        request.parameters.insert(QLatin1String(key), text.trimmed());
    request.parameters.insert(QStringLiteral("port"), m_port->value());
    return request;
}

void AddHostPage::check()
{
    m_add->setEnabled(!m_host->text().trimmed().isEmpty());
    m_preview->setText(m_add->isEnabled()
            ? m_context.acts->port()->preview(QStringLiteral("target.add"), request())
            : QString());
}

void AddHostPage::add()
{
    QCoro::connect(m_context.acts->port()->run(Context(), QStringLiteral("target.add"), request()),
        this, [this](const Result<QJsonObject> &added) {
            m_error->setVisible(!added);
            if (!added) {
                m_error->setError(tr("The host was not added"), added.error());
                return;
            }
            for (auto *field : {m_name, m_host, m_user, m_key, m_jump, m_group})
                field->clear();
            m_port->setValue(0);
            m_context.openTarget(added->value(QLatin1String("id")).toString(), {});
        });
}

extern const RailPage addHostPage;
const RailPage addHostPage{"add", QT_TRANSLATE_NOOP("pages", "Add host"), "", "Ctrl+N", true,
    [](const PageContext &context) -> QWidget * { return new AddHostPage(context); }};

} // namespace pilothouse

#include "addhostpage.moc"
