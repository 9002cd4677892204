using HyperVDash.Rules.Engine;
using Microsoft.Extensions.Configuration;

namespace HyperVDash.Agent.Serve;

/// <summary>Reads the section <c>Rules</c> of the settings.</summary>
public static class RuleOptions
{
    public static RuleSettings Read(IConfiguration configuration)
    {
        var section = configuration.GetSection("Rules");
        var settings = section.Get<RuleSettings>() ?? new RuleSettings();
        // The binder passes over immutable collections without a word.
        var tags = section.GetSection(nameof(RuleSettings.Tags)).Get<Dictionary<string, string[]>>() ?? [];
        return settings with
        {
            Tags = new RuleSettings().Tags.SetItems(tags.Select(t => KeyValuePair.Create(t.Key, (System.Collections.Immutable.ImmutableArray<string>)[.. t.Value]))),
            IgnoredExtensions = [.. section.GetSection(nameof(RuleSettings.IgnoredExtensions)).Get<string[]>() ?? []],
        };
    }
}
