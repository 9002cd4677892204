using HyperVDash.Cim;
using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Scenarios;
using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Lab.Scenarios.Generator;
using Microsoft.Extensions.Time.Testing;

namespace HyperVDash.Lab.Tests.Scenarios;

public sealed class ScenarioRowsTests
{
    private static readonly string[] PathColumns = ["Parent", "HostResource", "ExtensionOrder"];

    public static TheoryData<string> Labs => ["demo", "healthy", "pre2008", "2008R2", "2012", "2012R2", "2016", "2022", "2025"];

    private static LabScenario Lab(string name)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero));
        return LabScenarios.Names.Contains(name) ? LabScenarios.Build(name, time) : LabScenarios.Generate(new GeneratorOptions(2, 40, 7) { Release = name }, time);
    }

    [Theory, MemberData(nameof(Labs))]
    public void Every_row_has_only_columns_that_its_release_knows(string lab)
    {
        foreach (var host in Lab(lab).Hosts)
        {
            var rows = Rows.Of(host);
            Assert.NotEmpty(rows);
            foreach (var (cimNamespace, row) in rows)
            {
                Assert.True(host.HasNamespace(cimNamespace), $"{host.Name} ({host.Release.Key}) has no {cimNamespace}.");
                var known = host.Release.Find(cimNamespace, row.ClassName);
                Assert.True(known is { IsQueryable: true }, $"{host.Name} ({host.Release.Key}) has no class {cimNamespace}:{row.ClassName}.");
                foreach (var (name, value) in row.Values)
                {
                    var property = known.Find(name);
                    Assert.True(property is not null, $"{host.Release.Key} {row.ClassName} has no column {name}.");
                    Assert.True(value is null || value is Array == property.IsArray, $"{row.ClassName}.{name} is {(property.IsArray ? "" : "not ")}an array.");
                }
            }
        }
    }

    /// <summary>A switch that was removed under an adapter; what points to it leads nowhere, as on a real host.</summary>
    private static readonly string Gone = Ids.Of("switch/HV04/Training").ToString();

    // A disk that a VM of HV06 has and that was taken out of the host.
    private const string GoneDisk = @"\5,SystemCreationClassName=Msvm_ComputerSystem,SystemName=HV06";

    [Theory, MemberData(nameof(Labs))]
    public void Every_reference_leads_to_a_row(string lab)
    {
        foreach (var host in Lab(lab).Hosts)
        {
            var rows = Rows.Of(host);
            var keys = rows.Select(r => Key(host, r.Namespace, r.Row)).ToHashSet(StringComparer.OrdinalIgnoreCase);
            int followed = 0;
            foreach (var (cimNamespace, row) in rows)
            {
                foreach (var (className, values) in References(row))
                {
                    followed++;
                    string wanted = Join(cimNamespace, className, values);
                    Assert.True(keys.Contains(wanted) || wanted.Contains(Gone, StringComparison.OrdinalIgnoreCase) || wanted.EndsWith(GoneDisk, StringComparison.Ordinal), $"{host.Name} {row.ClassName}: nothing is {wanted}");
                }
            }

            Assert.True(followed > 0);
        }
    }

    private static IEnumerable<(string Class, IEnumerable<(string, string)> Keys)> References(LabInstance row)
    {
        foreach (var reference in row.Values.Values.OfType<LabReference>())
        {
            yield return (reference.ClassName, reference.Keys);
        }

        foreach (string column in PathColumns)
        {
            foreach (string text in row[column] is string[] list ? list : row[column] is string one ? [one] : [])
            {
                if (CimPath.TryParse(text, out var path) && path.Class.Length > 0 && path.Keys.Count > 0)
                {
                    yield return (path.Class, path.Keys.Select(k => (k.Key, k.Value)));
                }
            }
        }
    }

    private static string Key(LabHost host, string cimNamespace, LabInstance row) =>
        Join(cimNamespace, row.ClassName, (host.Release.Find(cimNamespace, row.ClassName)?.Keys ?? []).Select(k => (k, row[k]?.ToString() ?? "")));

    private static string Join(string cimNamespace, string className, IEnumerable<(string, string)> keys) =>
        $"{cimNamespace}:{className}." + string.Join(',', keys.OrderBy(k => k.Item1, StringComparer.OrdinalIgnoreCase).Select(k => $"{k.Item1}={k.Item2}"));

    [Fact]
    public void A_default_VM_of_the_first_generation_has_fifteen_resource_rows()
    {
        var lab = Lab("healthy");
        var host = lab.Hosts.Single(h => h.Name == "SOLO2");
        var vm = lab.Description.Hosts.Single(h => h.Name == "SOLO2").Vms.Single(v => v.Generation == 1);

        var rows = Rows.Of(host, "root/virtualization/v2", "Msvm_ResourceAllocationSettingData");

        Assert.Equal(15, rows.Count(r => r["InstanceID"]!.ToString()!.StartsWith($"Microsoft:{vm.Id.ToString().ToUpperInvariant()}\\", StringComparison.Ordinal)));
        Assert.Contains(rows, r => r["InstanceID"]!.ToString()!.StartsWith("Microsoft:Definition", StringComparison.Ordinal));
    }

    [Fact]
    public void A_2012_host_tells_the_same_VMs_in_both_namespaces()
    {
        var host = Lab("demo").Hosts.Single(h => h.Name == "HV06");

        var old = Rows.Of(host, "root/virtualization", "Msvm_ComputerSystem").Select(r => r["Name"]);
        var now = Rows.Of(host, "root/virtualization/v2", "Msvm_ComputerSystem").Select(r => r["Name"]);

        Assert.Equal(old, now);
    }
}
