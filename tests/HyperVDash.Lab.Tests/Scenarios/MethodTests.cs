using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Scenarios;
using Microsoft.Extensions.Time.Testing;

namespace HyperVDash.Lab.Tests.Scenarios;

public sealed class MethodTests
{
    private readonly LabScenario _demo = LabScenarios.Build("demo", new FakeTimeProvider(), isFrozen: true);

    private LabAnswer Call(string host, string className, string method, string cimNamespace, params (string Name, object[] Values)[] arguments) =>
        _demo.Hosts.Single(h => h.Name == host).Change(h =>
        {
            h.Refresh!();
            return h.FindMethod(className, method)!(new LabCall(method, arguments.ToDictionary(a => a.Name, a => (IReadOnlyList<object>)a.Values)) { Namespace = cimNamespace });
        });

    private LabAnswer Registry(string host, string method, string key, string name) => Call(host, "StdRegProv", method, "root/default",
        ("hDefKey", ["2147483650"]), ("sSubKeyName", [key]), ("sValueName", [name]));

    private static LabInstance[] Summaries(LabAnswer answer) => Assert.IsType<LabInstance[]>(answer.Out.Single(o => o.Name == "SummaryInformation").Value);

    [Fact]
    public void Summaries_without_references_are_those_of_all_VMs()
    {
        var rows = Summaries(Call("HV07", "Msvm_VirtualSystemManagementService", "GetSummaryInformation", "root/virtualization/v2", ("RequestedInformation", ["0", "100"])));

        Assert.Equal(_demo.Description.Hosts.Single(h => h.Name == "HV07").Vms.Length, rows.Length);
        Assert.All(rows, r => Assert.NotNull(r["EnabledState"]));
        Assert.All(rows, r => Assert.Null(r["ElementName"]));
    }

    [Fact]
    public void Summaries_of_references_are_those_of_the_VMs_they_name()
    {
        var vm = _demo.Description.Hosts.Single(h => h.Name == "HV07").Vms[2];
        var reference = new LabReference("Msvm_VirtualSystemSettingData", ("InstanceID", $"Microsoft:{vm.Id.ToString().ToUpperInvariant()}"));

        var row = Assert.Single(Summaries(Call("HV07", "Msvm_VirtualSystemManagementService", "GetSummaryInformation", "root/virtualization/v2",
            ("SettingData", [reference]), ("RequestedInformation", ["1"]))));

        Assert.Equal(vm.Name, row["ElementName"]);
    }

    [Fact]
    public void A_saved_VM_has_the_number_of_the_namespace_in_which_it_is_asked_for()
    {
        var rows = Summaries(Call("HV02", "Msvm_VirtualSystemManagementService", "GetSummaryInformation", "root/virtualization", ("RequestedInformation", ["1", "100"])));

        Assert.Equal(32769, rows.Single(r => "pre-ctp-import".Equals(r["ElementName"]))["EnabledState"]);
    }

    [Fact]
    public void A_registry_value_is_read_by_the_getter_of_its_type()
    {
        const string windows = @"SOFTWARE\Microsoft\Windows NT\CurrentVersion";

        Assert.Equal("20348.1.amd64fre.fe_release.210507-1500", Assert.Single(Registry("HV03", "GetStringValue", windows, "BuildLabEx").Out).Value);
        Assert.Equal(2700, Assert.Single(Registry("HV03", "GetDWORDValue", windows, "UBR").Out).Value);
        Assert.Equal(2, Registry("HV06", "GetDWORDValue", windows, "UBR").ReturnValue);
        Assert.Equal(0x80041005, Registry("HV03", "GetStringValue", windows, "UBR").ReturnValue);
    }
}
