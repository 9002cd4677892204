using System.Globalization;
using System.Text.RegularExpressions;

namespace HyperVDash.Cim.Wql;

/// <summary>A condition of a WHERE clause. Null on either side of a comparison makes it neither true nor false, as in SQL.</summary>
public abstract record WqlCondition
{
    public abstract bool? IsTrue(Func<string, object?> property);

    public abstract IEnumerable<string> Columns();

    internal sealed record And(WqlCondition Left, WqlCondition Right) : WqlCondition
    {
        public override bool? IsTrue(Func<string, object?> property) => (Left.IsTrue(property), Right.IsTrue(property)) switch
        {
            (false, _) or (_, false) => false,
            (true, true) => true,
            _ => null,
        };

        public override IEnumerable<string> Columns() => Left.Columns().Concat(Right.Columns());
    }

    internal sealed record Or(WqlCondition Left, WqlCondition Right) : WqlCondition
    {
        public override bool? IsTrue(Func<string, object?> property) => (Left.IsTrue(property), Right.IsTrue(property)) switch
        {
            (true, _) or (_, true) => true,
            (false, false) => false,
            _ => null,
        };

        public override IEnumerable<string> Columns() => Left.Columns().Concat(Right.Columns());
    }

    internal sealed record Not(WqlCondition Inner) : WqlCondition
    {
        public override bool? IsTrue(Func<string, object?> property) => !Inner.IsTrue(property);

        public override IEnumerable<string> Columns() => Inner.Columns();
    }

    internal sealed record IsNull(string Column, bool Wanted) : WqlCondition
    {
        public override bool? IsTrue(Func<string, object?> property) => property(Column) is null == Wanted;

        public override IEnumerable<string> Columns() => [Column];
    }

    /// <summary>Compares a column with a literal, or with another column (<c>Name != __SERVER</c>).</summary>
    internal sealed record Compare(string Column, string Operator, object? Literal, string? OtherColumn) : WqlCondition
    {
        private readonly Regex? _like = Operator == "LIKE" && Literal is string pattern ? LikePattern(pattern) : null;

        public override bool? IsTrue(Func<string, object?> property)
        {
            object? left = property(Column);
            object? right = OtherColumn is null ? Literal : property(OtherColumn);
            if (left is null || right is null)
            {
                return null;
            }

            if (Operator == "LIKE")
            {
                return _like is not null && _like.IsMatch(Text(left));
            }

            int? order = Order(left, right);
            return Operator switch
            {
                "=" => order == 0,
                "<>" => order is not null and not 0,
                "<" => order < 0,
                "<=" => order <= 0,
                ">" => order > 0,
                _ => order >= 0,
            };
        }

        public override IEnumerable<string> Columns() => OtherColumn is null ? [Column] : [Column, OtherColumn];

        private static int? Order(object left, object right)
        {
            if (AsNumber(left) is { } a && AsNumber(right) is { } b)
            {
                return a.CompareTo(b);
            }

            return left is DateTimeOffset at && CimTime.Instant(Text(right)) is { } other
                ? at.CompareTo(other)
                : string.Compare(Text(left), Text(right), StringComparison.OrdinalIgnoreCase);
        }

        private static decimal? AsNumber(object value) => value switch
        {
            bool yes => yes ? 1 : 0,
            string text when text.Equals("true", StringComparison.OrdinalIgnoreCase) => 1,
            string text when text.Equals("false", StringComparison.OrdinalIgnoreCase) => 0,
            string text => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) ? number : null,
            double real => Math.Abs(real) < 1e28 ? (decimal)real : null,
            IConvertible number => Convert.ToDecimal(number, CultureInfo.InvariantCulture),
            _ => null,
        };

        private static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

        private static Regex LikePattern(string pattern)
        {
            var regex = new System.Text.StringBuilder(@"\A");
            for (int i = 0; i < pattern.Length; i++)
            {
                int close = pattern[i] == '[' ? pattern.IndexOf(']', i) : -1;
                if (close > i + 1)
                {
                    string set = pattern[(i + 1)..close].Replace(@"\", @"\\", StringComparison.Ordinal).Replace("[", @"\[", StringComparison.Ordinal);
                    regex.Append('[').Append(set).Append(']');
                    i = close;
                }
                else
                {
                    regex.Append(pattern[i] switch { '%' => ".*", '_' => ".", var c => Regex.Escape(c.ToString()) });
                }
            }

            return new Regex(regex.Append(@"\z").ToString(),
                RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
    }
}
