namespace HyperVDash.Cim.Wql;

/// <summary>A condition that names its instances one by one: <c>Name='a' OR Name='b'</c>.</summary>
/// <param name="Column">The column that is compared.</param>
/// <param name="Values">The values that are let through.</param>
internal sealed record WqlNames(string Column, IReadOnlySet<string> Values)
{
    /// <summary>Null for any other condition.</summary>
    public static WqlNames? Of(WqlCondition? condition)
    {
        string? column = null;
        var values = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        // The parser leans a row of ORs to the left; recursion would follow a hostile one too far.
        for (var left = condition; left is not null;)
        {
            (left, var right) = left is WqlCondition.Or or ? (or.Left, or.Right) : (null, left);
            if (right is not WqlCondition.Compare { Operator: "=", Literal: string value } compare || (column is not null && !column.Equals(compare.Column, StringComparison.OrdinalIgnoreCase)))
            {
                return null;
            }

            column = compare.Column;
            values.Add(value);
        }

        return column is null ? null : new WqlNames(column, values);
    }
}
