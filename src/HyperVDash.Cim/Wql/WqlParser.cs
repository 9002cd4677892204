using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace HyperVDash.Cim.Wql;

/// <summary>Reads the WQL subset: SELECT, FROM, WHERE with = &lt;&gt; != &lt; &gt; &lt;= &gt;= LIKE IS [NOT] NULL, AND, OR, NOT and parentheses.</summary>
internal sealed class WqlParser(string text)
{
    private const int MaxDepth = 64;

    private int _at;
    private int _depth;

    public WqlQuery ReadQuery()
    {
        Expect("SELECT");
        var columns = ImmutableArray.CreateBuilder<string>();
        if (!TryTake('*'))
        {
            do
            {
                columns.Add(Name());
            }
            while (TryTake(','));
        }

        Expect("FROM");
        string className = Name();
        return new WqlQuery(className) { Columns = columns.ToImmutable(), Where = TryWord("WHERE") ? Alternatives() : null }
            is var query && AtEnd() ? query : throw Error("unexpected text after the query");
    }

    public WqlCondition ReadWhere() => Alternatives() is var condition && AtEnd() ? condition : throw Error("unexpected text after the condition");

    private WqlCondition Alternatives()
    {
        var left = Conjunctions();
        while (TryWord("OR"))
        {
            left = new WqlCondition.Or(left, Conjunctions());
        }

        return left;
    }

    private WqlCondition Conjunctions()
    {
        var left = Term();
        while (TryWord("AND"))
        {
            left = new WqlCondition.And(left, Term());
        }

        return left;
    }

    private WqlCondition Term()
    {
        if (++_depth > MaxDepth)
        {
            throw Error("the condition is nested too deeply");
        }

        try
        {
            if (TryWord("NOT"))
            {
                return new WqlCondition.Not(Term());
            }

            if (TryTake('('))
            {
                var inner = Alternatives();
                return TryTake(')') ? inner : throw Error("')' expected");
            }

            return Comparison();
        }
        finally
        {
            _depth--;
        }
    }

    private WqlCondition Comparison()
    {
        string column = Name();
        if (TryWord("IS"))
        {
            bool isNull = !TryWord("NOT");
            Expect("NULL");
            return new WqlCondition.IsNull(column, isNull);
        }

        string op = Operator();
        Blanks();
        return _at < text.Length && IsNameStart(text[_at]) && Keyword() is var word
            ? word.ToUpperInvariant() switch
            {
                "TRUE" => new WqlCondition.Compare(column, op, true, null),
                "FALSE" => new WqlCondition.Compare(column, op, false, null),
                "NULL" => new WqlCondition.IsNull(column, op == "="),
                _ => new WqlCondition.Compare(column, op, null, word),
            }
            : new WqlCondition.Compare(column, op, Literal(), null);
    }

    private string Operator()
    {
        if (TryWord("LIKE"))
        {
            return "LIKE";
        }

        Blanks();
        foreach (string op in (ReadOnlySpan<string>)["<>", "!=", "<=", ">=", "=", "<", ">"])
        {
            if (string.CompareOrdinal(text, _at, op, 0, op.Length) == 0)
            {
                _at += op.Length;
                return op == "!=" ? "<>" : op;
            }
        }

        throw Error("a comparison was expected");
    }

    private object Literal()
    {
        if (_at < text.Length && text[_at] is '\'' or '"')
        {
            return Quoted();
        }

        int from = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] is '.' or '-' or '+'))
        {
            _at++;
        }

        var token = text.AsSpan(from, _at - from);
        if (long.TryParse(token, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
        {
            return whole;
        }

        if (token.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && long.TryParse(token[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out long hex))
        {
            return hex;
        }

        return double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) ? real : throw Error("a value was expected");
    }

    private string Quoted()
    {
        char quote = text[_at++];
        var value = new StringBuilder();
        for (; _at < text.Length; _at++)
        {
            if (text[_at] == '\\' && _at + 1 < text.Length)
            {
                value.Append(text[++_at]);
            }
            else if (text[_at] == quote)
            {
                _at++;
                return value.ToString();
            }
            else
            {
                value.Append(text[_at]);
            }
        }

        throw Error("the text is not closed");
    }

    private string Name()
    {
        Blanks();
        return _at < text.Length && IsNameStart(text[_at]) ? Keyword() : throw Error("a name was expected");
    }

    private string Keyword()
    {
        int from = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] is '_' or '.'))
        {
            _at++;
        }

        return text[from.._at];
    }

    private bool TryWord(string word)
    {
        Blanks();
        int end = _at + word.Length;
        if (string.Compare(text, _at, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) != 0
            || (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_')))
        {
            return false;
        }

        _at = end;
        return true;
    }

    private void Expect(string word)
    {
        if (!TryWord(word))
        {
            throw Error($"{word} was expected");
        }
    }

    private bool TryTake(char c)
    {
        Blanks();
        if (_at < text.Length && text[_at] == c)
        {
            _at++;
            return true;
        }

        return false;
    }

    private bool AtEnd()
    {
        Blanks();
        return _at == text.Length;
    }

    private void Blanks()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }
    }

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private WqlException Error(string what) => new($"WQL: {what}", Math.Min(_at, text.Length));
}
