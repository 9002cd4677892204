using System.Text.RegularExpressions;
using HyperVDash.Cim.Tests.WsMan;

namespace HyperVDash.Cim.Tests.Wire;

/// <summary>A real Japanese Hyper-V host with four VMs, replayed over HTTP.</summary>
public sealed partial class JapaneseHostTests
{
    private static readonly string[] Conversation =
    [
        "recorded_computersystem_enumerate.xml", "recorded_computersystem_pull_host.xml", "recorded_computersystem_pull_vm_off.xml",
        "recorded_computersystem_pull_vm_running_a.xml", "recorded_computersystem_pull_vm_running_b.xml", "recorded_computersystem_pull_vm_running_c_eos.xml",
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_one_host_and_four_virtual_machines_of_which_one_is_off()
    {
        var rows = await ReplayAsync(text => text);

        Assert.Equal(5, rows.Count);
        Assert.Single(rows, r => r.Guid("Name") is null);
        var vms = rows.Where(r => r.Guid("Name") is not null).ToList();
        Assert.Equal(3, vms.Count(r => r.Int32("EnabledState") == 2));
        var off = Assert.Single(vms, r => r.Int32("EnabledState") == 3);
        Assert.Equal("scrubbed-9", off.String("ElementName"));
        Assert.Null(off.DateTime("LastReplicationTime"));
        Assert.Equal(6138293824, rows[^1].Int64("OnTimeInMilliseconds"));
        Assert.Equal(8748, rows[^1].Int64("ProcessID"));
        Assert.True(rows[^1].Has("PrimaryStatus"));
        Assert.Null(rows[^1].Int64("PrimaryStatus"));
    }

    [Fact]
    public async Task With_every_Japanese_text_replaced_it_is_the_same()
    {
        var random = new Random(17);
        int replaced = 0;
        var real = await ReplayAsync(text => text);

        var other = await ReplayAsync(text => Japanese().Replace(text, _ =>
        {
            replaced++;
            return string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => (char)random.Next('a', 'z' + 1)));
        }));

        Assert.True(replaced >= 10);
        Assert.Equal(real.Select(Facts), other.Select(Facts));
        Assert.NotEqual(real.Select(r => r.String("Caption")), other.Select(r => r.String("Caption")));
    }

    [Theory]
    [InlineData("recorded_affectedjobelement_pull_created.xml", 5)]
    [InlineData("recorded_affectedjobelement_pull_other_job_1.xml", null)]
    [InlineData("recorded_affectedjobelement_pull_other_job_2.xml", null)]
    [InlineData("recorded_affectedjobelement_pull_same_job_effect0.xml", null)]
    public async Task An_association_names_both_its_ends(string recording, int? effect)
    {
        // A recording begins with a Pull; what came before it is added.
        await using var host = await PaperHost.OfAsync(Envelopes.Started("uuid:A"), Recordings.Read(recording), Envelopes.Of("<n:ReleaseResponse/>"));
        await using var session = host.Open();
        await foreach (var row in session.QueryAsync(new CimQuery("root/virtualization/v2", "Msvm_AffectedJobElement"), Stop))
        {
            Assert.True(row.Path("AffectingElement")!.Is("Msvm_ConcreteJob"));
            Assert.NotNull(row.Path("AffectingElement")!["InstanceID"]);
            Assert.NotEmpty(row.Path("AffectedElement")!.Keys);
            Assert.Equal(effect ?? row.Int32("ElementEffects"), row.Int32("ElementEffects"));
            return;
        }

        Assert.Fail("The recording holds an instance.");
    }

    private static async Task<List<CimRow>> ReplayAsync(Func<string, string> edit)
    {
        await using var host = await PaperHost.OfAsync(Conversation.Select(Recordings.Read).Select(edit));
        await using var session = host.Open();
        var rows = new List<CimRow>();
        await foreach (var row in session.QueryAsync(new CimQuery("root/virtualization/v2", "Msvm_ComputerSystem"), Stop))
        {
            rows.Add(row);
        }

        return rows;
    }

    // What the product reads; captions and descriptions are no part of it.
    private static (string?, string?, int?, int?, string, long?, DateTimeOffset?) Facts(CimRow row) =>
        (row.String("Name"), row.String("ElementName"), row.Int32("EnabledState"), row.Int32("HealthState"),
            string.Join(',', row.Numbers("OperationalStatus") ?? []), row.Int64("ProcessID"), row.DateTime("InstallDate"));

    [GeneratedRegex(@"[^\x00-\x7F]+")]
    private static partial Regex Japanese();
}
