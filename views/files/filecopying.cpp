// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// FilesPage: everything that copies.
#include "views/common/card.h"
#include "views/common/textlabel.h"
#include "views/files/filemodel.h"
#include "views/files/filespage.h"
#include "views/theme/icons.h"

#include <QClipboard>
#include <QDir>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QStandardPaths>
#include <QTableView>
#include <QVBoxLayout>

namespace pilothouse {

static QString downloads()
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::DownloadLocation);
    return QDir(folder).exists() ? folder : QDir::homePath();
}

/// `name` in `folder`, or "name (2).ext", the first that is not there.
static QString freeName(const QString &folder, const QString &name, QSet<QString> &taken)
{
    const QFileInfo parts(name);
    QString path = folder + QLatin1Char('/') + name;
    for (int i = 2; QFileInfo::exists(path) || taken.contains(path); ++i) {
        const QString suffix = parts.suffix().isEmpty() || parts.completeBaseName().isEmpty()
            ? QString()
            : QLatin1Char('.') + parts.suffix();
        const QString base = suffix.isEmpty() ? name : parts.completeBaseName();
        path = QStringLiteral("%1/%2 (%3)%4").arg(folder, base).arg(i).arg(suffix);
    }
    taken.insert(path);
    return path;
}

ActRequest FilesPage::copyRequest(const QString &remote, const QString &local) const
{
    ActRequest request;
    request.target = m_target;
    request.subject = remote;
    request.parameters.insert(QStringLiteral("remote"), remote);
    request.parameters.insert(QStringLiteral("local"), local);
    return request;
}

QString FilesPage::whyNot(const char *act) const
{
    const auto can = m_context.acts->canAll(QLatin1String(act), {copyRequest({}, {})});
    return can.ok() ? QString() : can.reason;
}

QList<QWidget *> FilesPage::headerActions()
{
    const auto files = selected();
    QString refusal = whyNot("file.download");
    if (refusal.isEmpty() && files.isEmpty())
        refusal = tr("No file is selected.");
    for (const auto &file : files) {
        if (refusal.isEmpty() && file.kind != QLatin1String("file")
            && file.kind != QLatin1String("link"))
            refusal = tr("%1 is no file; single files are copied.").arg(fileName(file));
    }
    auto *copy = new QPushButton(tr("Copy path"));
    copy->setEnabled(!files.isEmpty());
    copy->setToolTip(files.isEmpty() ? tr("No file is selected.") : tr("Ctrl+Shift+C"));
    connect(copy, &QPushButton::clicked, this, &FilesPage::copyPaths);
    auto *download = new QPushButton(icon(QStringLiteral("download")), tr("Download"));
    download->setEnabled(refusal.isEmpty());
    download->setToolTip(
        refusal.isEmpty() ? tr("Copies the selected files to this machine") : refusal);
    connect(download, &QPushButton::clicked, this, &FilesPage::askDownload);
    auto *upload = new QPushButton(icon(QStringLiteral("upload")), tr("Upload files"));
    setButtonKind(upload, ButtonKind::Primary);
    const QString closed = whyNot("file.upload");
    upload->setEnabled(closed.isEmpty() && !m_path.isEmpty());
    upload->setToolTip(
        closed.isEmpty() ? tr("Copies files of this machine into %1").arg(m_path) : closed);
    connect(upload, &QPushButton::clicked, this, &FilesPage::askUpload);
    return {copy, download, upload};
}

void FilesPage::copyPaths()
{
    QStringList paths;
    const auto files = selected();
    for (const auto &file : files)
        paths << file.path;
    if (!paths.isEmpty())
        QGuiApplication::clipboard()->setText(paths.join(QLatin1Char('\n')));
}

void FilesPage::askDownload()
{
    const auto files = selected();
    if (files.isEmpty() || !whyNot("file.download").isEmpty())
        return;
    auto *dialog = new QFileDialog(this, tr("Download"), downloads());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    if (files.size() == 1) {
        dialog->setAcceptMode(QFileDialog::AcceptSave);
        dialog->selectFile(fileName(files.first()));
        connect(dialog, &QFileDialog::fileSelected, this,
            [this, remote = files.first().path](const QString &local) {
                m_context.acts->trigger(
                    QStringLiteral("file.download"), {copyRequest(remote, local)});
            });
    } else {
        dialog->setFileMode(QFileDialog::Directory);
        dialog->setOption(QFileDialog::ShowDirsOnly);
        connect(dialog, &QFileDialog::fileSelected, this, &FilesPage::downloadTo);
    }
    dialog->show();
}

void FilesPage::downloadTo(const QString &folder)
{
    QList<ActRequest> requests;
    QSet<QString> taken;
    const auto files = selected();
    for (const auto &file : files)
        requests << copyRequest(file.path, freeName(folder, fileName(file), taken));
    m_context.acts->trigger(QStringLiteral("file.download"), requests);
}

void FilesPage::askUpload()
{
    auto *dialog = new QFileDialog(this, tr("Upload into %1").arg(m_path), QDir::homePath());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, &FilesPage::upload);
    dialog->show();
}

void FilesPage::upload(const QStringList &localFiles)
{
    QStringList there;
    for (const auto &local : localFiles) {
        const QString name = QFileInfo(local).fileName();
        if (m_model->find(
                m_path + (m_path.endsWith(u'/') ? QString() : QStringLiteral("/")) + name))
            there << name;
    }
    if (there.isEmpty())
        send(localFiles);
    else
        askReplace(localFiles, there);
}

void FilesPage::askReplace(const QStringList &localFiles, const QStringList &names)
{
    delete m_question;
    m_question = new Card;
    m_question->setEdge(Token::Watch);
    auto *text = new TextLabel(tr("%1 in %2 will be replaced. This cannot be undone.")
                                   .arg(names.join(QStringLiteral(", ")), m_path),
        TextKind::Body, Token::Text2);
    text->setWordWrap(true);
    auto *cancel = new QPushButton(tr("Cancel"));
    auto *replace = new QPushButton(tr("Replace"));
    setButtonKind(replace, ButtonKind::Danger);
    auto *row = new QHBoxLayout;
    row->addWidget(text, 1);
    row->addWidget(cancel);
    row->addWidget(replace);
    m_question->body()->addLayout(row);
    static_cast<QVBoxLayout *>(layout())->insertWidget(1, m_question);
    const auto close = [this] {
        m_question->deleteLater();
        m_question = nullptr;
    };
    connect(cancel, &QPushButton::clicked, this, close);
    connect(replace, &QPushButton::clicked, this, [this, localFiles, close] {
        close();
        send(localFiles);
    });
    replace->setFocus();
}

void FilesPage::send(const QStringList &localFiles)
{
    QList<ActRequest> requests;
    for (const auto &local : localFiles)
        requests << copyRequest(m_path + (m_path.endsWith(u'/') ? QString() : QStringLiteral("/"))
                + QFileInfo(local).fileName(),
            local);
    m_context.acts->trigger(QStringLiteral("file.upload"), requests);
}

void FilesPage::contextMenu(const QPoint &at)
{
    const auto files = selected();
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setToolTipsVisible(true);
    if (files.size() == 1 && files.first().kind == QLatin1String("folder"))
        menu->addAction(tr("Open"), this, [this, path = files.first().path] { open(path); });
    const auto header = headerActions(); // the same acts with the same reasons
    for (auto *widget : header) {
        auto *button = static_cast<QPushButton *>(widget);
        auto *action = menu->addAction(button->text());
        action->setEnabled(button->isEnabled());
        action->setToolTip(button->toolTip());
        button->setParent(menu);
        button->hide();
        connect(action, &QAction::triggered, button, &QPushButton::click);
    }
    menu->popup(m_table->viewport()->mapToGlobal(at));
}

void FilesPage::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->mimeData()->hasUrls() && m_connected && whyNot("file.upload").isEmpty())
        event->acceptProposedAction();
}

void FilesPage::dropEvent(QDropEvent *event)
{
    QStringList files;
    const auto urls = event->mimeData()->urls();
    for (const auto &url : urls) {
        if (url.isLocalFile())
            files << url.toLocalFile();
    }
    if (!files.isEmpty())
        upload(files);
    event->acceptProposedAction();
}

} // namespace pilothouse
