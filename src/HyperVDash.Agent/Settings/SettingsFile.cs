using HyperVDash.Rules.Engine;
using Microsoft.Extensions.Configuration;

namespace HyperVDash.Agent.Settings;

/// <summary>The settings of a command.</summary>
internal static class SettingsFile
{
    /// <summary>A file, and the environment over it.</summary>
    /// <param name="path">Null: the appsettings.json beside the program, which may be missing.</param>
    /// <param name="defaults">What holds where neither says anything; null: nothing.</param>
    /// <exception cref="FormatException">The file that is named is not there, or may not be read.</exception>
    public static IConfigurationRoot Open(string? path, IReadOnlyDictionary<string, string?>? defaults = null)
    {
        if (path is not null)
        {
            NamedFile.Check("--settings", path, "settings file");
        }

        return new ConfigurationBuilder()
            .AddInMemoryCollection(defaults)
            .AddJsonFile(Path.GetFullPath(path ?? Path.Combine(AppContext.BaseDirectory, "appsettings.json")), optional: path is null).AddEnvironmentVariables().Build();
    }

    /// <summary>Section <c>Rules</c>.</summary>
    /// <param name="ownRules">A file of own rules that the command line names instead.</param>
    /// <exception cref="InvalidOperationException">It is wrong; the message lists every mistake.</exception>
    public static RuleSettings Rules(IConfiguration settings, string? ownRules)
    {
        var reader = new SettingsReader(settings);
        var rules = reader.Read<RuleSettings>("Rules");
        rules = ownRules is null ? rules : rules with { OwnRules = ownRules };
        var mistakes = reader.With(rules.Mistakes());
        return mistakes.Count == 0 ? rules : throw new InvalidOperationException(string.Join(Environment.NewLine, mistakes));
    }

    /// <summary>With what a lab says of itself.</summary>
    public static RuleSettings With(this RuleSettings rules, RuleSettings? lab) => lab is null ? rules : rules with { Tags = rules.Tags.SetItems(lab.Tags) };
}
