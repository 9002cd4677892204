using System.Buffers;
using System.Globalization;
using System.Text;
using HyperVDash.Model.Devices;

namespace HyperVDash.Rules.Engine;

/// <summary>Writes commands for people to copy. Names come from strangers: every text is quoted, so that none becomes a command.</summary>
public static class PowerShell
{
    private static readonly SearchValues<char> Quotes = SearchValues.Create("'\u2018\u2019\u201A\u201B");

    /// <summary>
    /// <c>Line($"Get-VM -ComputerName {host} -Name {vm.Name}")</c>: texts and ids are quoted, a host stands bare if its name is plain, booleans
    /// become <c>$true</c> and <c>$false</c>, what is not known becomes a placeholder.
    /// </summary>
    public static string Line(FormattableString command) => string.Format(Words.Instance, command.Format, command.GetArguments());

    /// <summary>One argument in single quotes. PowerShell takes typographic quotes for straight ones, so they are doubled too.</summary>
    public static string Quote(string text)
    {
        if (!text.AsSpan().ContainsAny(Quotes))
        {
            return $"'{text}'";
        }

        var quoted = new StringBuilder(text.Length + 2).Append('\'');
        foreach (char c in text)
        {
            quoted.Append(c);
            if (Quotes.Contains(c))
            {
                quoted.Append(c);
            }
        }

        return quoted.Append('\'').ToString();
    }

    private static bool IsPlain(string name) => name.Length > 0 && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.');

    private sealed class Words : IFormatProvider, ICustomFormatter
    {
        public static readonly Words Instance = new();

        public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

        public string Format(string? format, object? arg, IFormatProvider? formatProvider) => arg switch
        {
            null => "<not known>",
            HostSubject host => IsPlain(host.Name) ? host.Name : Quote(host.Name),
            string text => Quote(text),
            bool value => value ? "$true" : "$false",
            Guid id => Quote(id.ToString()),
            ControllerKind.Ide => "IDE",
            ControllerKind.Scsi => "SCSI",
            IFormattable number => number.ToString(format, CultureInfo.InvariantCulture),
            _ => Quote(arg.ToString() ?? ""),
        };
    }
}
