using System.Collections.Immutable;
using System.Text.RegularExpressions;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace HyperVDash.Rules.Own;

/// <summary>The user's own rules, those that can run and why others cannot.</summary>
public sealed record OwnRules(ImmutableArray<IRule> Rules, ImmutableArray<OwnRuleMistake> Mistakes)
{
    public static OwnRules None { get; } = new([], []);
}

/// <summary>Reads a file of rules that a user wrote: YAML, of which JSON is a part. What is wrong with one rule does not touch the others.</summary>
public static partial class OwnRuleFile
{
    private const int MaxBytes = 256 * 1024;
    private const int MaxRules = 200;
    private const int MaxDepth = 6;

    private static readonly string[] Keys = ["id", "scope", "severity", "when", "text", "remedy", "why", "sections", "optional"];

    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static OwnRules Load(string path)
    {
        string name = Path.GetFileName(path);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        return file.Length > MaxBytes
            ? new([], [new(name, 1, 1, $"The file is larger than {MaxBytes / 1024} KiB.")])
            : Read(name, new StreamReader(file).ReadToEnd());
    }

    /// <param name="name">Of the file, for what is wrong with it.</param>
    public static OwnRules Read(string name, string text)
    {
        try
        {
            Refuse(text);
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            var root = stream.Documents.Count == 0 ? null : stream.Documents[0].RootNode;
            if ((root as YamlMappingNode)?.Children.FirstOrDefault(c => c.Key is YamlScalarNode { Value: "rules" }).Value is not YamlSequenceNode list)
            {
                throw new Wrong(root?.Start ?? Mark.Empty, "The file must begin with \"rules:\" and a list of rules.");
            }

            if (list.Children.Count > MaxRules)
            {
                throw new Wrong(list.Start, $"More than {MaxRules} rules.");
            }

            return Read(name, list);
        }
        catch (YamlException broken)
        {
            return new([], [new(name, broken.Start.Line, broken.Start.Column, $"This is no YAML: {broken.Message}")]);
        }
        catch (Wrong wrong)
        {
            return new([], [wrong.In(name)]);
        }
    }

    // Before a tree is built of it.
    private static void Refuse(string text)
    {
        var parser = new Parser(new StringReader(text));
        for (int depth = 0; parser.MoveNext();)
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > MaxDepth + 2)
            {
                throw new Wrong(parser.Current.Start, "Nested too deep.");
            }

            if (parser.Current is AnchorAlias)
            {
                throw new Wrong(parser.Current.Start, "References (\"*name\") are not allowed.");
            }
        }
    }

    private static OwnRules Read(string name, YamlSequenceNode list)
    {
        var rules = ImmutableArray.CreateBuilder<IRule>();
        var mistakes = ImmutableArray.CreateBuilder<OwnRuleMistake>();
        var ids = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var node in list.Children)
        {
            try
            {
                var text = TextOf(node, name);
                if (!ids.Add(text.Id))
                {
                    throw new Wrong(node.Start, $"{text.Id} is there twice.");
                }

                rules.Add(OwnRule.Of(text));
            }
            catch (Wrong wrong)
            {
                mistakes.Add(wrong.In(name) with { RuleId = ((node as YamlMappingNode)?.Children.FirstOrDefault(c => c.Key is YamlScalarNode { Value: "id" }).Value as YamlScalarNode)?.Value });
            }
        }

        return new(rules.ToImmutable(), mistakes.ToImmutable());
    }

    private static OwnRuleText TextOf(YamlNode node, string file)
    {
        if (node is not YamlMappingNode map)
        {
            throw new Wrong(node.Start, "A rule is a list of keys: id, scope, severity, when, text.");
        }

        foreach (var key in map.Children.Keys)
        {
            if (key is not YamlScalarNode { Value: { } word } || !Keys.Contains(word, StringComparer.Ordinal))
            {
                throw new Wrong(key.Start, $"\"{key}\" is no key of a rule. There are {string.Join(", ", Keys)}.");
            }
        }

        var id = Scalar(map, "id");
        if (!Id().IsMatch(id.Value!) || id.Value!.StartsWith("HVD", StringComparison.OrdinalIgnoreCase))
        {
            throw new Wrong(id.Start, $"\"{id.Value}\" is no id: 2 to 8 capital letters and 1 to 5 digits, as LAB001; HVD is taken.");
        }

        var scope = Scalar(map, "scope");
        // TryParse takes numbers and lists too.
        if (!Enum.TryParse<RuleScope>(scope.Value, ignoreCase: true, out var looksAt) || !looksAt.ToString().Equals(scope.Value, StringComparison.OrdinalIgnoreCase))
        {
            throw new Wrong(scope.Start, $"\"{scope.Value}\" is no scope. There are host, virtualMachine, drive, networkAdapter, switch, cluster and farm.");
        }

        var severity = Scalar(map, "severity");
        if (!Enum.TryParse<Severity>(severity.Value, ignoreCase: true, out var grade) || !grade.ToString().Equals(severity.Value, StringComparison.OrdinalIgnoreCase))
        {
            throw new Wrong(severity.Start, $"\"{severity.Value}\" is no severity. There are info, warning, error and critical.");
        }

        return new(id.Value, looksAt, grade, Sections(map, looksAt), Text(map, "when"), Text(map, "text"), file, node.Start.Line)
        {
            Remedy = Maybe(map, "remedy")?.Value ?? "",
            Why = Maybe(map, "why")?.Value ?? "",
            Optional = [.. Words(map, "optional").Select(w => w.Value!)],
        };
    }

    private static ImmutableArray<string> Sections(YamlMappingNode map, RuleScope scope)
    {
        List<string> sections = scope switch
        {
            RuleScope.VirtualMachine => ["virtualMachines"], RuleScope.Drive or RuleScope.NetworkAdapter => ["devices", "virtualMachines"], RuleScope.Switch => ["switches"], RuleScope.Cluster => ["cluster"], _ => [],
        };
        foreach (var word in Words(map, "sections"))
        {
            if (SectionLens.All.All(l => l.Name != word.Value))
            {
                throw new Wrong(word.Start, $"There is no section \"{word.Value}\". There are {string.Join(", ", SectionLens.All.Select(l => l.Name))}.");
            }

            if (!sections.Contains(word.Value!))
            {
                sections.Add(word.Value!);
            }
        }

        return sections.Count > 0 ? [.. sections] : throw new Wrong(map.Start, "A rule about a host or all hosts names the sections it looks at, e.g. sections: [operatingSystem].");
    }

    private static IEnumerable<YamlScalarNode> Words(YamlMappingNode map, string key) => Node(map, key) switch
    {
        null => [],
        YamlSequenceNode list when list.Children.All(c => c is YamlScalarNode) => list.Children.Cast<YamlScalarNode>(),
        var other => throw new Wrong(other.Start, $"\"{key}\" is a list of words, e.g. [a, b]."),
    };

    private static Placed Text(YamlMappingNode map, string key)
    {
        var node = Scalar(map, key);
        bool isBlock = node.Style is ScalarStyle.Literal or ScalarStyle.Folded;
        bool isQuoted = node.Style is ScalarStyle.DoubleQuoted or ScalarStyle.SingleQuoted;
        return new(node.Value!, node.Start.Line, node.Start.Column + (isQuoted ? 1 : 0), isBlock);
    }

    private static YamlScalarNode Scalar(YamlMappingNode map, string key) => Maybe(map, key) ?? throw new Wrong(map.Start, $"The rule has no \"{key}\".");

    private static YamlScalarNode? Maybe(YamlMappingNode map, string key) => Node(map, key) switch
    {
        null => null,
        YamlScalarNode { Value.Length: > 0 and <= 4000 } scalar => scalar,
        var other => throw new Wrong(other.Start, $"\"{key}\" is a text of 1 to 4000 letters."),
    };

    private static YamlNode? Node(YamlMappingNode map, string key) => map.Children.FirstOrDefault(c => c.Key is YamlScalarNode { Value: { } word } && word == key).Value;

    [GeneratedRegex("^[A-Z]{2,8}[0-9]{1,5}$")]
    private static partial Regex Id();

    /// <summary>What is wrong, and where.</summary>
    internal sealed class Wrong(long line, long column, string reason) : Exception(reason)
    {
        public Wrong(Mark at, string reason)
            : this(at.Line, at.Column, reason)
        {
        }

        /// <summary>The script began and failed.</summary>
        public bool IsFromScript { get; init; }

        /// <summary>Only the time ran out, which a busy machine may have spent on something else.</summary>
        public bool IsSlow { get; init; }

        public OwnRuleMistake In(string file) => new(file, line, column, Message);
    }
}
