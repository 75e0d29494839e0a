// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/parsing.h"

#include "app/ctl/output.h"

namespace pilothouse::ctl {

static const std::vector<Option> &commonOptions()
{
    static const std::vector<Option> options{
        {"json", nullptr, QT_TRANSLATE_NOOP("ctl", "print JSON, errors too")},
        {"host-key", "SHA256:...",
            QT_TRANSLATE_NOOP("ctl", "accept an unknown host key with this fingerprint")},
        {"confirm", "NAME", QT_TRANSLATE_NOOP("ctl", "the target's name, where it is protected")},
        {"timeout", "N", QT_TRANSLATE_NOOP("ctl", "give up after so many seconds")},
        {"help", nullptr, QT_TRANSLATE_NOOP("ctl", "say how this is used")},
    };
    return options;
}

static const Option *optionOf(const Verb &verb, const QString &name)
{
    for (const auto *list : {&verb.options, &commonOptions()}) {
        for (const auto &option : *list) {
            if (name == QLatin1String(option.name))
                return &option;
        }
    }
    return nullptr;
}

static auto usage(const Verb &verb, const QString &message)
{
    return fail({ErrorKind::BadInput, QStringLiteral("usage"), message, {},
        tr("Usage: pilothousectl %1 %2")
            .arg(QLatin1String(verb.name), QLatin1String(verb.arguments))
            .trimmed()});
}

Result<Invocation> parse(const Verb &verb, const QStringList &words)
{
    Invocation result;
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QString word = words[i] == QLatin1String("-h") ? QStringLiteral("--help") : words[i];
        if (word == QLatin1String("--")) {
            result.words += words.mid(i + 1);
            break;
        }
        if (!word.startsWith(QLatin1Char('-')) || word == QLatin1String("-")) {
            result.words << word;
            continue;
        }
        const auto equals = word.indexOf(QLatin1Char('='));
        const bool isLong = word.startsWith(QLatin1String("--"));
        const QString name = (equals > 0 ? word.left(equals) : word).mid(isLong ? 2 : 1);
        const Option *option = optionOf(verb, name);
        if (!option || isLong != (qstrlen(option->name) > 1))
            return usage(verb,
                tr("“%1” is no option of %2; a command of your own goes behind --.")
                    .arg(word, QLatin1String(verb.name)));
        QString value;
        if (option->value) {
            if (equals > 0)
                value = word.mid(equals + 1);
            else if (i + 1 < words.size())
                value = words[++i];
            else
                return usage(verb, tr("%1 needs a value.").arg(word));
            bool number = false;
            if (qstrcmp(option->value, "N") == 0 && (value.toInt(&number) < 0 || !number))
                return usage(
                    verb, tr("%1 needs a number, not “%2”.").arg(word.left(equals), value));
        } else if (equals > 0) {
            return usage(verb, tr("%1 takes no value.").arg(word.left(equals)));
        }
        result.options[QLatin1String(option->name)] << value;
    }
    result.json = result.has("json");
    if (result.has("help"))
        return result;
    if (result.words.size() < verb.least)
        return usage(verb, tr("Something is missing."));
    if (verb.most >= 0 && result.words.size() > verb.most)
        return usage(verb, tr("“%1” is too much.").arg(result.words[verb.most]));
    return result;
}

static QString optionLines(const std::vector<Option> &options)
{
    QString text;
    for (const auto &option : options) {
        QString name
            = QLatin1String(qstrlen(option.name) > 1 ? "--" : "-") + QLatin1String(option.name);
        if (option.value)
            name += QLatin1Char(' ') + QLatin1String(option.value);
        text += QStringLiteral("  ") + name.leftJustified(24) + tr(option.help) + QLatin1Char('\n');
    }
    return text;
}

QString helpFor(const Verb &verb)
{
    QString text = tr("Usage: pilothousectl %1 %2")
                       .arg(QLatin1String(verb.name), QLatin1String(verb.arguments))
                       .trimmed()
        + QStringLiteral("\n\n") + tr(verb.summary) + QStringLiteral("\n\n");
    text += tr("Example: ") + QLatin1String("pilothousectl ") + QLatin1String(verb.example)
        + QStringLiteral("\n\n");
    if (verb.more)
        text += tr(verb.more) + QStringLiteral("\n\n");
    text += verb.ownCode ? tr("Ends with the command's own exit code, 128 and the signal's number "
                              "for one that a signal\nended, 255 for a failure of this program.")
                         : tr("Exit codes: 0 done, 1 failed, 2 usage, 3 unreachable, 4 denied or "
                              "host key, 5 not found,\n6 timeout, 7 unsupported, 8 cancelled.");
    text += QStringLiteral("\n\n");
    return text + optionLines(verb.options) + optionLines(commonOptions()).chopped(1);
}

QString generalHelp()
{
    QString text = tr("Usage: pilothousectl VERB ...") + QStringLiteral("\n\n");
    for (const Verb *verb : verbTable()) {
        const QString line
            = QLatin1String(verb->name) + QLatin1Char(' ') + QLatin1String(verb->arguments);
        text += QStringLiteral("  ") + line.leftJustified(34) + QLatin1Char(' ') + tr(verb->summary)
            + QLatin1Char('\n');
    }
    return text + QLatin1Char('\n')
        + tr("With --demo in front of the verb it works on a fleet of simulated nodes "
             "(--demo=nodes=N,seed=N,...).\n")
        + tr("“local” names this machine. JOB is an id, six or more of its first characters, or a "
             "name.\npilothousectl VERB --help says more, with an example.");
}

} // namespace pilothouse::ctl
