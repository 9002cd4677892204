using System.Text.RegularExpressions;
using HyperVDash.Rules.Tests;

namespace HyperVDash.Web.Tests.Documentation;

public sealed partial class ArchitectureTests
{
    /// <summary>What each project may use; whatever else it names is a new arrow that somebody has to want.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Model"] = [],
        ["Rules"] = ["Model"],
        ["Cim"] = ["Model"],
        ["Storage"] = ["Model"],
        ["Lab"] = ["Cim", "Model"],
        ["Agent"] = ["Cim", "Lab", "Model", "Rules"],
        ["Web"] = ["Agent", "Lab", "Model", "Rules", "Storage"],
    };

    [Fact]
    public void Page_of_references_in_docs_is_up_to_date() => Repository.AssertPage("docs/architecture.md", ArchitecturePage.Render(Repository.Root));

    [Fact]
    public void Arrows_point_one_way() =>
        Assert.All(ArchitecturePage.References(Repository.Root), p => Assert.Empty(p.Value.Except(Allowed[p.Key])));

    [Fact]
    public void Lab_does_not_know_the_client_so_that_they_cannot_share_a_mistake() =>
        Assert.Empty(Matches("HyperVDash.Lab", ClientNames()));

    /// <summary>Evidence alone names the class, as the place where a fact was read.</summary>
    [Fact]
    public void Rules_decide_by_no_class_of_CIM() => Assert.Empty(Matches("HyperVDash.Rules", ClassNames()));

    [Fact]
    public void Dashboard_asks_no_host_itself() => Assert.Empty(Matches("HyperVDash.Web", SessionNames()));

    /// <summary>File and text of every match in code; what comments say is free, and so is the last argument of a fact of the evidence.</summary>
    private static List<string> Matches(string project, Regex forbidden) =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", project), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Facts().Replace(string.Join('\n', File.ReadLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal))), "Fact(")
                .Split('\n').Select(line => forbidden.Match(line)).Where(m => m.Success).Select(m => $"{Path.GetFileName(file)}: {m.Value}"))];

    [GeneratedRegex(@"\b(?:Queue)?Fact\((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*\)")]
    private static partial Regex Facts();

    [GeneratedRegex(@"HyperVDash\.Cim\.(WsMan|Mmi)\b|\bWsManSession\b|\bWsManReply\b|\bRowDecoder\b")]
    private static partial Regex ClientNames();

    [GeneratedRegex(@"""(Msvm|Win32|MSCluster|MSFT|CIM|Msft)_\w+|\bResourceType\b|\bEnabledState\b")]
    private static partial Regex ClassNames();

    [GeneratedRegex(@"using HyperVDash\.Cim\b|\bICimSession\b")]
    private static partial Regex SessionNames();
}
