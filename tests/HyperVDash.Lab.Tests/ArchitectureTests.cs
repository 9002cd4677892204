using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using HyperVDash.Lab.WsMan;

namespace HyperVDash.Lab.Tests;

public sealed class ArchitectureTests
{
    /// <summary>A server that used the client's own code would agree with its mistakes.</summary>
    [Fact]
    public void The_lab_takes_captures_WQL_and_values_from_the_product_and_nothing_of_its_wire()
    {
        using var file = new PEReader(File.OpenRead(typeof(LabServer).Assembly.Location));
        var metadata = file.GetMetadataReader();

        var used = metadata.TypeReferences.Select(metadata.GetTypeReference).Select(t => metadata.GetString(t.Namespace)).Where(n => n.StartsWith("HyperVDash.", StringComparison.Ordinal)).Distinct().Order().ToList();

        Assert.Contains("HyperVDash.Cim.Wql", used);
        Assert.Equal([], used.Except(["HyperVDash.Cim", "HyperVDash.Cim.Capture", "HyperVDash.Cim.Wql"]).Where(n => !n.StartsWith("HyperVDash.Model", StringComparison.Ordinal)));
    }
}
