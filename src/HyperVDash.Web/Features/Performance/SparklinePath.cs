using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace HyperVDash.Web.Features.Performance;

/// <summary>The line of a small picture, as SVG path data.</summary>
public static class SparklinePath
{
    public const int Width = 240;
    public const int Height = 32;

    /// <summary>A slower lane leaves places between two numbers; a longer silence breaks the line, because nothing is known of it.</summary>
    private const int LongestGap = 8;

    /// <param name="values">Oldest first.</param>
    /// <param name="top">What the upper edge stands for; null: the greatest value. The lower edge is zero.</param>
    /// <returns>Empty if there is nothing to draw.</returns>
    public static string Of(ImmutableArray<double?> values, double? top)
    {
        double highest = Math.Max(top ?? values.Max() ?? 0, double.Epsilon);
        var path = new StringBuilder();
        int last = int.MinValue;
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] is not { } value)
            {
                continue;
            }

            double x = values.Length < 2 ? 0 : (double)i * Width / (values.Length - 1);
            double y = Height - 1 - (Math.Clamp(value / highest, 0, 1) * (Height - 2));
            bool isNew = last == int.MinValue || i - last > LongestGap;

            // A number alone is a dot: a line to itself with round ends.
            path.Append(CultureInfo.InvariantCulture, $"{(isNew ? 'M' : 'L')}{x:0.#} {y:0.#}{(isNew ? "h0" : "")}");
            last = i;
        }

        return path.ToString();
    }
}
