using HyperVDash.Cim;
using HyperVDash.Cim.WsMan;
using HyperVDash.Lab.Faults;
using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Schema;
using HyperVDash.Lab.WsMan;

namespace HyperVDash.Agent.Tests.Wire;

/// <summary>Client and lab server were written apart from the same description; here they meet.</summary>
public sealed class ClientAgainstLabTests : IAsyncLifetime
{
    private const string V2 = "root/virtualization/v2";

    private readonly LabHost _host = new("HV03", LabRelease.Get("2022"));
    private LabServer _lab = null!;
    private WsManSession _session = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        for (int i = 0; i < 25; i++)
        {
            _host.Add(V2, new LabInstance("Msvm_ComputerSystem")
                .With("CreationClassName", "Msvm_ComputerSystem")
                .With("Name", i == 0 ? "HV03" : $"4EA7033C-356C-4EBA-9F77-0000000000{i:00}")
                .With("ElementName", i == 0 ? "HV03" : $"vm \"{i}\" <ü & 日本>")
                .With("EnabledState", 2)
                .With("OperationalStatus", new[] { 2 })
                .With("TimeOfLastStateChange", new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero)));
        }

        _lab = await LabServer.StartAsync([_host], new LabServerOptions(), TimeProvider.System, Stop);
        _session = new WsManSession(new WsManTarget(_lab.Addresses[0].Url) { User = "lab", Password = "lab", MaxElements = 10 }, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        await _lab.DisposeAsync();
    }

    [Fact]
    public async Task A_whole_class_comes_in_batches_and_ends()
    {
        var rows = await ReadAsync(new CimQuery(V2, "Msvm_ComputerSystem"));

        Assert.Equal(25, rows.Count);
        Assert.Equal("vm \"24\" <ü & 日本>", rows[24].String("ElementName"));
        Assert.Equal([2L], rows[24].Numbers("OperationalStatus"));
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero), rows[24].DateTime("TimeOfLastStateChange"));
        Assert.True(rows[24].Has("InstallDate"));
        Assert.Null(rows[24].DateTime("InstallDate"));
        Assert.Equal(3, _lab.Log.All.Count);
    }

    [Fact]
    public async Task A_projection_gives_only_its_columns()
    {
        var rows = await ReadAsync(new CimQuery(V2, "Msvm_ComputerSystem") { Columns = ["Name", "EnabledState"], Where = "Name <> __SERVER" });

        Assert.Equal(24, rows.Count);
        Assert.Equal(2, rows[0].Int32("enabledstate"));
        Assert.False(rows[0].Has("ElementName"));
    }

    [Theory]
    [InlineData("root/virtualization", "Msvm_ComputerSystem", "Name", CimErrorKind.NoSuchNamespace)]
    [InlineData(V2, "Msvm_Nothing", "Name", CimErrorKind.NoSuchClassOrProperty)]
    [InlineData(V2, "Msvm_ComputerSystem", "Nothing", CimErrorKind.NoSuchClassOrProperty)]
    [InlineData("root/MSCluster", "MSCluster_Node", "Name", CimErrorKind.NoSuchNamespace)]
    public async Task What_a_release_lacks_is_sorted(string cimNamespace, string className, string column, CimErrorKind expected)
    {
        var fault = await Assert.ThrowsAsync<CimException>(() => ReadAsync(new CimQuery(cimNamespace, className) { Columns = [column] }));

        Assert.Equal(expected, fault.Kind);
        Assert.Contains(className, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HV03=refuse", CimErrorKind.Unreachable)]
    [InlineData("HV03=401", CimErrorKind.AccessDenied)]
    [InlineData("HV03/Msvm_ComputerSystem=denied", CimErrorKind.AccessDenied)]
    [InlineData("HV03/Msvm_ComputerSystem=cut", CimErrorKind.Protocol)]
    [InlineData("HV03/Msvm_ComputerSystem=cut:3", CimErrorKind.Protocol)]
    [InlineData("HV03/Msvm_ComputerSystem=non-xml", CimErrorKind.Protocol)]
    [InlineData("HV03/Msvm_ComputerSystem=charset", CimErrorKind.Protocol)]
    [InlineData("HV03/Msvm_ComputerSystem=missing-class", CimErrorKind.NoSuchClassOrProperty)]
    [InlineData("HV03/Msvm_ComputerSystem=hang", CimErrorKind.Timeout)]
    [InlineData("HV03/Msvm_ComputerSystem=trickle", CimErrorKind.Timeout)]
    public async Task Each_fault_of_the_lab_becomes_its_kind(string fault, CimErrorKind expected)
    {
        _lab.Faults.Set(LabFault.Parse(fault));
        await using var impatient = new WsManSession(
            new WsManTarget(_lab.Addresses[0].Url) { User = "lab", Password = "lab", MaxElements = 10, OperationTimeout = TimeSpan.FromMilliseconds(500), NetworkDelay = TimeSpan.Zero },
            TimeProvider.System);

        var thrown = await Assert.ThrowsAsync<CimException>(() => ReadAsync(new CimQuery(V2, "Msvm_ComputerSystem"), impatient));

        Assert.Equal(expected, thrown.Kind);
        Assert.DoesNotContain("lab:lab", thrown.Message, StringComparison.Ordinal);
        // The library's words say nothing to an operator.
        Assert.DoesNotContain("An error occurred", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_before_a_cut_arrive_before_the_error()
    {
        _lab.Faults.Set(LabFault.Parse("HV03/Msvm_ComputerSystem=cut:3"));
        int rows = 0;

        await Assert.ThrowsAsync<CimException>(async () =>
        {
            await foreach (var _ in _session.QueryAsync(new CimQuery(V2, "Msvm_ComputerSystem"), Stop))
            {
                rows++;
            }
        });

        Assert.InRange(rows, 20, 24);
    }

    [Fact]
    public async Task A_consumer_that_stops_early_releases_the_enumeration()
    {
        await foreach (var _ in _session.QueryAsync(new CimQuery(V2, "Msvm_ComputerSystem"), Stop))
        {
            break;
        }

        Assert.Contains(_lab.Log.All, r => r.Operation == "Release" && r.Status == 200);
    }

    [Fact]
    public async Task A_password_never_goes_to_another_machine_in_clear()
    {
        await using var careless = new WsManSession(new WsManTarget(new Uri("http://192.0.2.1:5985/wsman")) { User = "u", Password = "p" }, TimeProvider.System);

        var thrown = await Assert.ThrowsAsync<CimException>(() => ReadAsync(new CimQuery(V2, "Msvm_ComputerSystem"), careless));

        Assert.Equal(CimErrorKind.AccessDenied, thrown.Kind);
        Assert.Contains("https://", thrown.Message, StringComparison.Ordinal);
    }

    private async Task<List<CimRow>> ReadAsync(CimQuery query, WsManSession? session = null)
    {
        var rows = new List<CimRow>();
        await foreach (var row in (session ?? _session).QueryAsync(query, Stop))
        {
            rows.Add(row);
        }

        return rows;
    }
}
